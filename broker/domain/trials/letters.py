"""Test letters: what became of a sealed document without content at a contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique
from typing import Final

from broker.domain.model import MailboxId
from keys import PersonId


@unique
class Programme(StrEnum):
    """In what a test letter was opened."""

    ACROBAT = "acrobat"
    EDGE = "edge"
    CHROME = "chrome"
    FIREFOX = "firefox"
    PREVIEW = "preview"
    PHONE = "phone"
    WORD = "word"
    ZIP = "zip"
    OTHER = "other"


PROGRAMMES: Final[Mapping[str, str]] = {
    Programme.ACROBAT: "Adobe Acrobat or Reader",
    Programme.EDGE: "Microsoft Edge",
    Programme.CHROME: "Google Chrome",
    Programme.FIREFOX: "Firefox",
    Programme.PREVIEW: "Preview on a Mac",
    Programme.PHONE: "A phone or tablet",
    Programme.WORD: "Microsoft Word",
    Programme.ZIP: "7-Zip or WinZip",
    Programme.OTHER: "Something else",
}


@unique
class Filter(StrEnum):
    """What stood between the letter and whoever opened it."""

    JUNK = "junk"
    QUARANTINE = "quarantine"
    BANNER = "banner"
    STRIPPED = "stripped"
    RENAMED = "renamed"
    DELAYED = "delayed"


FILTERS: Final[Mapping[str, str]] = {
    Filter.JUNK: "It lay in the junk folder",
    Filter.QUARANTINE: "Somebody had to release it from quarantine",
    Filter.BANNER: "A warning stood above it",
    Filter.STRIPPED: "The file was taken off",
    Filter.RENAMED: "The file had another name",
    Filter.DELAYED: "It came more than an hour later",
}


@unique
class TrialEnd(StrEnum):
    """What became of a test letter."""

    WAITS = "waits"
    OPENED = "opened"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The newest test letter of a contact, which is as it was in `version`."""

    mailbox: MailboxId
    version: int
    reference: str
    sent_by: PersonId
    sent_at: datetime
    end: TrialEnd = TrialEnd.WAITS
    ended_on: date | None = None
    programme: Programme | None = None
    filters: frozenset[Filter] = frozenset()

    def proves(self, version: int) -> bool:
        """Say whether it was opened at the contact as it stands now."""
        return self.end is TrialEnd.OPENED and self.version == version

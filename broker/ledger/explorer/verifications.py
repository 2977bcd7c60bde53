"""What the newest verification of the whole ledger found, kept beside the database, not in it.

Whoever can change the database alone can therefore not say that it was found whole.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from pathlib import Path
from typing import Final, cast

from audit.log.files import write_durably
from broker.domain.times import moment_of, rfc3339

LONGEST_CHECK: Final = timedelta(minutes=10)
"""After so long a verification that was asked for counts as cut short."""


@unique
class Found(StrEnum):
    """What a verification found."""

    WHOLE = "whole"
    BROKEN = "broken"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """One verification: who had it made, when, up to how many entries, by which key.

    `first_bad` is the first entry that does not hold, None where no single one is at fault;
    `message` says in a sentence what was found.
    """

    found: Found
    at: datetime
    by: str
    size: int
    key: str
    root: str
    first_bad: int | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A verification that somebody asked for and that is not finished."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationFiles:
    """Keeps the newest verification, and the one that is asked for, for every process here.

    A file that says nothing certain counts as none: it is made anew with the next verification.
    """

    newest: Path
    asked_for: Path

    def load(self) -> Verification | None:
        """Return the newest verification, None before any."""
        said = _read(self.newest)
        try:
            return None if said is None else _verification(said)
        except (KeyError, ValueError, TypeError):
            return None

    def keep(self, verification: Verification) -> None:
        """Keep the newest verification, and forget that one was asked for."""
        document = {
            "found": verification.found.value,
            "at": rfc3339(verification.at),
            "by": verification.by,
            "size": verification.size,
            "key": verification.key,
            "root": verification.root,
            "first_bad": verification.first_bad,
            "message": verification.message,
        }
        with suppress(OSError):
            write_durably(self.newest, json.dumps(document).encode("ascii"))
        self.asked_for.unlink(missing_ok=True)

    def ask(self, by: str, now: datetime) -> None:
        """Ask for a verification; whichever process makes the next round makes it."""
        write_durably(self.asked_for, json.dumps({"by": by, "at": rfc3339(now)}).encode("ascii"))

    def asked(self, now: datetime) -> Asked | None:
        """Return the verification that is asked for, None where none is or it took too long."""
        said = _read(self.asked_for)
        try:
            if said is None:
                return None
            asked = Asked(by=str(said["by"]), at=moment_of(str(said["at"])))
        except (KeyError, ValueError):
            return None
        return asked if abs(now - asked.at) < LONGEST_CHECK else None


def _read(path: Path) -> Mapping[str, object] | None:
    try:
        said: object = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return cast("Mapping[str, object]", said) if isinstance(said, dict) else None


def _verification(said: Mapping[str, object]) -> Verification:
    first_bad, size = said["first_bad"], said["size"]
    if not isinstance(size, int) or not (first_bad is None or isinstance(first_bad, int)):
        raise TypeError
    return Verification(
        found=Found(str(said["found"])),
        at=moment_of(str(said["at"])),
        by=str(said["by"]),
        size=size,
        key=str(said["key"]),
        root=str(said["root"]),
        first_bad=first_bad,
        message=str(said["message"]),
    )

"""Notices to the regional Prevent team (LSW 7.4): what proposes one, what it says; pure.

A notice holds codes, a day, a body and a reference, and nobody's name. Of a live investigation it
says nothing more than that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique
from typing import Final

from broker.domain.directory.functions import Function
from broker.domain.model import Disclosure, Mailbox, MailboxId
from broker.domain.references import Reference
from broker.domain.times import spelled_day
from keys import AgencyId, PersonId


@unique
class NoticeKind(StrEnum):
    """Which of the four notices it is, in the word of the ledger."""

    PANEL = "panel-referral"
    OUR_PART = "our-intervention"
    STAFF = "staff-to-hr"
    LIVE = "live-investigation"


KINDS_IN_WORDS: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.PANEL: "A referral to a local panel",
    NoticeKind.OUR_PART: "We act after a partner's referral",
    NoticeKind.STAFF: "A member of staff was referred to human resources",
    NoticeKind.LIVE: "Something was disclosed about a live investigation",
}
"""What each is, as people read it."""


@unique
class PanelKind(StrEnum):
    """To which kind of panel a referral goes."""

    MAPPA = "mappa"
    SAFEGUARDING = "safeguarding"
    CHANNEL = "channel"


PANELS_IN_WORDS: Final[Mapping[PanelKind, str]] = {
    PanelKind.MAPPA: "MAPPA",
    PanelKind.SAFEGUARDING: "safeguarding",
    PanelKind.CHANNEL: "Channel",
}
"""What each is called."""

_PANEL_OF: Final[Mapping[str, PanelKind]] = {
    Function.MAPPA_COORDINATOR: PanelKind.MAPPA,
    Function.SAFEGUARDING_INBOX: PanelKind.SAFEGUARDING,
    Function.FRONT_DOOR_CHILDREN: PanelKind.SAFEGUARDING,
    Function.FRONT_DOOR_ADULTS: PanelKind.SAFEGUARDING,
    Function.PREVENT_INBOX: PanelKind.CHANNEL,
    Function.CHANNEL_COORDINATOR: PanelKind.CHANNEL,
    Function.CHANNEL_CHAIR: PanelKind.CHANNEL,
    Function.PMAG_CHAIR: PanelKind.CHANNEL,
    Function.PREVENT_BOARD: PanelKind.CHANNEL,
}
_REFERRED_FOR: Final = frozenset({"referral", "emergency", "other-safeguarding"})
_STAFF, _CRIME = "staff-process", "crime"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A notice that something which happened proposes, and that nobody has decided yet."""

    kind: NoticeKind
    about: Reference
    on: date
    panel: PanelKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionalNotice:
    """A notice that a lead approved, or left out (then `mailbox` is None)."""

    agency: AgencyId
    kind: NoticeKind
    about: Reference
    on: date
    decided_by: PersonId
    decided_at: datetime
    panel: PanelKind | None = None
    mailbox: MailboxId | None = None
    sent_at: datetime | None = None
    version: int = 1

    @property
    def id(self) -> str:
        """What its row is called: there is one of a kind about one reference of a body."""
        return notice_id(self.agency, self.kind, self.about)

    @property
    def told(self) -> Proposed:
        """What it tells."""
        return Proposed(kind=self.kind, about=self.about, on=self.on, panel=self.panel)


def notice_id(agency: AgencyId, kind: NoticeKind, about: Reference) -> str:
    """Return what the row of a notice is called."""
    return f"{about}.{kind.value}.{agency}"


def proposed_by_sending(disclosure: Disclosure, to: Mailbox, on: date) -> Proposed | None:
    """Return the notice that a disclosure which went proposes to its sender, None for most."""
    if disclosure.purpose == _CRIME:
        return Proposed(kind=NoticeKind.LIVE, about=disclosure.reference, on=on)
    function = to.listing.kept_as or to.function
    if disclosure.purpose == _STAFF:
        is_to_hr = function == Function.HR
        return (
            Proposed(kind=NoticeKind.STAFF, about=disclosure.reference, on=on)
            if is_to_hr
            else None
        )
    panel = _PANEL_OF.get(function)
    if panel is None or disclosure.purpose not in _REFERRED_FOR:
        return None
    return Proposed(kind=NoticeKind.PANEL, about=disclosure.reference, on=on, panel=panel)


def sentences(one: Proposed, body: str) -> tuple[str, ...]:
    """Return what the region reads of a notice of a body."""
    panel = () if one.panel is None else (f"Panel: {PANELS_IN_WORDS[one.panel]}",)
    return (
        f"{KINDS_IN_WORDS[one.kind]}.",
        f"Body: {body}",
        f"Day: {spelled_day(one.on)}",
        *panel,
        f"Reference: {one.about}",
        "Nothing more is said here. Ask on a number that you already know, with the reference.",
    )

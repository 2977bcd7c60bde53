"""Which entries of the ledger are whose to read (docs/adr/0015-each-reader-their-own-entries.md).

One table says it by role. Whose a reference is, the ledger's own first entry about it says
(`received`, `concern.noted`, `request.issued`, `meeting.called`); rows of the database only help
to find it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from audit.format.entry import Entry
from audit.format.partial import Extent
from broker.domain.errors import BrokerError, UnknownReferenceError
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.domain.states import CAME
from broker.storage.rows.hints.shares import concerns_of
from broker.storage.transaction import Transaction


class Scope(Enum):
    """What of the ledger a role reads: `CASE` is what the person asked for themselves."""

    BODY = auto()
    CASE = auto()
    RECEIVED = auto()


SCOPES: Final[Mapping[Role, frozenset[Scope]]] = {
    Role.AUDITOR: frozenset({Scope.BODY, Scope.RECEIVED}),
    Role.GUARDIAN: frozenset({Scope.BODY, Scope.RECEIVED}),
    Role.IG: frozenset({Scope.BODY, Scope.RECEIVED}),
    Role.PRACTITIONER: frozenset({Scope.CASE}),
    Role.POLICE: frozenset({Scope.RECEIVED}),
    Role.POLICE_LEAD: frozenset({Scope.RECEIVED}),
    Role.ADULTS_LEAD: frozenset({Scope.RECEIVED}),
    Role.FAMILIES_LEAD: frozenset({Scope.RECEIVED}),
}
"""What each role reads; one that is not named reads no entry.

The auditor of the body that runs the installation reads all: `OwnLog.reads_everything`.
"""

AFTER_SENDING: Final = CAME | {"collected", "acknowledged", "recalled"}
"""What a recipient's body reads of what was sent to it, from its sending on."""


_BODY_OF: Final[Mapping[str, str]] = {"received": "sender", "concern.noted": "agency"}
"""The entry that says whose a reference is, and in which of its fields."""


class NotYoursError(UnknownReferenceError):
    """Raised for an entry that is not the person's to read, and for one that is not there."""

    def __init__(self) -> None:
        """Say the same of both."""
        BrokerError.__init__(
            self,
            "There is no entry of yours with this number. Yours, each with its receipt: broker "
            "ledger export --mine FOLDER, or GET /api/v1/ledger/export.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The entries about a reference that are a reader's, the oldest first."""

    reference: str
    extent: Extent
    entries: tuple[Entry, ...]


def scopes_of(person: Person) -> frozenset[Scope]:
    """Return what of the ledger a person reads by their role."""
    return SCOPES.get(person.role, frozenset())


def shares_of(tx: Transaction, person: Person, size: int) -> tuple[Share, ...]:
    """Return what is the person's among the first `size` entries, by their own references."""
    mailboxes = mailboxes_of(tx, person)
    named = (
        *tx.store.references_between(person.agency, mailboxes),
        *tx.copies.requests_between(person.agency, person.id),
        *tx.meetings.references_of(person.agency),
        *concerns_of(tx.connection, person.agency),
    )
    about = (
        [entry for entry in tx.ledger.entries_about(reference) if entry.seq < size]
        for reference in named
    )
    found = (_share(person, mailboxes, entries) for entries in about)
    return tuple(share for share in found if share is not None and share.entries)


def share_about(
    tx: Transaction, person: Person, reference: str, mailboxes: frozenset[str] | None = None
) -> Share | None:
    """Return what is the person's about one reference, None where nothing is.

    `mailboxes` are those of the person's body, where the caller has looked for them already.
    """
    boxes = mailboxes_of(tx, person) if mailboxes is None else mailboxes
    return _share(person, boxes, tx.ledger.entries_about(reference))


def mailboxes_of(tx: Transaction, person: Person) -> frozenset[str]:
    """Return the mailboxes of the person's body, which what they were sent went to."""
    return frozenset(box.id for box in tx.directory.mailboxes() if box.agency == person.agency)


def _share(person: Person, mailboxes: frozenset[str], entries: Sequence[Entry]) -> Share | None:
    first = next((entry for entry in entries if entry.type in _BODY_OF), None)
    if first is None:
        return _of_meeting(person, entries) or _of_request(person, entries)
    event, scopes = first.event, scopes_of(person)
    is_theirs = event[_BODY_OF[first.type]] == person.agency and (
        Scope.BODY in scopes or (Scope.CASE in scopes and event["by"] == person.id)
    )
    if is_theirs:
        return Share(reference=str(event["ref"]), extent=Extent.WHOLE, entries=tuple(entries))
    if Scope.RECEIVED not in scopes or event.get("recipient") not in mailboxes:
        return None
    return Share(reference=str(event["ref"]), extent=Extent.SENT, entries=_from_sending(entries))


def _of_meeting(person: Person, entries: Sequence[Entry]) -> Share | None:
    """Return what is about a meeting of the panel of the person's council."""
    called = next((entry.event for entry in entries if entry.type == "meeting.called"), None)
    if called is None or called["agency"] != person.agency:
        return None
    if Scope.BODY not in scopes_of(person):
        return None
    return Share(reference=str(called["ref"]), extent=Extent.WHOLE, entries=tuple(entries))


def _of_request(person: Person, entries: Sequence[Entry]) -> Share | None:
    """Return all of a request to whoever asks, and what is about its own copies to the asked."""
    issued = [entry.event for entry in entries if entry.type == "request.issued"]
    scopes = scopes_of(person)
    if not issued or not scopes:
        return None
    reference, first, reads_body = str(issued[0]["ref"]), issued[0], Scope.BODY in scopes
    asks = person.id in {first["by"], first["set_by"]}
    if first["agency"] == person.agency and (reads_body or asks):
        return Share(reference=reference, extent=Extent.WHOLE, entries=tuple(entries))
    own = {one["copy"] for one in issued if one["asked"] == person.agency}
    if not reads_body:
        own &= {entry.event["copy"] for entry in entries if _has_in_hand(person, entry)}
    theirs = tuple(entry for entry in entries if entry.event["copy"] in own)
    return Share(reference=reference, extent=Extent.COPY, entries=theirs) if theirs else None


def _has_in_hand(person: Person, entry: Entry) -> bool:
    """Say whether an entry is of somebody who took a copy, was passed it, or answered it."""
    return person.id in {entry.event.get("by"), entry.event.get("owner")}


def _from_sending(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    came = next((place for place, entry in enumerate(entries) if entry.type in CAME), None)
    if came is None:
        return ()
    return tuple(entry for entry in entries[came:] if entry.type in AFTER_SENDING)

"""What came to the inbox of a body: received, opened, passed on, by reference and without content.

Each step is an entry; what the sender sees of it is that it was opened, and to whom it went on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from audit.format.entry import Entry
from broker.cases.arrivals import came_at, first_of, opened_at
from broker.cases.closing import close_as_opened
from broker.cases.earlier.lists import received_by
from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.model import Disclosure, Person
from broker.domain.references import Reference
from broker.domain.states import ARRIVED, CAME, State
from broker.domain.times import Clock
from broker.ledger.changes import portal as events
from broker.storage.case_file import Part
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId

LISTED: Final = 100
LONGEST_FUNCTION: Final = 80

_REACHED: Final = CAME | {"unknown", "rejected"}
"""The entries after which something of a disclosure may be with its recipient, or was there."""

_OVER: Final = {State.RECALLED: "recalled", State.REJECTED: "rejected"}
"""Where a disclosure stands that was taken away from its recipient, and the entry of it."""

_CALLED_BACK: Final = (
    "Its sender called it back. Do not open it; delete every copy, also where it was passed on. "
    "The sender rings to ask."
)
_SENT_BACK: Final = (
    "Your mail system did not take it or sent it back, so it is not here. Its sender is told. "
    "Ask your IT why, so that the next one comes."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InInbox:
    """One reference in an inbox, and when each thing happened to it; None for what has not."""

    reference: Reference
    state: State
    sent_at: datetime
    received_at: datetime | None
    opened_at: datetime | None
    passed_on_at: datetime | None

    @property
    def waits(self) -> bool:
        """Say whether nobody has opened it yet."""
        return self.opened_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenAway:
    """One reference that is in an inbox no more, or never was: called back, or sent back."""

    reference: Reference
    is_called_back: bool
    at: datetime

    @property
    def words(self) -> str:
        """What happened, and what whoever was to receive it does now."""
        return _CALLED_BACK if self.is_called_back else _SENT_BACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """The inbox of somebody's body; every method opens its own transaction.

    Whatever did not come to their body raises `UnknownReferenceError`.
    """

    transaction: Transactions
    clock: Clock

    def listed(self, person: Person) -> tuple[InInbox, ...]:
        """Return what came to their body: all that nobody has opened, then the newest."""
        with self.transaction() as tx:
            boxes = _boxes_of(tx, person.agency)
            unopened = tx.store.sent_to(boxes, standing_at=ARRIVED - {State.ACKNOWLEDGED})
            newest = tx.store.sent_to(boxes, standing_at=ARRIVED, limit=LISTED)
            rows = {one.reference: one for one in (*unopened, *newest)}
            came = tx.listed(list(rows.values()))
            found = [_stands(one, tx.about(one.reference)) for one in came]
        found.sort(key=lambda one: one.sent_at, reverse=True)
        return tuple(sorted(found, key=lambda one: not one.waits))

    def one(self, person: Person, reference: Reference) -> InInbox:
        """Return how one reference stands in their inbox."""
        with self.transaction() as tx:
            disclosure = received_by(tx, person.agency, reference)
            return _stands(disclosure, tx.about(reference))

    def taken_away(self, person: Person) -> tuple[TakenAway, ...]:
        """Return what was called back or sent back after it had been on its way to their body."""
        with self.transaction() as tx:
            boxes = _boxes_of(tx, person.agency)
            over = tx.store.sent_to(boxes, standing_at=_OVER, limit=LISTED)
            found = [_taken_away(one, tx.about(one.reference)) for one in tx.listed(list(over))]
        gone = [one for one in found if one is not None]
        return tuple(sorted(gone, key=lambda one: one.at, reverse=True))

    def gone(self, person: Person, reference: Reference) -> TakenAway | None:
        """Return how a reference of theirs was taken away, None where it was not."""
        with self.transaction() as tx:
            disclosure = tx.disclosure(reference)
            if tx.directory.mailbox(disclosure.recipient).agency != person.agency:
                return None
            return _taken_away(disclosure, tx.about(reference))

    def receive(self, person: Person, reference: Reference) -> None:
        """Record that it has arrived in the inbox; once, whoever says it again."""
        with self.transaction() as tx:
            disclosure = received_by(tx, person.agency, reference)
            if first_of(tx.about(reference), ("inbox.received",)) is None:
                tx.append(events.inbox_received(disclosure, person))

    def acknowledge(self, person: Person, reference: Reference) -> None:
        """Record that it opened: the words are destroyed, and the sender need not ask.

        Raises `WrongStateError` before its words or code were told; once opened, nothing changes.
        """
        with self.transaction() as tx:
            disclosure = received_by(tx, person.agency, reference)
            if disclosure.state is State.ACKNOWLEDGED:
                return
            if disclosure.state is State.SENT:
                raise WrongStateError(
                    "Its sender has not rung yet, so nobody can have opened it. Ring them, on a "
                    "number that you know."
                )
            close_as_opened(tx, tx.case_file(disclosure), self.clock())
            tx.append(events.inbox_acknowledged(disclosure, person))

    def pass_on(self, person: Person, reference: Reference, function: str) -> None:
        """Record to which function it went on; raises `NotAllowedError` without a short one."""
        title = " ".join(function.split())
        if not title or len(title) > LONGEST_FUNCTION:
            raise NotAllowedError(
                f"Say to which function it goes, in {LONGEST_FUNCTION} characters or less: case "
                "officer, say. Never a name."
            )
        with self.transaction() as tx:
            disclosure = received_by(tx, person.agency, reference)
            to_c = tx.case_file(disclosure).commit(Part.PASSED_ON.at_random(), title)
            tx.append(events.inbox_passed_on(disclosure, person, to_c))


def _boxes_of(tx: Transaction, body: AgencyId) -> list[str]:
    return [one.id for one in tx.directory.mailboxes() if one.agency == body]


def _taken_away(disclosure: Disclosure, entries: Sequence[Entry]) -> TakenAway | None:
    """Return how it was taken away; None for what is there, and for what never left its sender."""
    ended = _OVER.get(disclosure.state)
    at = None if ended is None else first_of(entries[::-1], (ended,))
    if at is None or first_of(entries, _REACHED) is None:
        return None
    is_called_back = disclosure.state is State.RECALLED
    return TakenAway(reference=disclosure.reference, is_called_back=is_called_back, at=at)


def _stands(disclosure: Disclosure, entries: Sequence[Entry]) -> InInbox:
    return InInbox(
        reference=disclosure.reference,
        state=disclosure.state,
        sent_at=came_at(entries) or disclosure.created_at,
        received_at=first_of(entries, ("inbox.received",)),
        opened_at=opened_at(entries),
        passed_on_at=first_of(entries, ("inbox.passed-on",)),
    )

"""A breach record is opened inside the caller's transaction, and whoever answers for it hears."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from broker.delivery.person_notices import PersonNotice
from broker.domain.breaches.record import Breach, Cause, Kind, Step, Written
from broker.domain.model import Person
from broker.domain.references import Prefix, Reference, new_reference
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.ledger.changes.breaches import breach_opened
from broker.ledger.events import Event
from broker.registers.checkers import colleagues
from broker.storage.rows.delivering.breaches import Opening
from broker.storage.transaction import Transaction
from keys import AgencyId

OPENED: Final = "opened"
"""The name of the words that a record is opened with; the others are named by their step."""

ANSWER_FOR_IT: Final = (Role.GUARDIAN, Role.IG)
"""Who keeps the breach records of a body."""

HEAR_OF_IT: Final = (*ANSWER_FOR_IT, Role.ASSURANCE)
"""Who hears that a record was opened: Guardian, data protection and the risk owner."""

OPENED_NOTICE: Final = (
    "A breach record was opened. Find out whether it is a breach, since when that is certain, and "
    "who still has it: the Information Commissioner hears within 72 hours of certainty."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """What somebody noticed; `certain_at` where it is certain already that it is a breach."""

    kind: Kind
    cause: Cause
    words: str
    about: Reference | None = None
    certain_at: datetime | None = None

    def __repr__(self) -> str:
        """Name the cause, never what was said."""
        return f"Noticed(cause={self.cause.value!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A record that was just opened, with the event that is still to be recorded; None if none.

    A second report of the same by the same person finds the record that stands open.
    """

    breach: Breach
    event: Event | None


def open_record(tx: Transaction, noticed: Noticed, person: Person, now: datetime) -> Opened:
    """Write a record, and return the event to append last."""
    again = _open_already(tx, noticed, person)
    if again is not None:
        return Opened(breach=again, event=None)
    is_certain = noticed.certain_at is not None and noticed.kind is Kind.BREACH
    certain = Written(choice=Kind.BREACH.value, at=noticed.certain_at)
    breach = Breach(
        id=new_reference(prefix=Prefix.BREACH),
        about=noticed.about,
        agency=person.agency,
        cause=noticed.cause,
        kind=noticed.kind,
        opened_by=person.id,
        opened_at=now,
        steps={Step.CERTAIN: certain} if is_certain else {},
    )
    opening = Opening.of(noticed.words)
    mark = tx.breaches.put(breach, {OPENED: opening})
    return Opened(breach=breach, event=breach_opened(breach, opening.commitment(OPENED), mark))


def _open_already(tx: Transaction, noticed: Noticed, person: Person) -> Breach | None:
    if noticed.about is None:
        return None
    alike = (
        one
        for one in tx.breaches.about(noticed.about)
        if one.is_open and (one.cause, one.opened_by) == (noticed.cause, person.id)
    )
    return next(alike, None)


def heard(
    tx: Transaction, breach: Breach, roles: Sequence[Role], sentence: str, now: datetime
) -> Iterator[PersonNotice]:
    """Yield a notice to each person in these roles of the record's body."""
    for address in _addresses(tx, breach.agency, roles, now):
        yield PersonNotice(to=address, subject=f"Breach record {breach.id}", sentences=(sentence,))


def _addresses(
    tx: Transaction, agency: AgencyId, roles: Sequence[Role], now: datetime
) -> list[str]:
    found = colleagues(tx, agency, tuple(roles), uk_day(now))
    return list(dict.fromkeys(one.contact for one in found))

"""Which entries of the ledger may be about what a reader sent, or was sent: hints, newest first.

Rows say it that anybody with the database can change, so whoever asks holds each against the
ledger's own entry `received` (`broker.ledger.shares`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select

from audit.log.tables import ledger_entry
from broker.storage.tables import disclosure
from keys import AgencyId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Whose disclosures are looked for: sent by a body, by a person, or to mailboxes."""

    sender: AgencyId | None = None
    requester: PersonId | None = None
    recipients: frozenset[str] = field(default_factory=frozenset[str])

    def condition(self) -> ColumnElement[bool]:
        """Return the condition on the rows of disclosures; none at all fits nothing."""
        column, said = disclosure.c, list[ColumnElement[bool]]()
        if self.sender is not None:
            said.append(column.sender == self.sender)
        if self.requester is not None:
            said.append(column.requester == self.requester)
        if self.recipients:
            said.append(column.recipient.in_(sorted(self.recipients)))
        return or_(false(), *said)


def numbers_between(
    connection: Connection, between: Between, start: int, stop: int, limit: int
) -> Iterable[int]:
    """Return the numbers of entries from `start` up to but not `stop`, the newest first."""
    column = ledger_entry.c
    query = (
        select(column.seq)
        .join(disclosure, disclosure.c.reference == column.reference)
        .where(and_(column.seq >= start, column.seq < stop), between.condition())
        .order_by(column.seq.desc())
        .limit(limit)
    )
    return connection.scalars(query).all()

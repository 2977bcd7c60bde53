"""Which entries of the ledger may be about what a reader sent, or was sent: hints, newest first.

Rows say it that anybody with the database can change, so whoever asks holds each against the
ledger's own entry `received` (`broker.ledger.shares`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, Select, and_, false, or_, select

from audit.log.tables import ledger_entry
from broker.storage.rows.concerns import concern
from broker.storage.rows.panels import meeting
from broker.storage.rows.request_copies import request_copy
from broker.storage.tables import disclosure
from keys import AgencyId, PersonId

_HANDS = ("asker", "set_by", "owner", "answered_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Whose disclosures are looked for: sent by a body, by a person, or to mailboxes.

    `asks` put a request, set its day, took a copy of it in hand or answered it.
    """

    sender: AgencyId | None = None
    requester: PersonId | None = None
    asks: PersonId | None = None
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

    def of_concerns(self) -> ColumnElement[bool]:
        """Return the condition on the rows of concerns, which go to nobody's mailbox."""
        column, said = concern.c, list[ColumnElement[bool]]()
        if self.sender is not None:
            said.append(column.agency == self.sender)
        if self.requester is not None:
            said.append(column.owner == self.requester)
        return or_(false(), *said)

    def of_panels(self) -> tuple[Select[str], ...]:
        """Return the queries for requests that they put or were put, and for meetings."""
        column, said = request_copy.c, list[ColumnElement[bool]]()
        if self.sender is not None:
            said += [column.asking == self.sender, column.asked == self.sender]
        if self.asks is not None:
            said += [getattr(column, name) == self.asks for name in _HANDS]
        return (
            select(column.request).where(or_(false(), *said)),
            select(meeting.c.id).where(meeting.c.agency == (self.sender or "")),
        )


def numbers_between(
    connection: Connection, between: Between, start: int, stop: int, limit: int
) -> Iterable[int]:
    """Return the numbers of entries from `start` up to but not `stop`, the newest first."""
    column = ledger_entry.c
    found: list[int] = []
    # Each by an index of its own: one query over both would walk through every entry.
    for table, condition in (
        (disclosure, between.condition()),
        (concern, between.of_concerns()),
    ):
        query = (
            select(column.seq)
            .join(table, table.c.reference == column.reference)
            .where(and_(column.seq >= start, column.seq < stop), condition)
            .order_by(column.seq.desc())
            .limit(limit)
        )
        found += connection.scalars(query).all()
    about_panels = (
        select(column.seq)
        .where(
            and_(column.seq >= start, column.seq < stop),
            or_(*(column.reference.in_(names) for names in between.of_panels())),
        )
        .order_by(column.seq.desc())
        .limit(limit)
    )
    found += connection.scalars(about_panels).all()
    return sorted(found, reverse=True)[:limit]


def concerns_of(connection: Connection, body: AgencyId) -> tuple[str, ...]:
    """Return the references of the concerns of a body, the oldest first."""
    column = concern.c
    query = (
        select(column.reference)
        .where(column.agency == body)
        .order_by(column.noted_at, column.reference)
    )
    return tuple(connection.scalars(query))

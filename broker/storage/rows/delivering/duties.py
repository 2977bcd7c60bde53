"""What must be done after release, read and written inside the caller's transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select, update

from broker.domain.errors import LedgerDisagreesError, RowDisagreesError
from broker.domain.model import Disclosure, Duty, Person
from broker.domain.references import Reference, parse_reference
from broker.domain.states import State
from broker.domain.times import day_of, day_text
from broker.storage import tables
from broker.storage.disclosures import disclosure_of
from broker.storage.rows.believed import BelievedRows, RowAsStored
from broker.storage.statements import Stored, read, rows_of, write
from keys import AgencyId

_OF_ONE = rows_of(tables.duty, "reference").order_by(tables.duty.c.due_on, tables.duty.c.type)


class Duties:
    """The dated duties of disclosures."""

    def __init__(self, connection: Connection, rows: BelievedRows) -> None:
        """Work inside the transaction of `connection`; believe what `rows` believe."""
        self._connection = connection
        self._rows = rows

    def add(self, reference: Reference, duties: Iterable[Duty]) -> None:
        """Add what must be done; what is owed already by an earlier decision stays as it is.

        Append an event with `as_stored` then. Raises as `of`.
        """
        owed = {duty.type for duty in self.of(reference)}
        rows = [
            {
                "reference": str(reference),
                "type": duty.type,
                "due_on": day_text(duty.due_on),
                "done_on": day_text(duty.done_on),
                "calendar": duty.calendar,
            }
            for duty in duties
            if duty.type not in owed
        ]
        write(self._connection, tables.duty, *rows)

    def as_stored(self, reference: Reference) -> RowAsStored:
        """Return what an event says of everything that is owed for a disclosure, done or not."""
        return self._rows.set_as_stored(
            name_of_duties(str(reference)), [*map(what_is_owed, self._stored(reference))]
        )

    def of(self, reference: Reference) -> tuple[Duty, ...]:
        """Return the duties of a disclosure, the first due first.

        Raises `RowDisagreesError` where others are owed than the ledger says.
        """
        stored, name = self._stored(reference), name_of_duties(str(reference))
        if not self._rows.believes_set(name, [*map(what_is_owed, stored)]):
            raise RowDisagreesError(name)
        try:
            return tuple(map(_duty, stored))
        except ValueError as error:
            raise RowDisagreesError(name) from error

    def open(
        self, sender: AgencyId, types: Iterable[str], *, limit: int
    ) -> tuple[tuple[Disclosure, Duty], ...]:
        """Return the duties of these types that an agency still has, the first due first."""
        return self._owed(_of_agency(sender), tables.duty.c.type.in_(list(types)), limit)

    def of_requester(
        self, person: Person, besides: Iterable[str], *, limit: int
    ) -> tuple[tuple[Disclosure, Duty], ...]:
        """Return what a person still has to do for what they sent and did not stop.

        Duties of the types in `besides`, which are other people's, are left out.
        """
        which = and_(
            tables.duty.c.type.not_in(list(besides)),
            tables.disclosure.c.state != State.RECALLED.value,
        )
        columns = tables.disclosure.c
        theirs = and_(columns.sender == person.agency, columns.requester == person.id)
        return self._owed(theirs, which, limit)

    def overdue(
        self, sender: AgencyId, today: date, besides: Iterable[str], *, limit: int
    ) -> tuple[tuple[Disclosure, Duty], ...]:
        """Return what an agency should have done before `today` for what it did not take back.

        Duties of the types in `besides` are left out.
        """
        which = and_(
            tables.duty.c.due_on < day_text(today),
            tables.duty.c.type.not_in(list(besides)),
            tables.disclosure.c.state != State.RECALLED.value,
        )
        return self._owed(_of_agency(sender), which, limit)

    def references_overdue(self, today: date) -> tuple[Reference, ...]:
        """Return the disclosures of any agency with a duty past its day, once each."""
        duty, disclosure = tables.duty.c, tables.disclosure.c
        query = (
            select(duty.reference)
            .join(tables.disclosure, duty.reference == disclosure.reference)
            .where(
                duty.due_on < day_text(today),
                duty.done_on.is_(None),
                disclosure.state.not_in([State.ERASED.value, State.RECALLED.value]),
            )
            .distinct()
            .order_by(duty.reference)
        )
        return tuple(map(parse_reference, self._connection.scalars(query)))

    def days_overdue(self, today: date) -> tuple[date, ...]:
        """Return the day of every duty of any agency that should be done and is not, in order."""
        duty, disclosure = tables.duty.c, tables.disclosure.c
        query = (
            select(duty.due_on)
            .join(tables.disclosure, duty.reference == disclosure.reference)
            .where(
                duty.due_on < day_text(today),
                duty.done_on.is_(None),
                disclosure.state.not_in([State.ERASED.value, State.RECALLED.value]),
            )
            .order_by(duty.due_on)
        )
        return tuple(_days(self._connection.scalars(query)))

    def _owed(
        self, whose: ColumnElement[bool], which: ColumnElement[bool], limit: int
    ) -> tuple[tuple[Disclosure, Duty], ...]:
        duty, disclosure = tables.duty.c, tables.disclosure.c
        query = (
            select(
                tables.disclosure,
                duty.type.label("duty_type"),
            )
            .join(tables.duty, duty.reference == disclosure.reference)
            .where(
                whose,
                disclosure.state != State.ERASED.value,
                duty.done_on.is_(None),
                which,
            )
            .order_by(duty.due_on, disclosure.created_at, duty.type)
            .limit(limit)
        )
        found = self._connection.execute(query).mappings().all()
        return tuple(self._believed(found))

    def _believed(self, found: Iterable[Stored]) -> Iterator[tuple[Disclosure, Duty]]:
        """Yield what is owed as the ledger says; what somebody edited is left out, and named."""
        for row in found:
            with suppress(LedgerDisagreesError):
                disclosure = disclosure_of(row)
                for duty in self.of(disclosure.reference):
                    if duty.type == row["duty_type"]:
                        yield disclosure, duty

    def _stored(self, reference: Reference) -> Sequence[Mapping[str, Any]]:
        return read(self._connection, _OF_ONE, {"reference": str(reference)})

    def finish(self, reference: Reference, type_: str, on: date) -> bool:
        """Note the day on which a duty was done; say whether it was still to be done."""
        done = self._connection.execute(
            update(tables.duty)
            .where(
                tables.duty.c.reference == str(reference),
                tables.duty.c.type == type_,
                tables.duty.c.done_on.is_(None),
            )
            .values(done_on=day_text(on))
        )
        return done.rowcount == 1


def name_of_duties(reference: str) -> str:
    """Return what the ledger calls everything that is owed for a disclosure."""
    return f"{tables.duty.name}/{reference}"


def what_is_owed(row: Stored) -> Mapping[str, Any]:
    """Return the columns of a duty that its disclosure's entries vouch for.

    Whether it was done, an entry of its own says.
    """
    return {"type": row["type"], "due_on": row["due_on"], "calendar": row["calendar"]}


def _duty(row: Stored) -> Duty:
    return Duty(
        type=row["type"],
        due_on=day_of(row["due_on"]),
        done_on=day_of(row["done_on"]),
        calendar=row["calendar"],
    )


def _days(texts: Iterable[str | None]) -> Iterator[date]:
    """Yield the days that are written there; what is none was written by no release."""
    for text in texts:
        with suppress(ValueError):
            day = day_of(text)
            if day is not None:
                yield day


def _of_agency(sender: AgencyId) -> ColumnElement[bool]:
    return tables.disclosure.c.sender == sender

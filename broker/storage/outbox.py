"""What is still to be done for a disclosure: one row, leased to one dispatcher at a time.

A row that no release wrote stops nothing but itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from broker.domain.errors import UnknownReferenceError
from broker.domain.model import OutboxItem, Step
from broker.domain.references import Reference, parse_reference
from broker.domain.times import moment_of, rfc3339
from broker.storage import tables

MANY_ATTEMPTS = 5
LATEST: Final = timedelta(hours=2)
"""No step waits longer, nor is leased for longer: a later moment in a row is not ours."""

_EMERGENCY = "emergency"
_URGENT: Final = case((tables.disclosure.c.outcome == _EMERGENCY, 0), else_=1)
_WAITS: Final = select(_URGENT).where(tables.disclosure.c.reference == bindparam("about"))
_PUT: Final = insert(tables.outbox).values(waits=_WAITS.scalar_subquery())


class Outbox:
    """The queue of steps, read and written inside the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def put(self, reference: Reference, step: Step, due_at: datetime) -> None:
        """Queue a step of the disclosure, an emergency's before all others."""
        row = {
            "reference": str(reference),
            "about": str(reference),
            "step": step.value,
            "attempts": 0,
            "due_at": rfc3339(due_at),
        }
        self._connection.execute(_PUT, row)

    def lease(
        self, *, owner: str, now: datetime, until: datetime, emergencies_only: bool = False
    ) -> OutboxItem | None:
        """Lease the next step that is due and that nobody holds, or return None.

        Emergencies come first, then what failed the fewest times, then what is due the longest:
        a pack that fails again and again holds up no other. An index has them in that order, so
        that it takes as long where many wait. What is due or leased later than any step ever is
        was written by somebody else, and counts for now.
        """
        unreadable: list[int] = []
        while row := self._due(now, unreadable, emergencies_only=emergencies_only):
            item = _outbox_item(row)
            if item is not None:
                self._connection.execute(
                    update(tables.outbox)
                    .where(tables.outbox.c.id == item.id)
                    .values(leased_by=owner, leased_until=rfc3339(until))
                )
                return item
            unreadable.append(row["id"])
        return None

    def _due(
        self, now: datetime, besides: Sequence[int], *, emergencies_only: bool
    ) -> RowMapping | None:
        outbox = tables.outbox.c
        due = (
            select(tables.outbox)
            .where(
                _is_past(outbox.due_at, now),
                or_(outbox.leased_until.is_(None), _is_past(outbox.leased_until, now)),
                outbox.id.not_in(besides),
            )
            .order_by(outbox.waits, outbox.attempts, outbox.due_at, outbox.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if emergencies_only:
            due = due.where(outbox.waits == 0)
        return self._connection.execute(due).mappings().one_or_none()

    def advance(self, item: OutboxItem, step: Step, due_at: datetime) -> None:
        """Replace a finished step by the next one, due at once or later."""
        self._release(item, step=step.value, attempts=0, due_at=rfc3339(due_at))

    def postpone(self, item: OutboxItem, due_at: datetime) -> None:
        """Try the same step again at `due_at`."""
        self._release(item, attempts=item.attempts + 1, due_at=rfc3339(due_at))

    def close(self, item: OutboxItem) -> None:
        """Take a step that is over out of the outbox."""
        self._connection.execute(delete(tables.outbox).where(tables.outbox.c.id == item.id))

    def withdraw(self, reference: Reference) -> None:
        """Take whatever was still to be done for the disclosure out of the outbox."""
        self._connection.execute(
            delete(tables.outbox).where(tables.outbox.c.reference == str(reference))
        )

    def is_leased_by(self, item: OutboxItem, owner: str) -> bool:
        """Say whether the lease on a step is still this owner's."""
        query = select(tables.outbox.c.leased_by).where(tables.outbox.c.id == item.id)
        return self._connection.scalar(query) == owner

    def waits_for(self, reference: Reference) -> bool:
        """Say whether anything is still to be done for the disclosure."""
        query = select(tables.outbox.c.id).where(tables.outbox.c.reference == str(reference))
        return self._connection.scalar(query) is not None

    def release_all(self, owner: str) -> None:
        """Free what `owner` held when it died, so that it is taken up at once.

        Each counts as an attempt: what kills its dispatcher again and again comes after the rest.
        """
        self._connection.execute(
            update(tables.outbox)
            .where(tables.outbox.c.leased_by == owner)
            .values(leased_by=None, leased_until=None, attempts=tables.outbox.c.attempts + 1)
        )

    def stuck(self) -> tuple[Reference, ...]:
        """Return the disclosures whose step failed five times or more: a person must look."""
        query = select(tables.outbox).where(tables.outbox.c.attempts >= MANY_ATTEMPTS)
        items = map(_outbox_item, self._connection.execute(query).mappings())
        return tuple(item.reference for item in items if item is not None)

    def oldest_due(self) -> datetime | None:
        """Return since when the step that is due the longest has been due; None without any."""
        due = self._connection.scalars(select(tables.outbox.c.due_at))
        return min(_moments(due), default=None)

    def size(self) -> int:
        """Return how many steps wait."""
        query = select(func.count()).select_from(tables.outbox)
        return self._connection.scalars(query).one()

    def _release(self, item: OutboxItem, **values: object) -> None:
        self._connection.execute(
            update(tables.outbox)
            .where(tables.outbox.c.id == item.id)
            .values(leased_by=None, leased_until=None, **values)
        )


def step_of(text: str) -> Step | None:
    """Return the step that a row names, None where there is none of that name."""
    return next((step for step in Step if step.value == text), None)


def _outbox_item(row: RowMapping) -> OutboxItem | None:
    """Return the step of a row, None where the row names no disclosure that there can be."""
    with suppress(UnknownReferenceError):
        return OutboxItem(
            id=row["id"],
            reference=parse_reference(row["reference"]),
            step=step_of(row["step"]),
            attempts=row["attempts"],
        )
    return None


def _is_past(column: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    return or_(column <= rfc3339(now), column > rfc3339(now + LATEST))


def _moments(texts: Iterable[str]) -> Iterator[datetime]:
    """Yield the moments that are written there; what is none was written by no release."""
    for text in texts:
        with suppress(ValueError):
            yield moment_of(text)

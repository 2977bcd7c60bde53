"""Legal holds: cases that must be kept although their time has come, for whom and until when."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, insert, select, update

from audit.log.known import CASE, Event, Known
from broker.domain.model import LegalHold
from broker.domain.references import Reference, parse_reference
from broker.domain.times import day_text, moment_of, rfc3339
from broker.storage import tables
from keys import CaseId, PersonId


class Holds:
    """The holds that nobody has lifted, read and written inside the caller's transaction."""

    def __init__(self, connection: Connection, known: Callable[[], Known]) -> None:
        """Work inside the transaction of `connection`; `known` gives what the ledger says."""
        self._connection = connection
        self._known = known

    def put(self, hold: LegalHold) -> None:
        """Keep a hold, in place of one that its owner had on the case before."""
        self._connection.execute(delete(tables.legal_hold).where(_is(hold.case, hold.owner)))
        self._connection.execute(
            insert(tables.legal_hold).values(
                case_id=hold.case,
                owner=hold.owner,
                until=day_text(hold.until),
                set_at=rfc3339(hold.set_at),
            )
        )

    def lift(self, case: CaseId, owner: PersonId, now: datetime) -> bool:
        """Note that an owner needs the case no longer; say whether they had a hold on it."""
        stood = any(hold.owner == owner for hold in self.on(case))
        self._connection.execute(
            update(tables.legal_hold).where(_is(case, owner)).values(lifted_at=rfc3339(now))
        )
        return stood

    def on(self, case: CaseId) -> tuple[LegalHold, ...]:
        """Return the holds on a case, the last to end first, as its entries say that they are."""
        return holds_in(entry.event for entry in self._known().about(CASE, case))

    def everywhere(self) -> tuple[tuple[Reference, LegalHold], ...]:
        """Return every hold with each reference of its case, the first to end first."""
        hold, disclosure = tables.legal_hold, tables.disclosure
        query = (
            select(hold, disclosure.c.reference)
            .join(disclosure, disclosure.c.case_id == hold.c.case_id)
            .where(hold.c.lifted_at.is_(None))
            .order_by(hold.c.until, disclosure.c.reference, hold.c.owner)
        )
        rows = self._connection.execute(query).mappings()
        return tuple((parse_reference(row["reference"]), _hold(row)) for row in rows)


def holds_in(events: Iterable[Event]) -> tuple[LegalHold, ...]:
    """Return the holds that what is recorded of a case, oldest first, leaves standing.

    The last to end comes first.
    """
    standing: dict[str, LegalHold] = {}
    for event in events:
        owner = str(event.get("owner"))
        if event["type"] == "hold.set":
            standing[owner] = LegalHold(
                case=CaseId(str(event["case"])),
                owner=PersonId(owner),
                until=date.fromisoformat(str(event["until"])),
                set_at=moment_of(str(event["ts"])),
            )
        elif event["type"] == "hold.lift":
            standing.pop(owner, None)
    by_owner = sorted(standing.values(), key=lambda hold: hold.owner)
    return tuple(sorted(by_owner, key=lambda hold: hold.until, reverse=True))


def _is(case: CaseId, owner: PersonId) -> ColumnElement[bool]:
    columns = tables.legal_hold.c
    return and_(columns.case_id == case, columns.owner == owner)


def _hold(row: RowMapping) -> LegalHold:
    return LegalHold(
        case=CaseId(row["case_id"]),
        owner=PersonId(row["owner"]),
        until=date.fromisoformat(row["until"]),
        set_at=moment_of(row["set_at"]),
    )

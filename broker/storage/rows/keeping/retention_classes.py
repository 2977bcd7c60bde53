"""The periods that bodies set for kinds of case: rows that count only as the ledger says."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    Named,
    String,
    Table,
    TypedColumns,
    insert,
    update,
)

from broker.domain.cases.retention_classes import RetentionClass
from broker.domain.cases.stages import CaseKind
from broker.storage.rows.believed import BelievedRows, Register, RowAsStored
from broker.storage.tables import metadata
from keys import AgencyId, PersonId


class RetentionClassColumns(TypedColumns):
    """How many days a body keeps what belongs to a kind of case, and on what that rests."""

    agency: Named[str] = Column(String(64), primary_key=True)
    kind: Named[str] = Column(String(16), primary_key=True)
    delivered: Named[int] = Column(Integer)
    undelivered: Named[int] = Column(Integer)
    memory: Named[int] = Column(Integer)
    basis: Named[str] = Column(String(200))
    owner: Named[str] = Column(String(64))
    review_on: Named[str] = Column(String(10))
    set_by: Named[str] = Column(String(64))
    second: Named[str | None] = Column(String(64), nullable=True)
    version: Named[int] = Column(Integer)


retention_class = Table("retention_class", metadata, RetentionClassColumns)
CLASSES: Final = Register(table=retention_class)


class RetentionClassRows:
    """Periods of bodies, read and written inside the caller's transaction.

    Readers raise `RowDisagreesError` where a row is not the one that the ledger knows.
    """

    def __init__(self, connection: Connection, rows: BelievedRows) -> None:
        """Believe what `rows` believe."""
        self._connection = connection
        self._rows = rows

    def find(
        self, agency: AgencyId, kind: CaseKind, *, to_change: bool = False
    ) -> RetentionClass | None:
        """Return the periods of a body for a kind of case, None where it has set none."""
        row = self._rows.find(CLASSES, agency, kind.value, to_change=to_change)
        return None if row is None else _class(row.columns)

    def all(self) -> tuple[RetentionClass, ...]:
        """Return every body's periods that are as the ledger says."""
        return tuple(_class(row.columns) for row in self._rows.all(CLASSES))

    def put(self, new: RetentionClass, *, is_first: bool) -> RowAsStored:
        """Write periods that were found to be changed, and return what their event says."""
        columns = retention_class.c
        values = {
            "delivered": new.delivered,
            "undelivered": new.undelivered,
            "memory": new.memory,
            "basis": new.basis,
            "owner": new.owner,
            "review_on": new.review_on.isoformat(),
            "set_by": new.set_by,
            "second": new.second,
            "version": new.version,
        }
        if is_first:
            key = {"agency": new.agency, "kind": new.kind.value}
            self._connection.execute(insert(retention_class).values(**key, **values))
        else:
            is_it = (columns.agency == new.agency, columns.kind == new.kind.value)
            self._connection.execute(update(retention_class).where(*is_it).values(**values))
        return self._rows.as_stored(CLASSES, new.agency, new.kind.value)


def _class(row: Mapping[str, Any]) -> RetentionClass:
    second = row["second"]
    return RetentionClass(
        agency=AgencyId(row["agency"]),
        kind=CaseKind(row["kind"]),
        delivered=row["delivered"],
        undelivered=row["undelivered"],
        memory=row["memory"],
        basis=row["basis"],
        owner=PersonId(row["owner"]),
        review_on=date.fromisoformat(row["review_on"]),
        set_by=PersonId(row["set_by"]),
        second=None if second is None else PersonId(second),
        version=row["version"],
    )

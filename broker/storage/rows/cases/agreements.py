"""Agreements: what was answered is sealed under the key of its case and dies with it.

The row names case, kind and version; it counts only as the ledger's newest entry says.
"""

import json
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    Named,
    String,
    Table,
    TypedColumns,
    insert,
    select,
    update,
)

from broker.domain.cases.agreements import Agreement, AgreementKind, ids_of
from broker.domain.errors import ChangedMeanwhileError
from broker.storage.rows.believed import BelievedRows, Register, RowAsStored, StoredRow
from broker.storage.tables import metadata
from keys import CaseId, Keystore, Place, open_field, seal_field


class AgreementColumns(TypedColumns):
    """Agreements of cases; `sealed` holds the answer, giver, days and scope."""

    id: Named[str] = Column(String(128), primary_key=True)
    case_id: Named[str] = Column(String(64), index=True)
    kind: Named[str] = Column(String(16))
    version: Named[int] = Column(Integer)
    sealed: Named[bytes] = Column(LargeBinary)


agreement = Table("agreement", metadata, AgreementColumns)

AGREEMENTS: Final = Register(table=agreement)


class AgreementRows:
    """Agreements, read and written inside the caller's transaction.

    Readers raise `RowDisagreesError` where a row is not the one that the ledger knows,
    `KeyErasedError` and `UnknownKeyError` once the case is gone, and `CannotOpenError`.
    """

    def __init__(self, connection: Connection, rows: BelievedRows, keystore: Keystore) -> None:
        """Believe what `rows` believe; open with the keys of `keystore`."""
        self._connection = connection
        self._rows = rows
        self._keystore = keystore

    def of_case(self, case: CaseId) -> tuple[Agreement, ...]:
        """Return every record of a case, by kind and giver; raises for one that is gone."""
        columns = agreement.c
        query = select(columns.id).where(columns.case_id == case)
        told = (id_ for id_ in ids_of(case) if self._rows.is_told_of(AGREEMENTS, id_))
        names = sorted({*told, *self._connection.scalars(query)})
        found = (self._rows.find(AGREEMENTS, name) for name in names)
        return tuple(self._opened(row) for row in found if row is not None)

    def find(self, like: Agreement) -> Agreement | None:
        """Return the record that would be changed, its row locked, None where there is none."""
        row = self._rows.find(AGREEMENTS, like.id, to_change=True)
        return None if row is None else self._opened(row)

    def put(self, record: Agreement) -> RowAsStored:
        """Write a record of version 1 anew, a later one over the version before it.

        Raises `ChangedMeanwhileError` where another version stands there.
        """
        values: dict[str, Any] = {
            "id": record.id,
            "case_id": record.case,
            "kind": record.kind.value,
            "version": record.version,
            "sealed": self._sealed(record),
        }
        before = self._rows.find(AGREEMENTS, record.id, to_change=True)
        stands = 0 if before is None else int(before.columns["version"])
        if stands != record.version - 1:
            raise ChangedMeanwhileError
        if before is None:
            self._connection.execute(insert(agreement).values(values))
        else:
            is_it = agreement.c.id == record.id
            self._connection.execute(update(agreement).where(is_it).values(values))
        return self._rows.as_stored(AGREEMENTS, record.id)

    def _sealed(self, record: Agreement) -> bytes:
        said = json.dumps(record.document(), ensure_ascii=False).encode()
        return seal_field(self._keystore.case_key(record.case), said, _place(record))

    def _opened(self, row: StoredRow) -> Agreement:
        columns = row.columns
        case, version = CaseId(columns["case_id"]), int(columns["version"])
        place = Place(case=case, field=f"agreement/{columns['id']}", version=version)
        said = open_field(self._keystore.case_key(case), bytes(columns["sealed"]), place)
        kind = AgreementKind(columns["kind"])
        return Agreement.of_document(case, kind, version, json.loads(said))


def _place(record: Agreement) -> Place:
    return Place(case=record.case, field=f"agreement/{record.id}", version=record.version)

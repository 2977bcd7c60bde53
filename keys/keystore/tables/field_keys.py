"""Keys of single fields that must go before their case does; a destroyed one leaves a trace only.

What such a key sealed does not open again when its row is put back, since the key is nowhere.
"""

import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from keys.encoding import rfc3339
from keys.envelope import KEY_ID_LENGTH, CaseId, CaseKey
from keys.errors import CannotOpenError, KeyErasedError, KeystoreDamagedError, UnknownKeyError
from keys.keystore.tables.column_types import blob, text
from keys.keystore.tables.rewrapping import Columns, Wrapped
from keys.keystore.wrapping import KEY_LENGTH, Wrapping

SCHEMA: Final = """
CREATE TABLE field_key (
    case_id TEXT NOT NULL,
    field TEXT NOT NULL,
    key_id BLOB NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    destroyed_at TEXT,
    wrapped BLOB,
    PRIMARY KEY (case_id, field),
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
) STRICT;
"""
_COLUMNS: Final = "SELECT case_id, field, key_id, created_at, wrapped FROM field_key"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class FieldName:
    """Which field a key is for: its case, and its name within that."""

    case: CaseId
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    name: FieldName
    key_id: bytes
    created_at: str
    wrapped: bytes | None

    @property
    def place(self) -> tuple[str, ...]:
        """What the wrapped bytes are bound to: every column of a living row."""
        return "field", self.name.case, self.name.field, self.key_id.hex(), self.created_at


class FieldKeys:
    """Keys of fields in the transaction of `connection`, wrapped by `kek`; never commits."""

    def __init__(self, connection: sqlite3.Connection, kek: Wrapping) -> None:
        self._connection = connection
        self._kek = kek

    def key(self, name: FieldName) -> CaseKey:
        """Return the key of a field, or raise `UnknownKeyError` or `KeyErasedError`."""
        row = self._find(name)
        if row is None:
            raise UnknownKeyError(
                "The keystore holds no key for this. It may be older than the database: run "
                "broker check"
            )
        return self._unwrapped(row)

    def make(self, name: FieldName, now: datetime) -> CaseKey:
        """Return the key of a field, a fresh one where it had none; raises `KeyErasedError`."""
        if (known := self._find(name)) is not None:
            return self._unwrapped(known)
        key = CaseKey(
            case=name.case, key_id=os.urandom(KEY_ID_LENGTH), material=os.urandom(KEY_LENGTH)
        )
        row = _Row(name=name, key_id=key.key_id, created_at=rfc3339(now), wrapped=None)
        self._connection.execute(
            "INSERT INTO field_key VALUES (?, ?, ?, ?, NULL, ?)",
            (
                name.case,
                name.field,
                row.key_id,
                row.created_at,
                self._kek.wrap(key.material, *row.place),
            ),
        )
        return key

    def destroy(self, names: Iterable[FieldName], now: datetime) -> bool:
        """Forget the keys of fields, as far as they are there; say whether any was."""
        before = self._connection.total_changes
        self._connection.executemany(
            "UPDATE field_key SET wrapped = NULL, destroyed_at = ?"
            " WHERE case_id = ? AND field = ? AND destroyed_at IS NULL",
            [(rfc3339(now), name.case, name.field) for name in names],
        )
        return self._connection.total_changes != before

    def destroy_all_of(self, case: CaseId, now: datetime) -> None:
        """Forget the key of every field of a case."""
        self.destroy((name for name in self.names() if name.case == case), now)

    def names(self) -> tuple[FieldName, ...]:
        """Return the fields whose keys exist, in order."""
        return tuple(row.name for row in self._living())

    def unwrap_all(self) -> None:
        """Accept the table if every key unwraps, or raise `KeystoreDamagedError`."""
        for row in self._living():
            self._unwrapped(row)

    def rewrap_some(self, after: int, limit: int) -> int | None:
        """Wrap the next keys anew and return the number of the last row, None without any."""
        table = Wrapped(
            table="field_key",
            columns="case_id, field, key_id, created_at, wrapped",
            anew=self._anew,
            living="destroyed_at IS NULL",
        )
        return table.rewrap_some(self._connection, after, limit)

    def _anew(self, columns: Columns) -> bytes:
        row = _row(columns)
        return self._kek.wrap(self._unwrapped(row).material, *row.place)

    def _find(self, name: FieldName) -> _Row | None:
        columns = self._connection.execute(
            f"{_COLUMNS} WHERE case_id = ? AND field = ?", (name.case, name.field)
        ).fetchone()
        return None if columns is None else _row(columns)

    def _living(self) -> tuple[_Row, ...]:
        columns = self._connection.execute(
            f"{_COLUMNS} WHERE destroyed_at IS NULL ORDER BY case_id, field"
        ).fetchall()
        return tuple(_row(each) for each in columns)

    def _unwrapped(self, row: _Row) -> CaseKey:
        if row.wrapped is None:
            raise KeyErasedError
        try:
            material = self._kek.unwrap(row.wrapped, *row.place)
        except CannotOpenError as error:
            raise KeystoreDamagedError("the key of a field") from error
        return CaseKey(case=row.name.case, key_id=row.key_id, material=material)


def _row(columns: tuple[object, ...]) -> _Row:
    case, field, key_id, created_at, wrapped = columns
    return _Row(
        name=FieldName(case=CaseId(text(case)), field=text(field)),
        key_id=blob(key_id),
        created_at=text(created_at),
        wrapped=None if wrapped is None else blob(wrapped),
    )

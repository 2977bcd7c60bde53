"""Case keys as the keystore holds them; an erased one leaves only the fact that it was there."""

import os
import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from keys.encoding import rfc3339
from keys.envelope import KEY_ID_LENGTH, CaseId, CaseKey
from keys.errors import (
    CannotOpenError,
    KeyErasedError,
    KeyExistsError,
    KeystoreDamagedError,
    UnknownKeyError,
)
from keys.keystore.tables.column_types import blob, text
from keys.keystore.tables.rewrapping import Columns, Wrapped
from keys.keystore.wrapping import KEY_LENGTH, Wrapping

SCHEMA: Final = """
CREATE TABLE case_key (
    case_id TEXT PRIMARY KEY,
    key_id BLOB NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    erased_at TEXT,
    wrapped BLOB,
    CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))
) STRICT;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    case: CaseId
    key_id: bytes
    created_at: str
    wrapped: bytes | None

    @property
    def place(self) -> tuple[str, ...]:
        """What the wrapped bytes are bound to: every column of a living row."""
        return "case", self.case, self.key_id.hex(), self.created_at


class CaseKeys:
    """Case keys in the transaction of `connection`, wrapped by `kek`; never commits."""

    def __init__(self, connection: sqlite3.Connection, kek: Wrapping) -> None:
        self._connection = connection
        self._kek = kek

    def key(self, case: CaseId) -> CaseKey:
        """Return the key of `case`, or raise `UnknownKeyError` or `KeyErasedError`."""
        return self._unwrapped(self._known(case))

    def add(self, case: CaseId, now: datetime) -> CaseKey:
        """Make the key of `case`, or raise `KeyExistsError`."""
        if self._find(case) is not None:
            raise KeyExistsError(
                "There is a key for this case already, or there was one that was erased. "
                "Give a new case an identifier of its own."
            )
        key = CaseKey(case=case, key_id=os.urandom(KEY_ID_LENGTH), material=os.urandom(KEY_LENGTH))
        return self._add(key, now)

    def adopt(self, case: CaseId, held: CaseKey, now: datetime) -> CaseKey:
        """Let `case` have the key that a draft has; may be repeated, until the case is erased.

        Raises `KeyExistsError` where the case has another key, and `KeyErasedError`.
        """
        key = replace(held, case=case)
        found = self._find(case)
        if found is None:
            return self._add(key, now)
        if self._unwrapped(found).material != key.material:
            raise KeyExistsError(
                "This case has a key of its own. Give the draft's case another identifier."
            )
        return key

    def erase(self, case: CaseId, now: datetime) -> None:
        """Forget the key of `case`, or raise `UnknownKeyError`; a second time changes nothing."""
        self._known(case)
        self._connection.execute(
            "UPDATE case_key SET wrapped = NULL, erased_at = ?"
            " WHERE case_id = ? AND erased_at IS NULL",
            (rfc3339(now), case),
        )

    def cases(self) -> tuple[CaseId, ...]:
        """Return the cases whose keys exist, in the order of their identifiers."""
        return tuple(row.case for row in self._living())

    def unwrap_all(self) -> None:
        """Accept the table if every key unwraps, or raise `KeystoreDamagedError`."""
        for row in self._living():
            self._unwrapped(row)

    def rewrap_some(self, after: int, limit: int) -> int | None:
        """Wrap the next keys anew and return the number of the last row, None without any."""
        table = Wrapped(
            table="case_key",
            columns="case_id, key_id, created_at, wrapped",
            anew=self._anew,
            living="erased_at IS NULL",
        )
        return table.rewrap_some(self._connection, after, limit)

    def _anew(self, columns: Columns) -> bytes:
        row = _row(columns)
        return self._kek.wrap(self._unwrapped(row).material, *row.place)

    def _add(self, key: CaseKey, now: datetime) -> CaseKey:
        row = _Row(case=key.case, key_id=key.key_id, created_at=rfc3339(now), wrapped=None)
        self._connection.execute(
            "INSERT INTO case_key VALUES (?, ?, ?, NULL, ?)",
            (row.case, row.key_id, row.created_at, self._kek.wrap(key.material, *row.place)),
        )
        return key

    def _known(self, case: CaseId) -> _Row:
        row = self._find(case)
        if row is None:
            raise UnknownKeyError("The keystore holds no key for this case. Check the case.")
        return row

    def _find(self, case: CaseId) -> _Row | None:
        columns = self._connection.execute(
            "SELECT case_id, key_id, created_at, wrapped FROM case_key WHERE case_id = ?", (case,)
        ).fetchone()
        return None if columns is None else _row(columns)

    def _living(self) -> tuple[_Row, ...]:
        columns = self._connection.execute(
            "SELECT case_id, key_id, created_at, wrapped FROM case_key"
            " WHERE erased_at IS NULL ORDER BY case_id"
        ).fetchall()
        return tuple(_row(each) for each in columns)

    def _unwrapped(self, row: _Row) -> CaseKey:
        if row.wrapped is None:
            raise KeyErasedError
        try:
            material = self._kek.unwrap(row.wrapped, *row.place)
        except CannotOpenError as error:
            raise KeystoreDamagedError("the key of a case") from error
        return CaseKey(case=row.case, key_id=row.key_id, material=material)


def _row(columns: tuple[object, ...]) -> _Row:
    case, key_id, created_at, wrapped = columns
    return _Row(
        case=CaseId(text(case)),
        key_id=blob(key_id),
        created_at=text(created_at),
        wrapped=None if wrapped is None else blob(wrapped),
    )

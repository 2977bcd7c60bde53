"""Keys of drafts, each with the version that it last sealed; a destroyed one leaves no trace.

The version stands here, apart from the database, so that an older text which is put back there is
known to be older although it opens.
"""

import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from keys.encoding import rfc3339
from keys.envelope import KEY_ID_LENGTH, CaseId, CaseKey
from keys.errors import CannotOpenError, KeyExistsError, KeystoreDamagedError, UnknownKeyError
from keys.keystore.tables.column_types import blob, number, text
from keys.keystore.tables.rewrapping import Columns, Wrapped
from keys.keystore.wrapping import KEY_LENGTH, Wrapping

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS draft_key (
    draft_id TEXT PRIMARY KEY,
    key_id BLOB NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    version INTEGER NOT NULL,
    wrapped BLOB NOT NULL
) STRICT;
"""
_COLUMNS: Final = "SELECT draft_id, key_id, created_at, version, wrapped FROM draft_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftKey:
    """The key of a draft, `key.case` being the draft's name, and the newest version it sealed."""

    key: CaseKey
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    draft: CaseId
    key_id: bytes
    created_at: str
    version: int
    wrapped: bytes

    @property
    def place(self) -> tuple[str, ...]:
        """What the wrapped bytes are bound to: every other column."""
        return "draft", self.draft, self.key_id.hex(), self.created_at, str(self.version)


class DraftKeys:
    """Keys of drafts in the transaction of `connection`, wrapped by `kek`; never commits."""

    def __init__(self, connection: sqlite3.Connection, kek: Wrapping) -> None:
        self._connection = connection
        self._kek = kek

    def complete(self) -> None:
        """Make the table in a keystore of an earlier release, which has none."""
        self._connection.execute(SCHEMA)

    def key(self, draft: CaseId) -> DraftKey:
        """Return the key of a draft and its version, or raise `UnknownKeyError`."""
        return self._unwrapped(self._known(draft))

    def add(self, draft: CaseId, now: datetime) -> CaseKey:
        """Make the key of a draft, at version 0, or raise `KeyExistsError`."""
        if self._find(draft) is not None:
            raise KeyExistsError(
                "There is a key for this draft already. Give a new draft a name of its own."
            )
        key = CaseKey(
            case=draft, key_id=os.urandom(KEY_ID_LENGTH), material=os.urandom(KEY_LENGTH)
        )
        row = _Row(draft=draft, key_id=key.key_id, created_at=rfc3339(now), version=0, wrapped=b"")
        self._write(row, key)
        return key

    def note(self, draft: CaseId, version: int) -> None:
        """Write down that this version was sealed, unless a newer one was; may be repeated.

        Raises `UnknownKeyError`.
        """
        row = self._known(draft)
        if version > row.version:
            self._write(replace(row, version=version), self._unwrapped(row).key)

    def destroy(self, drafts: Iterable[CaseId]) -> int:
        """Forget the keys of drafts, as far as they are there; return how many were."""
        before = self._connection.total_changes
        self._connection.executemany(
            "DELETE FROM draft_key WHERE draft_id = ?", [(draft,) for draft in drafts]
        )
        return self._connection.total_changes - before

    def drafts(self, made_before: datetime) -> tuple[CaseId, ...]:
        """Return the drafts whose keys were made before a moment, in the order of their names."""
        columns = self._connection.execute(
            "SELECT draft_id FROM draft_key WHERE created_at < ? ORDER BY draft_id",
            (rfc3339(made_before),),
        ).fetchall()
        return tuple(CaseId(text(draft)) for (draft,) in columns)

    def unwrap_all(self) -> None:
        """Accept the table if every key unwraps, or raise `KeystoreDamagedError`."""
        for row in self._all():
            self._unwrapped(row)

    def rewrap_some(self, after: int, limit: int) -> int | None:
        """Wrap the next keys anew and return the number of the last row, None without any."""
        table = Wrapped(
            table="draft_key",
            columns="draft_id, key_id, created_at, version, wrapped",
            anew=self._anew,
        )
        return table.rewrap_some(self._connection, after, limit)

    def _anew(self, columns: Columns) -> bytes:
        row = _row(columns)
        return self._kek.wrap(self._unwrapped(row).key.material, *row.place)

    def _write(self, row: _Row, key: CaseKey) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO draft_key VALUES (?, ?, ?, ?, ?)",
            (
                row.draft,
                row.key_id,
                row.created_at,
                row.version,
                self._kek.wrap(key.material, *row.place),
            ),
        )

    def _known(self, draft: CaseId) -> _Row:
        row = self._find(draft)
        if row is None:
            raise UnknownKeyError(
                "The keystore holds no key for this draft: it was sent or deleted, or the "
                "keystore is older than the database."
            )
        return row

    def _find(self, draft: CaseId) -> _Row | None:
        columns = self._connection.execute(f"{_COLUMNS} WHERE draft_id = ?", (draft,)).fetchone()
        return None if columns is None else _row(columns)

    def _all(self) -> tuple[_Row, ...]:
        rows = self._connection.execute(f"{_COLUMNS} ORDER BY draft_id").fetchall()
        return tuple(_row(each) for each in rows)

    def _unwrapped(self, row: _Row) -> DraftKey:
        try:
            material = self._kek.unwrap(row.wrapped, *row.place)
        except CannotOpenError as error:
            raise KeystoreDamagedError("the key of a draft") from error
        key = CaseKey(case=row.draft, key_id=row.key_id, material=material)
        return DraftKey(key=key, version=row.version)


def _row(columns: tuple[object, ...]) -> _Row:
    draft, key_id, created_at, version, wrapped = columns
    return _Row(
        draft=CaseId(text(draft)),
        key_id=blob(key_id),
        created_at=text(created_at),
        version=number(version),
        wrapped=blob(wrapped),
    )

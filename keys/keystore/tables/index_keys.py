"""Index keys as the keystore holds them: one for each purpose, made once."""

import os
import sqlite3
from typing import Final

from keys.errors import CannotOpenError, KeystoreDamagedError
from keys.index import IndexKey, IndexPurpose
from keys.keystore.tables.column_types import blob
from keys.keystore.wrapping import KEY_LENGTH, Wrapping

SCHEMA: Final = """
CREATE TABLE index_key (purpose TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT;
"""


class IndexKeyRows:
    """Index keys in the transaction of `connection`, wrapped by `kek`; never commits."""

    def __init__(self, connection: sqlite3.Connection, kek: Wrapping) -> None:
        self._connection = connection
        self._kek = kek

    def key(self, purpose: IndexPurpose) -> IndexKey:
        """Return the key of `purpose`, or raise `KeystoreDamagedError`."""
        columns = self._connection.execute(
            "SELECT wrapped FROM index_key WHERE purpose = ?", (purpose,)
        ).fetchone()
        if columns is None:
            raise KeystoreDamagedError(f"the index key for {purpose} is missing")
        try:
            material = self._kek.unwrap(blob(columns[0]), "index", purpose)
        except CannotOpenError as error:
            raise KeystoreDamagedError("an index key") from error
        return IndexKey(purpose=purpose, material=material)

    def add(self, purpose: IndexPurpose) -> None:
        """Make the key of `purpose`."""
        self._write(IndexKey(purpose=purpose, material=os.urandom(KEY_LENGTH)))

    def complete(self) -> None:
        """Make the keys of purposes that a keystore of an earlier release does not know."""
        for purpose in IndexPurpose:
            known = self._connection.execute(
                "SELECT 1 FROM index_key WHERE purpose = ?", (purpose,)
            ).fetchone()
            if known is None:
                self.add(purpose)

    def rewrap(self, kek: Wrapping) -> None:
        """Wrap every key by `kek` instead."""
        held = tuple(self.key(purpose) for purpose in IndexPurpose)
        self._kek = kek
        for key in held:
            self._write(key)

    def _write(self, key: IndexKey) -> None:
        wrapped = self._kek.wrap(key.material, "index", key.purpose)
        self._connection.execute(
            "INSERT OR REPLACE INTO index_key VALUES (?, ?)", (key.purpose, wrapped)
        )

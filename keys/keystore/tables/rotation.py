"""A key-encryption key that another follows while the keystore is used, a few keys at a time.

As long as keys that the one before wrapped are left, the table `rotation` holds that one too,
wrapped by the root, and how far the wrapping came. Such a file says so by its version: a release
that does not know of it must not take its keys for damaged.
"""

import sqlite3
from dataclasses import dataclass
from typing import Final

from keys.errors import CannotOpenError, KeystoreDamagedError
from keys.keystore.tables.column_types import blob, number
from keys.keystore.tables.schema import ROTATING_VERSION, VERSION
from keys.keystore.wrapping import Root, WrappingKey

_SCHEMA: Final = """
CREATE TABLE rotation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    kek_id BLOB NOT NULL,
    wrapped BLOB NOT NULL,
    stage INTEGER NOT NULL,
    reached INTEGER NOT NULL
) STRICT
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far it came: the number of the table that is wrapped anew, and its last row so far."""

    stage: int
    reached: int


class RotationRow:
    """The one row in the transaction of `connection`, where there is any; never commits."""

    def __init__(self, connection: sqlite3.Connection, identity: str) -> None:
        self._connection = connection
        self._identity = identity

    def progress(self) -> Progress | None:
        """Return how far a wrapping anew came, or None where none is under way."""
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version != ROTATING_VERSION:
            return None
        _, _, stage, reached = self._row()
        return Progress(stage=number(stage), reached=number(reached))

    def former(self, root: Root) -> WrappingKey | None:
        """Return the key-encryption key of before while it is needed, else None.

        Raises `KeystoreDamagedError`.
        """
        if self.progress() is None:
            return None
        kek_id, wrapped, _, _ = self._row()
        try:
            material = root.unwrap(blob(wrapped), *self._place(blob(kek_id)))
        except CannotOpenError as error:
            raise KeystoreDamagedError("the key that wrapped some others before") from error
        return WrappingKey(key_id=blob(kek_id), material=material)

    def begin(self, former: WrappingKey, root: Root) -> None:
        """Keep the key-encryption key of before until every key is wrapped anew."""
        wrapped = root.wrap(former.material, *self._place(former.key_id))
        self._connection.execute(_SCHEMA)
        self._connection.execute(
            "INSERT INTO rotation VALUES (1, ?, ?, 0, 0)", (former.key_id, wrapped)
        )
        self._connection.execute(f"PRAGMA user_version = {ROTATING_VERSION}")

    def note(self, progress: Progress) -> None:
        """Write down how far it came."""
        self._connection.execute(
            "UPDATE rotation SET stage = ?, reached = ?", (progress.stage, progress.reached)
        )

    def end(self) -> None:
        """Forget the key-encryption key of before: no key needs it any more."""
        self._connection.execute("DROP TABLE rotation")
        self._connection.execute(f"PRAGMA user_version = {VERSION}")

    def _row(self) -> tuple[object, object, object, object]:
        row = self._connection.execute(
            "SELECT kek_id, wrapped, stage, reached FROM rotation"
        ).fetchone()
        if row is None:
            raise KeystoreDamagedError("what its wrapping anew had reached is missing")
        kek_id, wrapped, stage, reached = row
        return kek_id, wrapped, stage, reached

    def _place(self, kek_id: bytes) -> tuple[str, ...]:
        return "former kek", self._identity, kek_id.hex()

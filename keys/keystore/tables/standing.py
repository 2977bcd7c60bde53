"""Where a keystore stands: how often its keys changed, and the newest head that was published.

By these an older copy that was put back is told from the newest one: the ledger records each
epoch, and whatever was published after the copy was made counts more entries than its mark.
"""

import sqlite3
from dataclasses import dataclass, replace
from typing import Final

from keys.errors import CannotOpenError, KeystoreDamagedError
from keys.keystore.tables.column_types import blob, number
from keys.keystore.wrapping import Wrapping

SCHEMA: Final = """
CREATE TABLE standing (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch INTEGER NOT NULL,
    size INTEGER,
    root BLOB,
    kept INTEGER,
    fields_owed INTEGER NOT NULL CHECK (fields_owed IN (0, 1)),
    tag BLOB NOT NULL
) STRICT;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The newest head that was published: how many entries it counts, and its 32-byte root.

    It is written down before the head is kept; `kept` is the size of the head that was kept last
    at that moment, 0 for none.
    """

    size: int
    root: bytes
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The epoch, which rises with each change of keys, and the mark, None before the first head.

    `fields_owed` says that fields which an earlier release sealed wait for keys of their own.
    """

    epoch: int = 0
    mark: Mark | None = None
    fields_owed: bool = False


class StandingRow:
    """The one row in the transaction of `connection`, bound by `kek`; never commits."""

    def __init__(self, connection: sqlite3.Connection, kek: Wrapping) -> None:
        self._connection = connection
        self._kek = kek

    def read(self) -> Standing:
        """Return what was written last, or raise `KeystoreDamagedError`."""
        row = self._connection.execute(
            "SELECT epoch, size, root, kept, fields_owed, tag FROM standing"
        ).fetchone()
        if row is None:
            raise KeystoreDamagedError("where it stands is missing")
        epoch, size, root, kept, fields_owed, tag = row
        standing = Standing(
            epoch=number(epoch),
            mark=None
            if size is None
            else Mark(size=number(size), root=blob(root), kept=number(kept)),
            fields_owed=bool(number(fields_owed)),
        )
        try:
            self._kek.unwrap(blob(tag), *_place(standing))
        except CannotOpenError as error:
            raise KeystoreDamagedError("where it stands") from error
        return standing

    def write(self, standing: Standing) -> None:
        """Store this in the place of what stood before."""
        mark = standing.mark
        parts = (None,) * 3 if mark is None else (mark.size, mark.root, mark.kept)
        tag = self._kek.wrap(b"", *_place(standing))
        self._connection.execute(
            "INSERT OR REPLACE INTO standing VALUES (1, ?, ?, ?, ?, ?, ?)",
            (standing.epoch, *parts, standing.fields_owed, tag),
        )

    def raise_epoch(self) -> None:
        """Count one more change of keys."""
        standing = self.read()
        self.write(replace(standing, epoch=standing.epoch + 1))

    def rewrap(self, kek: Wrapping) -> None:
        """Bind the row by `kek` instead."""
        standing = self.read()
        self._kek = kek
        self.write(standing)


def _place(standing: Standing) -> tuple[str, ...]:
    mark = standing.mark
    parts = ("none",) if mark is None else (str(mark.size), mark.root.hex(), str(mark.kept))
    return "standing", str(standing.epoch), str(int(standing.fields_owed)), *parts

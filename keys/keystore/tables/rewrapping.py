"""How the keys of a table are wrapped anew, a few rows at a time."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

Columns = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapped:
    """A table of wrapped keys: its `columns`, of which `wrapped` is the last.

    `living` is what a row that still has a key fulfils, in SQL; `anew` wraps the key of one again.
    """

    table: str
    columns: str
    anew: Callable[[Columns], bytes]
    living: str = "TRUE"

    def rewrap_some(self, connection: sqlite3.Connection, after: int, limit: int) -> int | None:
        """Wrap the next keys anew and return the number of the last row, None without any."""
        rows = connection.execute(
            f"SELECT rowid, {self.columns} FROM {self.table}"  # noqa: S608  # our own words alone
            f" WHERE rowid > ? AND {self.living} ORDER BY rowid LIMIT ?",
            (after, limit),
        ).fetchall()
        for number, *columns in rows:
            connection.execute(
                f"UPDATE {self.table} SET wrapped = ? WHERE rowid = ?",  # noqa: S608  # as above
                (self.anew(tuple(columns)), number),
            )
        return int(rows[-1][0]) if rows else None

"""Rows in the ledger's tables that its head does not count: found, written out, and taken away.

The head says how many entries there are, and so which tiles and signed heads there can be. What
stands beyond that, somebody put there past the gateway; what the head counts holds all the same.
"""

import json
from collections.abc import Callable, Generator, Iterator
from typing import Final

from sqlalchemy import Connection, Table, and_, delete, or_, select
from sqlalchemy.sql.elements import ColumnElement

from audit.format.merkle.tree import WIDTH_BITS
from audit.log.driver import DriverCursor, as_stored
from audit.log.tables import drop_triggers, ledger_checkpoint, ledger_entry, ledger_tile, triggers

_LEVELS: Final = 7
"""The highest level of tiles that a log of 2^63 entries can fill."""

_NEVER: Final = ("ledger_entry WHERE seq < 0", "ledger_checkpoint WHERE size < 1")
_BEYOND: Final = ("ledger_entry WHERE seq >= ?", "ledger_checkpoint WHERE size > ?")
_LEVEL: Final = "ledger_tile WHERE level = {} AND number "
# Each asks one index for one row, which a single condition over all of them would not.
_ANY: Final = "SELECT " + " OR ".join(  # noqa: S608  # of our own words alone
    f"EXISTS (SELECT 1 FROM {rows})"  # noqa: S608  # as above
    for rows in (
        *_BEYOND,
        *(f"{_LEVEL.format(level)} >= ?" for level in range(_LEVELS + 1)),
        *(f"{_LEVEL.format(level)} < 0" for level in range(_LEVELS + 1)),
        f"ledger_tile WHERE level > {_LEVELS}",
        "ledger_tile WHERE level < 0",
        *_NEVER,
    )
)


class ForeignRows:
    """What stands behind a head of `size` entries, in the caller's transaction; never commits."""

    def __init__(self, connection: Connection, size: int) -> None:
        self._connection = connection
        filled = (size >> (level + 1) * WIDTH_BITS for level in range(_LEVELS + 1))
        self._limits = (size, size, *filled)
        self._size = size

    def stand(self) -> bool:
        """Say whether there is any, by one look at the indexes."""
        ((found,),) = DriverCursor(self._connection).rows(_ANY, self._limits)
        return bool(found)

    def _beyond(self) -> tuple[tuple[Table, ColumnElement[bool]], ...]:
        """Return each table and what it holds behind the head; built only where it is needed."""
        signed = ledger_checkpoint.c.size
        return (
            (ledger_entry, _not_counted(ledger_entry.c.seq, self._size)),
            (ledger_tile, _not_filled(self._size)),
            (ledger_checkpoint, or_(signed < 1, signed > self._size)),
        )

    def lines(self) -> Generator[bytes]:
        """Yield each row as a line of JSON, its bytes in hexadecimal digits, in a fixed order."""
        for table, beyond in self._beyond():
            query = select(table).where(beyond).order_by(*table.primary_key.columns)
            for row in self._connection.execute(query).mappings():
                said = {name: _in_text(value) for name, value in row.items()}
                line = json.dumps({"table": table.name, **said}, sort_keys=True)
                yield line.encode("ascii") + b"\n"

    def remove(self) -> None:
        """Take them away; it needs the role that owns the tables.

        The triggers that keep the ledger's rows are made anew in the same transaction.
        """
        dialect = self._connection.dialect.name
        for statement in drop_triggers(dialect):
            self._connection.exec_driver_sql(statement)
        for table, beyond in self._beyond():
            self._connection.execute(delete(table).where(beyond))
        for statement in triggers(dialect):
            self._connection.exec_driver_sql(statement)


def stand_behind(connection: Connection, counted: Callable[[], int]) -> bool:
    """Say whether rows stand behind the head, which `counted` reads; it never commits.

    Between two statements of READ COMMITTED others append, so a row is taken for nobody's only
    where the head, read again, has not moved on to count it.
    """
    size = counted()
    while ForeignRows(connection, size).stand():
        again = counted()
        if again == size:
            return True
        size = again
    return False


def _not_counted(number: ColumnElement[int], size: int) -> ColumnElement[bool]:
    return or_(number < 0, number >= size)


def _not_filled(size: int) -> ColumnElement[bool]:
    column = ledger_tile.c
    beyond: Iterator[ColumnElement[bool]] = (
        and_(column.level == level, _not_counted(column.number, size >> (level + 1) * WIDTH_BITS))
        for level in range(_LEVELS + 1)
    )
    return or_(column.level < 0, column.level > _LEVELS, *beyond)


def _in_text(value: object) -> object:
    return value if isinstance(value, int | str | None) else as_stored(value).hex()

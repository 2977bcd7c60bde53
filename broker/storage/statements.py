"""Statements built once, since building one takes longer than reading a few rows by it.

And what stands in a column, since SQLite keeps a value of any type in a column of any.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Self, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    bindparam,
    insert,
    literal_column,
    select,
)
from sqlalchemy.engine.interfaces import Dialect

from audit.log.driver import DriverCursor

Stored: TypeAlias = Mapping[str, Any] | RowMapping
"""The columns of a row by name, from the database or on the way into it."""


def bytes_in(value: object) -> bytes:
    """Return the bytes of a column of bytes; none where somebody put something else there.

    >>> bytes_in("text"), bytes_in(-7)
    (b'', b'')
    """
    return value if isinstance(value, bytes) else b""


def text_in(value: object) -> str | None:
    """Return the text of a column of text, None for none; raises `TypeError` for anything else."""
    if value is None or isinstance(value, str):
        return value
    raise TypeError


@cache
def rows_of(table: Table, *columns: str, locked: bool = False) -> Select[Any]:
    """Return what reads the rows whose `columns` hold the parameters of the same names."""
    query = select(table).where(*(table.c[name] == bindparam(name) for name in columns))
    return query.with_for_update() if locked else query


@cache
def keys_of(table: Table, *columns: str) -> Select[Any]:
    """Return what reads the one primary key of those rows, in its order; as `rows_of`."""
    (key,) = table.primary_key.columns
    wanted = (table.c[name] == bindparam(name) for name in columns)
    return select(key).where(*wanted).order_by(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A statement as a dialect spells it: its parameters, their order, and what columns hold."""

    statement: str
    constants: Mapping[str, object]
    order: list[str] | None
    columns: list[tuple[str, Callable[[Any], Any] | None]]

    @classmethod
    def of(cls, query: Select[Any], dialect: Dialect) -> Self:
        """Return a query for a dialect."""
        compiled = query.compile(dialect=dialect)
        return cls(
            statement=str(compiled),
            constants=compiled.params,
            order=list(compiled.positiontup) if compiled.positiontup else None,
            columns=[
                (column.name, column.type.dialect_impl(dialect).result_processor(dialect, None))
                for column in query.selected_columns
            ],
        )


_READS: Final[dict[tuple[Select[Any], str], _Read]] = {}


def read(
    connection: Connection, query: Select[Any], values: Mapping[str, object]
) -> list[Mapping[str, Any]]:
    """Return the rows of a query that was built once, by the driver's own cursor.

    Its parameters are text, numbers and bytes, none of them a list. A transaction begins where
    there is none, as with Core, which spends longer on a small statement than the database does.
    """
    if not connection.in_transaction():
        connection.begin()
    key = (query, connection.dialect.name)
    if key not in _READS:
        _READS[key] = _Read.of(query, connection.dialect)
    known = _READS[key]
    given = {**known.constants, **values}
    marked = given if known.order is None else [given[name] for name in known.order]
    return [
        {
            name: value if made is None else made(value)
            for (name, made), value in zip(known.columns, row, strict=True)
        }
        for row in DriverCursor(connection).rows(known.statement, marked)
    ]


_WRITES: Final[dict[tuple[Table, tuple[str, ...], str], str]] = {}


def write(connection: Connection, table: Table, *rows: Mapping[str, object]) -> None:
    """Put in rows, their columns by name and the same in each, as `read` reads them.

    Raises `sqlalchemy.exc.IntegrityError` as Core does.
    """
    if not rows:
        return
    if not connection.in_transaction():
        connection.begin()
    names = tuple(rows[0])
    key = (table, names, connection.dialect.name)
    if key not in _WRITES:
        marks: dict[str, ColumnElement[Any]] = {name: literal_column("?") for name in names}
        query = insert(table).values(marks).inline()
        _WRITES[key] = str(query.compile(dialect=connection.dialect))
    # As the statement names them: in the order of the table's columns.
    order = [column.name for column in table.columns if column.name in rows[0]]
    values = [[row[name] for name in order] for row in rows]
    DriverCursor(connection).change_many(_WRITES[key], values)

"""Statements built once, since building one takes longer than reading a few rows by it.

And what stands in a column, since SQLite keeps a value of any type in a column of any.
"""

from functools import cache
from typing import Any

from sqlalchemy import Insert, Select, Table, bindparam, insert, select


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
def into(table: Table) -> Insert:
    """Return what puts in a row, or several, whose columns are the parameters."""
    return insert(table)


@cache
def first_of(table: Table) -> Select[Any]:
    """Return what reads the one primary key of the first row."""
    return keys_of(table).limit(1)


@cache
def keys_of(table: Table, *columns: str) -> Select[Any]:
    """Return what reads the one primary key of those rows, in its order; as `rows_of`."""
    (key,) = table.primary_key.columns
    wanted = (table.c[name] == bindparam(name) for name in columns)
    return select(key).where(*wanted).order_by(key)

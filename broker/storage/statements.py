"""Statements built once: building one takes longer than reading a few rows by it."""

from functools import cache
from typing import Any

from sqlalchemy import Insert, Select, Table, bindparam, insert, select


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

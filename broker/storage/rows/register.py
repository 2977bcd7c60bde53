"""Rows of people, accounts and sessions: how they are written, and why they are believed.

A row that gives power is written with an event that vouches for it
(`broker.storage.rows.believed`). A row that lives for minutes carries an HMAC of its own.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    and_,
    delete,
    select,
    true,
    update,
)

from broker.domain.people.errors import RowDoubtedError
from broker.storage.rows.believed import BelievedRows, Register, columns_as_bytes, framed
from broker.storage.statements import Stored, bytes_in, keys_of, read, write
from keys import CaseKey, IndexKey, IndexPurpose, Keystore

_FORMAT: Final = b"disclosure-broker/marked-row/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seals:
    """The keys that seal what is personal in the registers."""

    people: CaseKey
    app_codes: CaseKey

    @classmethod
    def of(cls, keystore: Keystore) -> "Seals":
        """Return the keys of a keystore."""
        return cls(
            people=keystore.index_key(IndexPurpose.PEOPLE).sealing_key(),
            app_codes=keystore.index_key(IndexPurpose.APP_CODES).sealing_key(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMark:
    """What the event that makes a row says of it: its name, and the HMAC over what it holds."""

    row: str
    mac: str


class RegisterRows:
    """Writes and reads rows of registers inside the transaction of `connection`."""

    def __init__(self, connection: Connection, rows: BelievedRows) -> None:
        """Believe what `rows` believe."""
        self._connection = connection
        self._rows = rows

    def put(self, table: Table, values: Mapping[str, Any]) -> RowMark:
        """Write a row anew, or over the one with its primary key; return what its event says.

        Raises `RowDisagreesError` where what is written over is not to be believed.
        """
        register, key = Register(table=table), _key_of(table, values)
        (column,) = table.primary_key.columns
        # Whoever writes over a row that somebody put in would vouch for it.
        if self._rows.find(register, values[column.name], to_change=True) is None:
            write(self._connection, table, values)
        else:
            self._connection.execute(update(table).where(key).values(values))
        stored = self._rows.as_stored(register, values[column.name])
        return RowMark(row=stored.name, mac=stored.mac or "")

    def find(self, table: Table, *conditions: ColumnElement[bool]) -> Iterator[Mapping[str, Any]]:
        """Yield the rows that meet `conditions`, by primary key; raise `RowDisagreesError`."""
        (column,) = table.primary_key.columns
        query = select(column).where(*conditions).order_by(column)
        yield from self._found(table, self._connection.scalars(query).all())

    def having(self, table: Table, **values: str) -> Iterator[Mapping[str, Any]]:
        """Yield the rows that hold these values in the columns of these names; as `find`."""
        yield from self._found(
            table, _keys(read(self._connection, keys_of(table, *values), values))
        )

    def keys(self, table: Table, *conditions: ColumnElement[bool]) -> frozenset[str]:
        """Return the keys of the rows that meet `conditions`, and of those that were taken away.

        A hint: `one` believes each, or raises.
        """
        (column,) = table.primary_key.columns
        stored = self._connection.execute(select(column, and_(true(), *conditions))).all()
        gone = {*self._rows.told_of(Register(table=table))} - {key for key, _ in stored}
        return frozenset(gone | {key for key, meets in stored if meets})

    def has_any(self, table: Table) -> bool:
        """Say whether the ledger says that there is a row, so that none put in stops anything."""
        register = Register(table=table)
        told = (self._rows.told_of(register, fresh=fresh) for fresh in (False, True))
        return any(True for _ in chain.from_iterable(told))

    def _found(self, table: Table, keys: Iterable[str]) -> Iterator[Mapping[str, Any]]:
        for key in keys:
            found = self.one(table, key)
            if found is not None:
                yield found

    def one(self, table: Table, key: str) -> Mapping[str, Any] | None:
        """Return the row of a primary key, None where there never was one.

        Raises `RowDisagreesError`, for a row that was taken away too.
        """
        row = self._rows.find(Register(table=table), key)
        return None if row is None else row.columns


class MarkedRows:
    """Rows that carry their own HMAC, since nothing of them stands on the ledger.

    An older true row is believed too, so each says until when it counts.
    """

    def __init__(self, connection: Connection, key: IndexKey) -> None:
        """Believe what `key` authenticates."""
        self._connection = connection
        self._key = key

    def put(self, table: Table, values: Mapping[str, Any]) -> None:
        """Write a row anew, or over the one with its primary key."""
        marked = {**values, "mac": self._mac(table, values)}
        key = _key_of(table, values)
        if self._connection.execute(update(table).where(key).values(marked)).rowcount == 0:
            write(self._connection, table, marked)

    def one(self, table: Table, key: str) -> RowMapping | None:
        """Return the row of a primary key, locked, None where there is none.

        Raises `RowDoubtedError`.
        """
        (column,) = table.primary_key.columns
        query = select(table).where(column == key).with_for_update()
        row = self._connection.execute(query).mappings().first()
        if row is not None and not hmac.compare_digest(
            bytes_in(row["mac"]), self._mac(table, row)
        ):
            raise RowDoubtedError(table.name)
        return row

    def drop(self, table: Table, *conditions: ColumnElement[bool]) -> int:
        """Take rows away, and return how many there were."""
        return self._connection.execute(delete(table).where(*conditions)).rowcount

    def _mac(self, table: Table, row: Stored) -> bytes:
        unmarked = {str(name): value for name, value in row.items() if name != "mac"}
        pieces = (_FORMAT, table.name.encode(), columns_as_bytes(unmarked))
        return self._key.digest(framed(pieces))


def _keys(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what stands in the one column of rows."""
    return [value for row in rows for value in row.values()]


def _key_of(table: Table, values: Mapping[str, Any]) -> ColumnElement[bool]:
    (column,) = table.primary_key.columns
    is_it: ColumnElement[bool] = column == values[column.name]
    return is_it

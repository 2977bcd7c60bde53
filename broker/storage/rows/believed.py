"""Register rows: what stands in the database counts only if the ledger's newest entry says so.

A row of a register is written in one transaction with an event that names it (`row`) and bears
what our key makes of it as it is stored (`row_mac`), or bears nothing where the row is gone. Who
reads it compares. So a row that was put in, edited, deleted, copied from another key or another
installation, or put back as it truly once was, is refused by its name, and nothing else stops.

A register, for its whole use (`tests/integration/test_believed_rows.py` runs this)::

    PANELS = Register(table=tables.panel)                 # and its name in `registers.REGISTERS`

    def panel(self, panel: str) -> Panel | None:          # reading: None where it never was
        row = self._rows.find(PANELS, panel)
        return None if row is None else Panel(**row.columns)

    def move(self, panel: str, day: date, by: PersonId) -> None:
        tx.rows.find(PANELS, panel, to_change=True)       # believe it first, or an edit is blessed
        tx.panels.set_day(panel, day)                     # then write it
        tx.append(events.panel_moved(panel, by, tx.rows.as_stored(PANELS, panel)))

The event's class inherits `audit.format.events.RowChanged`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, Final, TypeAlias

import structlog
from sqlalchemy import Column, Connection, Table, select

from audit.log.known import Known
from broker.domain.errors import RowDisagreesError
from broker.storage.statements import read, rows_of
from keys import IndexKey

_log = structlog.get_logger()

_FORMAT: Final = b"disclosure-broker/row/1"
_SET_FORMAT: Final = b"disclosure-broker/rows-of-one/1"
_TRIES: Final = 3
_NO_VALUES: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A table whose rows the ledger names; those of `parts` belong to one and count with it.

    The first column of a part's primary key names the row that it belongs to.
    """

    table: Table
    parts: tuple[Table, ...] = ()

    def name(self, *key: str) -> str:
        """Return what the ledger calls a row."""
        return "/".join((self.table.name, *key))


Rows: TypeAlias = Sequence[Mapping[str, Any]]
"""Columns by name, of several rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRow:
    """A believed row: its columns by name, and the rows that belong to it, by their table."""

    columns: Mapping[str, Any]
    parts: Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAsStored:
    """What an event says of a row: its name, and what our key makes of it; None if it is gone."""

    name: str
    mac: str | None


class BelievedRows:
    """The rows of registers, read inside the caller's transaction."""

    def __init__(
        self, connection: Connection, authenticator: IndexKey, known: Callable[[], Known]
    ) -> None:
        """Read by `connection`; `known` gives what the ledger says at this moment."""
        self._connection = connection
        self._authenticator = authenticator
        self._know = known
        self._known: Known | None = None

    def find(
        self, register: Register, *key: str, to_change: bool = False, is_new: bool = False
    ) -> StoredRow | None:
        """Return a row as the ledger says it is, None where it says that there is none.

        Its parts are asked for where there is none too, so that time tells nobody what is hidden
        and what is not; but not where `is_new`: whoever asks is about to write it.
        `to_change` locks it: whoever writes a row must have believed it first, or would bless what
        somebody else wrote. Raises `RowDisagreesError` where the database says otherwise.
        """
        name = register.name(*key)
        for attempt in range(_TRIES):
            # Another gateway may have changed it between one reading and the other.
            row = self._read(register, key, to_change=to_change, is_new=is_new)
            if self._is_as_said(name, row, self._newest(fresh=attempt > 0)):
                return row
        _log.error("row-disagrees", row=name)
        raise RowDisagreesError(name)

    def many(self, register: Register, keys: Collection[str]) -> Mapping[str, StoredRow]:
        """Return, in one reading, the rows of these keys that are as the ledger says, by key.

        For tables with one key and no parts. What is left out is to be asked for by `find`.
        """
        (column,) = register.table.primary_key.columns
        query = select(register.table).where(column.in_(keys))
        stored = self._connection.execute(query).mappings()
        rows = {str(row[column.name]): StoredRow(columns={**row}, parts={}) for row in stored}
        known = self._newest(fresh=False)
        return {
            key: row
            for key, row in rows.items()
            if self._is_as_said(register.name(key), row, known)
        }

    def is_told_of(self, register: Register, *key: str) -> bool:
        """Say whether the ledger says that there is such a row, whatever is stored."""
        said = self._newest(fresh=False).row(register.name(*key))
        return said is not None and said.mac is not None

    def told_of(self, register: Register, *, fresh: bool = False) -> Iterator[str]:
        """Yield the key of every row that the ledger says there is, for tables with one key."""
        known = self._newest(fresh=fresh)
        for name in known.rows(register.table.name):
            said = known.row(name)
            if said is not None and said.mac is not None:
                yield name.partition("/")[2]

    def all(self, register: Register) -> tuple[StoredRow, ...]:
        """Return every row of a register that is as the ledger says.

        Others are left out; `differing` names them.
        """
        rows, differing = self._compared(register)
        return tuple(row for name, row in rows.items() if name not in differing)

    def differing(self, register: Register) -> frozenset[str]:
        """Return the name of every row that the ledger says otherwise of, or knows nothing of."""
        return self._compared(register)[1]

    def unnamed(self, register: Register) -> Mapping[str, StoredRow]:
        """Return the rows, by name, of which no entry ever spoke; nothing of them is believed."""
        known = self._newest(fresh=True)
        rows = self._read_all(register)
        return {name: row for name, row in rows.items() if known.row(name) is None}

    def as_read(self, name: str, row: StoredRow) -> RowAsStored:
        """Return what an event says of a row that was just read, whatever is stored by now."""
        return RowAsStored(name=name, mac=self._mac(name, row))

    def as_stored(self, register: Register, *key: str) -> RowAsStored:
        """Return what the event that is recorded with a row says of it, now that it is written."""
        name, row = register.name(*key), self._read(register, key)
        return RowAsStored(name=name, mac=None if row is None else self._mac(name, row))

    def set_as_stored(self, name: str, rows: Rows) -> RowAsStored:
        """Return what an event says of rows that count together, however many: none too."""
        pieces = (_SET_FORMAT, name.encode(), *sorted(map(columns_as_bytes, rows)))
        return RowAsStored(name=name, mac=self._authenticator.digest(framed(pieces)).hex())

    def believes_set(self, name: str, rows: Rows) -> bool:
        """Say whether rows that count together are those of the newest entry that names them.

        Of what no entry names, an earlier release recorded nothing; it is taken as it stands.
        """
        stored = self.set_as_stored(name, rows)
        known = self._newest(fresh=False)
        return _is_said(stored, known) or _is_said(stored, self._newest(fresh=True))

    def _newest(self, *, fresh: bool) -> Known:
        if fresh or self._known is None:
            self._known = self._know()
        return self._known

    def _compared(self, register: Register) -> tuple[Mapping[str, StoredRow], frozenset[str]]:
        """Return every stored row by its name, and the names that the ledger disagrees about."""
        rows, differing = self._compared_once(register, fresh=False)
        return (rows, differing) if not differing else self._compared_once(register, fresh=True)

    def _compared_once(
        self, register: Register, *, fresh: bool
    ) -> tuple[Mapping[str, StoredRow], frozenset[str]]:
        rows, known = self._read_all(register), self._newest(fresh=fresh)
        names = {*rows, *known.rows(register.table.name)}
        differing = (name for name in names if not self._is_as_said(name, rows.get(name), known))
        return rows, frozenset(differing)

    def _is_as_said(self, name: str, row: StoredRow | None, known: Known) -> bool:
        said = known.row(name)
        mac = None if said is None else said.mac
        if row is None or mac is None:
            return row is None and mac is None
        return compare_digest(mac, self._mac(name, row))

    def _mac(self, name: str, row: StoredRow) -> str:
        pieces = [_FORMAT, name.encode(), columns_as_bytes(row.columns)]
        for part in sorted(row.parts):
            # No database sorts text as another does.
            pieces += [part.encode(), framed(sorted(map(columns_as_bytes, row.parts[part])))]
        return self._authenticator.digest(framed(pieces)).hex()

    def _read(
        self,
        register: Register,
        key: tuple[str, ...],
        *,
        to_change: bool = False,
        is_new: bool = False,
    ) -> StoredRow | None:
        names = [column.name for column in register.table.primary_key.columns]
        query = rows_of(register.table, *names, locked=to_change)
        found = read(self._connection, query, dict(zip(names, key, strict=True)))
        if not found and is_new:
            return None
        parts = {
            part.name: read(self._connection, rows_of(part, owner), {owner: key[0]})
            for part, owner in ((part, _owner(part).name) for part in register.parts)
        }
        return StoredRow(columns=found[0], parts=parts) if found else None

    def _read_all(self, register: Register) -> dict[str, StoredRow]:
        parts = {part.name: self._by_owner(part) for part in register.parts}
        names = [column.name for column in register.table.primary_key.columns]
        found: dict[str, StoredRow] = {}
        for row in read(self._connection, rows_of(register.table), _NO_VALUES):
            key = [str(row[name]) for name in names]
            found[register.name(*key)] = StoredRow(
                columns=row, parts={name: of.get(key[0], ()) for name, of in parts.items()}
            )
        return found

    def _by_owner(self, part: Table) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        found = defaultdict[str, list[Mapping[str, Any]]](list)
        for row in read(self._connection, rows_of(part), _NO_VALUES):
            found[str(row[_owner(part).name])].append(row)
        return found


def _is_said(stored: RowAsStored, known: Known) -> bool:
    said = known.row(stored.name)
    if said is None or said.mac is None:
        return True
    return compare_digest(said.mac, stored.mac or "")


def _owner(part: Table) -> Column[Any]:
    return next(iter(part.primary_key.columns))


def columns_as_bytes(row: Mapping[str, Any]) -> bytes:
    """Return what stands in a row: every column that holds anything, by its name.

    An empty column counts for nothing, so that a later release may add one.
    """
    pieces: list[bytes] = []
    for name, value in sorted(row.items()):
        if value is not None:
            pieces += (name.encode(), _spelt(value))
    return framed(pieces)


def _spelt(value: object) -> bytes:
    """Return the bytes of a value: the same from either database, others for another type."""
    if isinstance(value, str):
        return b"s" + value.encode()
    if isinstance(value, bytes):
        return b"x" + value
    return f"{type(value).__name__} {value}".encode()


def framed(pieces: Iterable[bytes]) -> bytes:
    """Return the pieces joined so that no others give the same bytes: each after its length.

    >>> framed([b"ab", b"c"]) == framed([b"a", b"bc"])
    False
    """
    # A list: each row that is believed is framed, and a generator takes twice as long.
    return b"".join([len(piece).to_bytes(8, "big") + piece for piece in pieces])

"""The ledger in the database: append last in the caller's transaction, and read."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from hmac import compare_digest
from types import UnionType
from typing import Final, cast

from sqlalchemy import BigInteger, Connection, Select, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from audit.errors import (
    EventIdTakenError,
    ForeignGrowthError,
    ForeignRowsError,
    LedgerLockError,
    LedgerNotOpenError,
    UnrecordableEventError,
)
from audit.format.entry import Entry, parse_entry
from audit.format.event_table import OF_THE_LEDGER, check_event
from audit.format.gateway_counters import Counters
from audit.format.merkle.tree import Frontier
from audit.format.vocabulary import Words, no_words
from audit.log.append.chain import Authenticator, Chain, Event, Head
from audit.log.append.clock import Clock, Entropy
from audit.log.append.entry_writer import write_entry
from audit.log.append.numbering import next_number
from audit.log.append.tile_writer import fill_tiles
from audit.log.driver import DriverCursor, Row, as_stored
from audit.log.tables import ledger_checkpoint, ledger_entry, ledger_head, ledger_tile, stored_id

_HEAD: Final = (
    "SELECT origin, size, previous_leaf, frontier, last_moment, gateways, authenticator"
    " FROM ledger_head WHERE id = 1"
)
_HEAD_TYPES: Final[tuple[type | UnionType, ...]] = (
    *(str, int, bytes, bytes, str, str),
    bytes | None,
)
_INSERT: Final = (
    "INSERT INTO ledger_entry (seq, entry, leaf, event_id, reference) VALUES (?, ?, ?, ?, ?)"
)
_ADVANCE: Final = (
    "UPDATE ledger_head SET size = ?, previous_leaf = ?, frontier = ?, last_moment = ?,"
    " gateways = ?, authenticator = ? WHERE id = 1 AND size = ?"
)
_FEW_ENTRIES: Final = "SELECT entry FROM ledger_entry WHERE seq >= ? AND seq < ? ORDER BY seq"
_FEW_LEAVES: Final = "SELECT leaf FROM ledger_entry WHERE seq >= ? AND seq < ? ORDER BY seq"
_BATCH: Final = 1_000
_FIRST: Final = bindparam("first", type_=BigInteger())
_END: Final = bindparam("end", type_=BigInteger())
_SOME: Final = (ledger_entry.c.seq >= _FIRST, ledger_entry.c.seq < _END)
# Built once: that takes longer than to read a few rows.
_ENTRIES: Final = select(ledger_entry.c.entry).where(*_SOME).order_by(ledger_entry.c.seq)
_LEAVES: Final = select(ledger_entry.c.leaf).where(*_SOME).order_by(ledger_entry.c.seq)
_END_OF_ALL: Final = 2**63 - 1


class Ledger:
    """The log of one database, inside the caller's transaction; it never commits.

    `gateway` is who appends (1 to 64 of a-z, 0-9 and -); each gateway's entries are numbered.

    On SQLite the caller's transaction begins with BEGIN IMMEDIATE; on PostgreSQL it is READ
    COMMITTED, and whoever appends waits for the row of the head.

    With an `authenticator` the log grows only by who holds it: a head that does not bear what it
    makes raises `ForeignGrowthError` before anything is appended, signed or proved. Without one
    the head bears nothing.

    `alone` says that nobody else can append before the transaction ends, or that none of it would
    be seen: the head is then read, and its authenticator checked, once before each append.

    `words` gives the closed lists of what may be recorded of a decision, a duty or a role; without
    them no event that needs such a word is appended.
    """

    def __init__(  # noqa: PLR0913 - each is one part that the composition root chooses
        self,
        connection: Connection,
        clock: Clock,
        gateway: str,
        *,
        entropy: Entropy = os.urandom,
        authenticator: Authenticator | None = None,
        words: Words = no_words,
        alone: bool = False,
    ) -> None:
        self._words = words
        self._alone = alone
        self._standing: Head | None = None
        self._authenticator = authenticator
        self._connection = connection
        self._clock = clock
        self._gateway = gateway
        self._entropy = entropy

    def open_log(self, origin: str) -> Entry:
        """Begin the log named `origin` (a URL without scheme), for life, and return entry 0.

        Raises `LedgerNotOpenError` where this database has a log already, and
        `UnrecordableEventError` where the name cannot be one.
        """
        opening: Event = {"type": "log.open", "origin": origin}
        check_event(opening, self._words)
        if self._connection.scalar(select(ledger_head.c.id)) is not None:
            raise LedgerNotOpenError(
                "This database has a log already; a log keeps its name for life. Use it as it is."
            )
        empty = Head(origin=origin)
        self._connection.execute(
            insert(ledger_head).values(
                id=1,
                origin=origin,
                size=empty.size,
                previous_leaf=empty.previous_leaf,
                frontier=empty.frontier.to_bytes(),
                last_moment=empty.last_moment,
                gateways=str(empty.counters),
                authenticator=self._authenticated(empty),
            )
        )
        (entry,) = self._append((opening,))
        return entry

    def append(self, events: Iterable[Event]) -> tuple[Entry, ...]:
        """Append the events in order and return their entries. Do it last before the commit.

        Writers queue here until the holder commits. An event whose `id` was given and is in the
        ledger already, with the same contents, is not appended again: its entry is returned.
        Raises `UnrecordableEventError`, `EventIdTakenError`, `LedgerNotOpenError` or
        `LedgerLockError`; the transaction must then be rolled back.
        """
        given = tuple(events)
        for event in given:
            check_event(event, self._words)
            if event["type"] in {"log.open", "restored"}:
                raise UnrecordableEventError(
                    "A log is opened once, by open_log, as entry 0, and goes on under another "
                    "name by restore_log alone."
                )
        return self._append(given)

    def restore_log(self, event: Event) -> Entry:
        """Append a `restored` event, from which the log goes on under the name that it gives.

        Raises as `append` does, and `UnrecordableEventError` for the name that it has.
        """
        check_event(event, self._words)
        if event["type"] != "restored" or event["origin"] == self.head().origin:
            raise UnrecordableEventError("A log that was restored goes on under another name.")
        (entry,) = self._append((event,))
        renamed = replace(self.head(), origin=str(event["origin"]))
        self._connection.execute(
            update(ledger_head).values(
                origin=renamed.origin, authenticator=self._authenticated(renamed)
            )
        )
        self.look_again()
        return entry

    def authenticate(self) -> None:
        """Let the head bear an authenticator that has none; raise `ForeignGrowthError` otherwise.

        The caller has verified every entry against heads that were signed before.
        """
        head, authenticator = self._stored_head()
        if authenticator is not None:
            raise ForeignGrowthError
        self._connection.execute(
            update(ledger_head).values(authenticator=self._authenticated(head))
        )
        self.look_again()

    def head(self) -> Head:
        """Return where the log stands; raises `LedgerNotOpenError`, `ForeignGrowthError`."""
        if self._standing is not None:
            return self._standing
        head = self._own(*self._stored_head())
        if self._alone:
            self._standing = head
        return head

    def look_again(self) -> None:
        """Take the head for unread: it was written, or what was appended is taken back."""
        self._standing = None

    def is_authenticated(self) -> bool:
        """Say whether the head bears any authenticator yet."""
        _, authenticator = self._stored_head()
        return authenticator is not None

    def origin(self) -> str:
        """Return the log's name, whatever else its head says, or raise `LedgerNotOpenError`."""
        origin: str | None = self._connection.scalar(select(ledger_head.c.origin))
        if origin is None:
            raise _not_open()
        return origin

    def raw_entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the stored bytes of entries `start` up to but not `stop`, in order."""
        end = _END_OF_ALL if stop is None else stop
        yield from self._between(_FEW_ENTRIES, _ENTRIES, start, end)

    def raw_at(self, numbers: Sequence[int]) -> Mapping[int, bytes]:
        """Return the stored bytes of the entries of these numbers, as far as they are there."""
        column = ledger_entry.c
        found: dict[int, bytes] = {}
        for start in range(0, len(numbers), _BATCH):
            some = column.seq.in_(numbers[start : start + _BATCH])
            for seq, raw in self._connection.execute(select(column.seq, column.entry).where(some)):
                found[seq] = as_stored(raw)
        return found

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[Entry]:
        """Yield entries `start` up to but not `stop`; raises `MalformedEntryError`."""
        return map(parse_entry, self.raw_entries(start, stop))

    def entry_of(self, event_id: str) -> Entry | None:
        """Return the entry whose event has this identifier, or None."""
        known = ledger_entry.c.event_id == stored_id(event_id)
        raw = self._connection.scalar(select(ledger_entry.c.entry).where(known))
        return None if raw is None else parse_entry(raw)

    def entries_about(self, reference: str) -> tuple[Entry, ...]:
        """Return what a column says are the entries about one disclosure, oldest first.

        A hint that anybody with the database can change: for looking at, never for deciding.
        """
        column = ledger_entry.c
        counted = select(ledger_head.c.size).scalar_subquery()
        query = (
            select(column.entry)
            .where(column.reference == reference, column.seq < counted)
            .order_by(column.seq)
        )
        return tuple(parse_entry(raw) for raw in self._connection.scalars(query))

    def leaves(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the 32-byte leaf hashes of entries `start` up to but not `stop`."""
        yield from self._between(_FEW_LEAVES, _LEAVES, start, stop)

    def tiles(self, level: int, start: int, stop: int) -> Iterator[bytes]:
        """Yield the stored full tiles of a level, number `start` up to but not `stop`."""
        column = ledger_tile.c
        query = select(column.hashes).where(column.level == level)
        query = query.where(column.number >= _FIRST, column.number < _END)
        yield from self._streamed(query.order_by(column.number), start, stop)

    def signed_size(self) -> int:
        """Return how many entries the largest recorded checkpoint counts; 0 without any."""
        return self._connection.scalar(select(func.max(ledger_checkpoint.c.size))) or 0

    def newest_note(self) -> bytes | None:
        """Return the recorded checkpoint of the largest size, None without any."""
        query = select(ledger_checkpoint.c.note).order_by(ledger_checkpoint.c.size.desc())
        return self._connection.scalar(query.limit(1))

    def record_checkpoint(self, size: int, note: bytes) -> None:
        """Store the signed head of `size` entries; storing it again changes nothing."""
        column = ledger_checkpoint.c
        if self._connection.scalar(select(column.size).where(column.size == size)) is None:
            self._connection.execute(insert(ledger_checkpoint).values(size=size, note=note))

    def checkpoints(self) -> Iterator[tuple[int, bytes]]:
        """Yield size and note of the stored signed heads, by size."""
        query = select(ledger_checkpoint).order_by(ledger_checkpoint.c.size)
        for row in self._connection.execute(query):
            yield row.size, row.note

    def _between(self, few: str, many: Select[bytes], first: int, end: int) -> Iterator[bytes]:
        if end - first <= _BATCH:
            return self._few(few, first, end)
        return self._streamed(many, first, end)

    def _few(self, statement: str, first: int, end: int) -> Iterator[bytes]:
        """Yield what fits in memory: each answer reads a few rows, and Core costs more than they.

        Begins a transaction where there is none, as Core does.
        """
        for (value,) in self._cursor().rows(statement, (first, end)):
            yield as_stored(value)

    def _cursor(self) -> DriverCursor:
        if not self._connection.in_transaction():
            self._connection.begin()
        return DriverCursor(self._connection)

    def _streamed(self, query: Select[bytes], first: int, end: int) -> Iterator[bytes]:
        span, by = {"first": first, "end": end}, {"yield_per": _BATCH}
        # A reader who stops early must not leave the server's cursor open.
        with closing(self._connection.scalars(query, span, execution_options=by)) as found:
            for some in found.partitions(_BATCH):
                yield from map(as_stored, some)

    def _append(self, events: Sequence[Event]) -> tuple[Entry, ...]:
        if not self._connection.in_transaction():
            # The driver's cursor would not begin one, and each statement would stand alone.
            raise LedgerLockError(
                "There is no transaction to append in, so nothing was recorded. Begin one first."
            )
        cursor = DriverCursor(self._connection)
        head = self._own(*_head_of(cursor.locked_row(_HEAD)))
        chain = Chain(
            head=head,
            gateway=self._gateway,
            clock=self._clock,
            entropy=self._entropy,
            about=partial(next_number, cursor, head.size),
        )
        _refuse_twice(events)
        known = [self._known(event) for event in events]
        entries = tuple(
            entry or chain.add(event) for entry, event in zip(known, events, strict=True)
        )
        added = [_row(entry) for entry in entries if entry.seq >= head.size]
        if added:
            self._insert(cursor, added)
            fill_tiles(cursor, head.size, chain.head.size)
            _advance(cursor, head, chain.head, self._authenticated(chain.head))
            self.look_again()
        return entries

    def _insert(self, cursor: DriverCursor, rows: Sequence[Row]) -> None:
        try:
            cursor.change_many(_INSERT, rows)
        except IntegrityError as error:
            # Under the head's lock nobody of ours takes a number or an identifier meanwhile.
            raise ForeignRowsError from error

    def _stored_head(self) -> tuple[Head, bytes | None]:
        return _head_of(self._cursor().row(_HEAD))

    def _authenticated(self, head: Head) -> bytes | None:
        return (
            None if self._authenticator is None else self._authenticator.digest(head.statement())
        )

    def _own(self, head: Head, authenticator: bytes | None) -> Head:
        """Return the head if this installation wrote it, or raise `ForeignGrowthError`."""
        if self._authenticator is None:
            return head
        expected = self._authenticator.digest(head.statement())
        if authenticator is None or not compare_digest(authenticator, expected):
            raise ForeignGrowthError
        return head

    def _known(self, event: Event) -> Entry | None:
        event_id = event.get("id")
        entry = None if event_id is None else self.entry_of(str(event_id))
        if entry is None:
            return None
        stamp = {name: entry.event[name] for name in OF_THE_LEDGER if name in entry.event}
        if write_entry({**event, **stamp}, entry.previous, entry.seq) != entry:
            raise EventIdTakenError(
                "An event with this identifier and other contents is in the ledger already, so "
                "nothing was recorded. Give each event an identifier of its own."
            )
        return entry


def _refuse_twice(events: Sequence[Event]) -> None:
    given = [event["id"] for event in events if "id" in event]
    if len(given) != len(set(given)):
        raise EventIdTakenError(
            "Two events were given one identifier, so nothing was recorded. Give each event an "
            "identifier of its own."
        )


def _head_of(row: Sequence[object] | None) -> tuple[Head, bytes | None]:
    if row is None:
        raise _not_open()
    if not all(isinstance(one, type_) for one, type_ in zip(row, _HEAD_TYPES, strict=True)):
        # SQLite keeps any value in any column, and none of these did we write.
        raise ForeignGrowthError
    origin, size, previous_leaf, frontier, last_moment, gateways, authenticator = cast(
        "tuple[str, int, bytes, bytes, str, str, bytes | None]", row
    )
    head = Head(
        origin=origin,
        frontier=Frontier.parse(size, frontier),
        previous_leaf=previous_leaf,
        last_moment=last_moment,
        counters=Counters.parse(gateways),
    )
    return head, authenticator


def _row(entry: Entry) -> tuple[object, ...]:
    return entry.seq, entry.raw, entry.leaf, stored_id(entry.event_id), entry.reference


def _advance(cursor: DriverCursor, old: Head, new: Head, authenticator: bytes | None) -> None:
    edge = new.frontier
    known = (edge.size, new.previous_leaf, edge.to_bytes(), new.last_moment, str(new.counters))
    parameters = (*known, authenticator, old.size)
    if cursor.change(_ADVANCE, parameters) != 1:
        raise LedgerLockError(
            "Somebody else appended meanwhile, so nothing of this was recorded. Begin the "
            "transaction with BEGIN IMMEDIATE on SQLite, READ COMMITTED on PostgreSQL."
        )


def _not_open() -> LedgerNotOpenError:
    return LedgerNotOpenError("This database has no log yet. Run: broker init")

"""What the log says about each subject, known only from entries that its own head stands for.

Columns beside an entry are hints that anybody with the database can change, so nothing here asks
them. Every entry names the leaf hash of the one before it, so whoever has hashed them all up to
the leaf that an authenticated head names knows that none is missing, put in or changed. A use
hashes what was appended since the one before it, however long the log is.
"""

import threading
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, Protocol, TypeAlias, cast

import orjson

from audit.errors import BrokenLedgerError, Rule
from audit.format.entry import GENESIS, Entry
from audit.format.merkle.tree import leaf_hash, leaf_hashes
from audit.log.append.chain import Head

REF: Final = "ref"
"""The kind of subject of what is about a disclosure; its key is the reference."""

CASE: Final = "case"
"""The kind of subject of what is about a case; its key is the case's identifier."""

TYPE: Final = "type"
"""The kind of subject of what is about neither, nor a row; its key is the type of the event."""

Event: TypeAlias = Mapping[str, object]
"""What an entry records, by the names of its fields."""

Numbers: TypeAlias = "array[int]"
"""Numbers of entries, ascending, eight bytes each."""

_LEAF: Final = len(GENESIS)
_LINK: Final = 2 * _LEAF
_BATCH: Final = 1_000
_RECENT: Final = 4_096
_MARKS: Final = tuple((kind, b'"%s":"' % kind.encode()) for kind in (REF, CASE))
_ROW: Final = b'"row":"'


class KnowableLog(Protocol):
    """Where entries are read; `Ledger` is one."""

    def head(self) -> Head:
        """Return where the log stands, or raise where the head is not this installation's."""
        ...

    def raw_entries(self, start: int, stop: int, /) -> Iterable[bytes]:
        """Return the stored bytes of entries `start` up to but not `stop`."""
        ...

    def raw_at(self, numbers: Sequence[int], /) -> Mapping[int, bytes]:
        """Return the stored bytes of the entries of these numbers, as far as they are there."""
        ...


@dataclass(frozen=True, slots=True)
class RowSaid:
    """What one entry says of a row: its authenticator in hexadecimal, None that it is gone."""

    seq: int
    mac: str | None


@dataclass(slots=True)
class Index:
    """The numbers of the entries about each subject, and what is said of each row, in order."""

    leaves: bytearray = field(default_factory=bytearray)
    numbers: dict[str, dict[str, Numbers]] = field(
        default_factory=lambda: defaultdict[str, dict[str, Numbers]](dict)
    )
    rows: dict[str, dict[str, list[RowSaid]]] = field(
        default_factory=lambda: defaultdict[str, dict[str, list[RowSaid]]](dict)
    )

    @property
    def size(self) -> int:
        """How many entries are known."""
        return len(self.leaves) // _LEAF

    def leaf(self, seq: int) -> bytes:
        """Return the leaf hash of a known entry; before the first, what entry 0 names."""
        return GENESIS if seq < 0 else bytes(self.leaves[seq * _LEAF : (seq + 1) * _LEAF])

    def extend(self, batch: Sequence[bytes], leaves: Sequence[bytes]) -> None:
        """Know the next entries, whose leaf hashes these are.

        Their bytes are searched, since reading them takes five times as long; no text in an entry
        holds a quotation mark, so each name is found in one place alone.
        """
        start, joined = self.size, b"".join(batch)
        self.leaves += b"".join(leaves)
        marks = [(self.numbers[kind], mark) for kind, mark in _MARKS if mark in joined]
        has_rows = _ROW in joined
        for seq, raw in enumerate(batch, start):
            named = False
            for keyed, mark in marks:
                place = raw.find(mark)
                if place >= 0:
                    named, place = True, place + len(mark)
                    key = raw[place : raw.find(b'"', place)].decode("ascii", "replace")
                    found = keyed.get(key)
                    if found is None:
                        found = keyed[key] = array("Q")
                    found.append(seq)
            if not named or (has_rows and _ROW in raw):
                self._add_event(seq, _event_of(raw, seq))

    def _add_event(self, seq: int, event: Event) -> None:
        row, mac = event.get("row"), event.get("row_mac")
        if isinstance(row, str):
            table, _, key = row.partition("/")
            said = RowSaid(seq, mac if isinstance(mac, str) else None)
            self.rows[table].setdefault(key, []).append(said)
        else:
            self.numbers[TYPE].setdefault(str(event["type"]), array("Q")).append(seq)

    def cut(self, size: int) -> None:
        """Forget every entry from number `size` on."""
        del self.leaves[size * _LEAF :]
        for keyed in self.numbers.values():
            for numbers in keyed.values():
                del numbers[bisect_left(numbers, size) :]
        for said in self.rows.values():
            for row in said.values():
                del row[_place(row, size) :]


def _place(row: Sequence[RowSaid], size: int) -> int:
    return bisect_left(row, size, key=lambda said: said.seq)


class KnownLog:
    """What one process knows of its log; shared by all threads, grown by whoever uses it.

    It grows from the last entry that it knows to the head of the transaction that asks. What a
    transaction appended and rolled back is in no other's head, so nobody else is told of it, and
    it is forgotten once another entry stands in its place.
    """

    def __init__(self, index: Index | None = None) -> None:
        self._index = index or Index()
        self._recent: OrderedDict[int, Entry] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """How many entries are known by now."""
        return self._index.size

    def at(self, log: KnowableLog) -> "Known":
        """Return what is known up to the head of `log`, read inside the caller's transaction.

        Raises `BrokenLedgerError` where what is stored does not lead to the head, and what
        `KnowableLog.head` raises.
        """
        head = log.head()
        with self._lock:
            if not self._leads_to(head):
                try:
                    self._grow(log, head)
                except BrokenLedgerError:
                    if not self._forgot_what_is_gone(log, head):
                        raise
                    self._grow(log, head)
        return Known(known=self, log=log, size=head.size)

    def index(self) -> Index:
        """Return what is known, to be kept by whoever holds nobody up."""
        return self._index

    def numbers(self, kind: str, key: str, size: int) -> list[int]:
        """Return the numbers below `size` of the entries about a subject."""
        with self._lock:
            found = self._index.numbers[kind].get(key, array("Q"))
            return list(found[: bisect_left(found, size)])

    def row(self, table: str, key: str, size: int) -> RowSaid | None:
        """Return what the newest entry below `size` says of a row, None where none names it."""
        with self._lock:
            said = self._index.rows[table].get(key)
            if not said:
                return None
            if said[-1].seq < size:
                return said[-1]
            place = _place(said, size)
            return said[place - 1] if place else None

    def row_numbers(self, table: str, key: str, size: int) -> list[int]:
        """Return the numbers below `size` of the entries that name a row."""
        with self._lock:
            said = self._index.rows[table].get(key, [])
            return [one.seq for one in said[: _place(said, size)]]

    def keys(self, table: str) -> list[str]:
        """Return the keys of every row of a table that an entry ever named."""
        with self._lock:
            return list(self._index.rows[table])

    def entries(self, log: KnowableLog, numbers: Sequence[int]) -> tuple[Entry, ...]:
        """Return known entries as they were recorded, whatever is stored by now.

        Raises `BrokenLedgerError` where one is not at hand and stored otherwise by now.
        """
        with self._lock:
            found = {seq: self._recent[seq] for seq in numbers if seq in self._recent}
            for seq in found:
                self._recent.move_to_end(seq)
        missing = [seq for seq in numbers if seq not in found]
        if missing:
            stored = log.raw_at(missing)
            with self._lock:
                for seq in missing:
                    found[seq] = self.checked(seq, stored.get(seq, b""))
                    self._keep(found[seq])
        return tuple(found[seq] for seq in numbers)

    def _leads_to(self, head: Head) -> bool:
        known = self._index
        return head.size <= known.size and known.leaf(head.size - 1) == head.previous_leaf

    def _forgot_what_is_gone(self, log: KnowableLog, head: Head) -> bool:
        """Cut what is known down to what the log still holds, and say whether that was less."""
        known = self._index

        def is_gone(seq: int) -> bool:
            return leaf_hash(log.raw_at([seq]).get(seq, b"")) != known.leaf(seq)

        # An entry names all before it by hash: where one is the same, so are they.
        size = bisect_right(range(min(head.size, known.size)), 0, key=is_gone)
        was_less = size < known.size
        known.cut(size)
        self._recent.clear()
        return was_less

    def _grow(self, log: KnowableLog, head: Head) -> None:
        """Know the entries up to the head, or none of them."""
        known = self._index
        start = known.size
        raws = iter(log.raw_entries(start, head.size))
        try:
            while batch := [*islice(raws, _BATCH)]:
                self._grow_by(batch, head)
            if (known.size, known.leaf(known.size - 1)) != (head.size, head.previous_leaf):
                raise _broken(None)  # noqa: TRY301  # what was added is taken back below
        except BaseException:
            known.cut(start)
            self._recent.clear()
            raise

    def _grow_by(self, batch: Sequence[bytes], head: Head) -> None:
        known = self._index
        start, leaves = known.size, leaf_hashes(batch)
        links = b"".join((known.leaf(start - 1), *leaves[:-1])).hex().encode()
        for place, raw in enumerate(batch):
            link = links[place * _LINK : (place + 1) * _LINK]
            if not raw.endswith(b'},"prev":"%s","seq":%d,"v":1}' % (link, start + place)):
                raise _broken(start + place)
        known.extend(batch, leaves)
        for seq in range(max(start, head.size - _RECENT), known.size):
            self._keep(self._entry(seq, batch[seq - start]))

    def checked(self, seq: int, raw: bytes) -> Entry:
        """Return a known entry that was read again, or raise `BrokenLedgerError`."""
        if leaf_hash(raw) != self._index.leaf(seq):
            raise _broken(seq)
        return self._entry(seq, raw)

    def checked_events(self, start: int, batch: Sequence[bytes]) -> Iterator[Event]:
        """Yield what known entries from number `start` record, read again; raises as `checked`."""
        known, numbers = self._index, range(start, start + len(batch))
        said = bytes(known.leaves[start * _LEAF : numbers.stop * _LEAF])
        if said != b"".join(leaf_hashes(batch)):
            for seq, raw in zip(numbers, batch, strict=True):
                self.checked(seq, raw)
        return map(_event_of, batch, numbers)

    def _entry(self, seq: int, raw: bytes) -> Entry:
        known = self._index
        return Entry(
            raw=raw,
            leaf=known.leaf(seq),
            seq=seq,
            previous=known.leaf(seq - 1),
            event=_event_of(raw, seq),
        )

    def _keep(self, entry: Entry) -> None:
        self._recent[entry.seq] = entry
        if len(self._recent) > _RECENT:
            self._recent.popitem(last=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known up to one head: `size` entries, whatever others have appended since."""

    known: KnownLog
    log: KnowableLog
    size: int

    def about(self, kind: str, key: str) -> tuple[Entry, ...]:
        """Return the entries about a subject (`REF`, `CASE` or `TYPE`), oldest first.

        Raises `BrokenLedgerError` where one is stored otherwise by now.
        """
        return self.known.entries(self.log, self.known.numbers(kind, key, self.size))

    def newest(self, kind: str, key: str) -> Entry | None:
        """Return the newest entry about a subject, or None; raises as `about`."""
        found = self.known.entries(self.log, self.known.numbers(kind, key, self.size)[-1:])
        return found[0] if found else None

    def events(self) -> Iterator[Event]:
        """Yield what every entry records, oldest first; raises as `about`.

        Whole entries would take half as long again, and there are hundreds of thousands.
        """
        raws, seq = iter(self.log.raw_entries(0, self.size)), 0
        while batch := [*islice(raws, _BATCH)]:
            yield from self.known.checked_events(seq, batch)
            seq += len(batch)

    def checked(self, seq: int, raw: bytes) -> Entry:
        """Return an entry of which the stored bytes are at hand; raises as `about`."""
        return self.known.checked(seq, raw)

    def row(self, name: str) -> RowSaid | None:
        """Return what the newest entry says of the row "<table>/<key>", None where none names it.

        No row of the database is read for it.
        """
        table, _, key = name.partition("/")
        return self.known.row(table, key, self.size)

    def about_row(self, name: str) -> tuple[Entry, ...]:
        """Return the entries that name a row "<table>/<key>", oldest first; raises as `about`."""
        table, _, key = name.partition("/")
        return self.known.entries(self.log, self.known.row_numbers(table, key, self.size))

    def rows(self, table: str) -> Iterator[str]:
        """Yield the name of every row of a table that an entry ever named."""
        for key in self.known.keys(table):
            yield f"{table}/{key}"


def _event_of(raw: bytes, seq: int) -> Event:
    try:
        event = orjson.loads(raw)["event"]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise _broken(seq) from error
    if not isinstance(event, dict) or "type" not in event:
        raise _broken(seq)
    return cast("dict[str, object]", event)


def _broken(seq: int | None) -> BrokenLedgerError:
    which = "What is stored" if seq is None else f"What is stored as entry {seq}"
    return BrokenLedgerError(
        f"{which} does not lead to this ledger's head: somebody changed it, or put it in. Nothing "
        "rests on it. Run: broker ledger verify",
        first_bad=seq,
        rule=Rule.CHECKPOINT,
    )

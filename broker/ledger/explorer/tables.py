"""Entries as a table or as JSON, line by line however many they are, and the folder that verifies.

Who is given it is recorded before the first line. Each piece is read in a transaction of its own,
so that nobody who writes waits for somebody who reads slowly.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from audit.format.notes.verifier_key import VerifierKey
from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.serving.export import export_files
from broker.domain.model import Person
from broker.domain.tables.spreadsheets import csv_line
from broker.ledger.explorer.filters import Wanted
from broker.ledger.explorer.listing import moment_in, span
from broker.ledger.explorer.one_entry import value_of, words_of
from broker.ledger.explorer.reader import Reader, Stored
from broker.ledger.own_log import OwnLog
from broker.ledger.readings import Entrance

COLUMNS: Final = (
    "entry",
    "when (UTC)",
    "kind",
    "what happened",
    "reference",
    "by",
    "fields",
    "leaf hash",
)
"""The first line of a table."""

_AT_ONCE: Final = 1_000
_SHOWN_APART: Final = frozenset({"type", "ts", "ref", "by"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Gives the entries that are a reader's as files."""

    log: OwnLog

    def as_csv(self, person: Person, wanted: Wanted, how: Entrance) -> Iterator[bytes]:
        """Return the lines of a table, the oldest entry first, under a line of column names.

        Nothing in it is a formula to a spreadsheet. Raises `LedgerError` where it cannot be
        recorded that it is given.
        """
        return _lines(self._recorded(person, wanted, how))

    def as_json(self, person: Person, wanted: Wanted, how: Entrance) -> Iterator[bytes]:
        """Return one JSON list in pieces, each member the exact text that was hashed.

        It ends with `]`: a list without it was cut short. Raises as `as_csv`.
        """
        return _joined(self._recorded(person, wanted, how))

    def as_folder(self, person: Person, how: Entrance) -> Iterator[tuple[str, bytes]]:
        """Return path and content of the files of a folder that verifies offline.

        All of it for who reads everything, else each entry that is theirs with its receipt.
        Raises as `as_csv`.
        """
        if not self.log.reads_everything(person):
            return self.log.partial(person, how)
        self.log.record_whole_export(person, how)
        self.log.checkpoints.keep()
        store = self.log.checkpoints.store
        return self._whole(list(store.all()), (store.key, *store.former))

    def _whole(
        self, heads: Sequence[KeptCheckpoint], keys: Sequence[VerifierKey]
    ) -> Iterator[tuple[str, bytes]]:
        with self.log.reading() as log:
            yield from export_files(log, heads, keys)

    def _recorded(
        self, person: Person, wanted: Wanted, how: Entrance
    ) -> Iterator[Sequence[Stored]]:
        self.log.record_export(person, how)
        start, stop = self._span(person, wanted)
        return self._found(person, wanted, start, stop)

    def _span(self, person: Person, wanted: Wanted) -> tuple[int, int]:
        with self.log.transaction.database.reading(brief=True) as connection:
            reader = Reader.of(self.log, connection, person)
            return span(reader.tx, wanted.day, reader.size())

    def _found(
        self, person: Person, wanted: Wanted, start: int, stop: int
    ) -> Iterator[Sequence[Stored]]:
        """Yield what is wanted and theirs of each thousand, the oldest first."""
        for begin in count(start, _AT_ONCE):
            if begin >= stop:
                return
            with self.log.transaction.database.reading(brief=True) as connection:
                reader = Reader.of(self.log, connection, person)
                piece = reader.newest_first(begin, min(stop, begin + _AT_ONCE), _AT_ONCE)
                found = [one for one in piece if reader.is_wanted(wanted, one)]
            if found:
                yield found[::-1]


def _lines(found: Iterator[Sequence[Stored]]) -> Iterator[bytes]:
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    yield b"\xef\xbb\xbf" + csv_line(COLUMNS).encode()
    # A piece for each line would be a message for each line on the way to a browser.
    for some in found:
        yield "".join(csv_line(_cells(one)) for one in some).encode()


def _cells(found: Stored) -> tuple[str, ...]:
    at, entry = moment_in(found), found.entry
    if entry is None:
        return (str(found.seq), "", "", "It is no entry any more", "", "", "", "")
    said = (
        f"{name}={value_of(value)}"
        for name, value in entry.event.items()
        if name not in _SHOWN_APART
    )
    return (
        str(found.seq),
        "" if at is None else at.isoformat(),
        entry.type,
        words_of(entry.type),
        entry.reference or "",
        value_of(entry.event.get("by", "")),
        "; ".join(said),
        entry.leaf.hex(),
    )


def _joined(found: Iterator[Sequence[Stored]]) -> Iterator[bytes]:
    begin = b"[\n"
    for some in found:
        yield begin + b",\n".join(map(_as_json, some))
        begin = b",\n"
    yield begin.rstrip(b",\n") + b"\n]\n" if begin == b"[\n" else b"\n]\n"


def _as_json(found: Stored) -> bytes:
    """Return an entry as it was hashed; what is no entry any more as a text of its bytes."""
    if found.entry is not None:
        return found.raw
    return json.dumps(found.raw.decode("ascii", "replace")).encode()

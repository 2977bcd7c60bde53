"""Pages of entries, the newest first, that take as long for a million entries as for a thousand.

A page goes on from the number of an entry, never from a count. Where few entries fit what is
wanted, a page looks through so many and says how far it came.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from audit.log.browsing import stored_size
from broker.domain.model import Person
from broker.domain.times import moment_of, rfc3339
from broker.ledger.explorer.filters import Wanted
from broker.ledger.explorer.reader import Reader, Stored
from broker.ledger.own_log import OwnLog
from broker.storage.transaction import Transaction
from policies import LONDON

ROWS: Final = 12
"""How many entries a page shows."""

LOOKED_AT: Final = 1_000
"""Through how many entries a page looks at most."""

_MOMENT: Final = re.compile(rb'"ts":"([^"]{27})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Entries, the newest first; `older` is from where the next page goes on, None at the end.

    `looked_to` is the oldest entry that was looked at where that ended the page, else None.
    `size` is how many entries the ledger holds, None where that is not the reader's to know.
    """

    entries: tuple[Stored, ...]
    older: int | None
    looked_to: int | None
    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPages:
    """Gives pages of the entries that are a reader's."""

    log: OwnLog

    def page(self, person: Person, wanted: Wanted, before: int | None = None) -> Page:
        """Return the page of what is wanted before entry `before`, from the end unless told.

        Raises `LedgerError` where rows that say whose an entry is cannot be believed.
        """
        with self.log.transaction.database.reading(brief=True) as connection:
            reader = Reader.of(self.log, connection, person)
            return _page(reader, wanted, before)

    def size(self) -> int:
        """Return how many entries are stored."""
        with self.log.transaction.database.reading(brief=True) as connection:
            return stored_size(connection)


def _page(reader: Reader, wanted: Wanted, before: int | None) -> Page:
    size = reader.size()
    start, stop = span(reader.tx, wanted.day, size)
    stop = stop if before is None else min(stop, before)
    shown: list[Stored] = []
    looked, last = 0, stop
    for found in _candidates(reader, wanted, start, stop):
        looked, last = looked + 1, found.seq
        if not reader.is_wanted(wanted, found):
            continue
        if len(shown) == ROWS:
            return Page(
                entries=tuple(shown),
                older=shown[-1].seq,
                looked_to=None,
                size=size if reader.reads_all else None,
            )
        shown.append(found)
    was_cut = looked >= LOOKED_AT and last > start
    return Page(
        entries=tuple(shown),
        older=last if was_cut else None,
        looked_to=last if was_cut else None,
        size=size if reader.reads_all else None,
    )


def _candidates(reader: Reader, wanted: Wanted, start: int, stop: int) -> Iterator[Stored]:
    if wanted.reference is not None:
        return reader.about(wanted.reference, start, stop)
    return reader.newest_first(start, stop, LOOKED_AT)


def span(tx: Transaction, day: date | None, size: int) -> tuple[int, int]:
    """Return from which number, and up to but not which, entries are of a day in London.

    The moments of the entries ascend, so that a few of them say where a day begins and ends.
    """
    if day is None:
        return 0, size
    begin, end = (
        rfc3339(datetime.combine(one, time(), LONDON)) for one in (day, day + timedelta(days=1))
    )

    def moment_at(seq: int) -> str:
        found = _MOMENT.search(tx.ledger.raw_at([seq]).get(seq, b""))
        return "" if found is None else found[1].decode("ascii", "replace")

    numbers = range(size)
    first = bisect_left(numbers, begin, key=moment_at)
    return first, bisect_left(numbers, end, lo=first, key=moment_at)


def moment_in(found: Stored) -> datetime | None:
    """Return when an entry was appended, as its bytes say, None where they say nothing."""
    said = _MOMENT.search(found.raw)
    try:
        return None if said is None else moment_of(said[1].decode("ascii", "replace"))
    except ValueError:
        return None

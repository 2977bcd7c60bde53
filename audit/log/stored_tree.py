"""The tree over a log's first entries, read from stored tiles and the rows of what is not full.

So a proof reads a few hundred rows, however long the log is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from audit.errors import BrokenLedgerError, Rule
from audit.format.merkle.tiles import WIDTH, split_hashes, tile_root
from audit.format.merkle.tree import WIDTH_BITS, Frontier


class TiledLog(Protocol):
    """Where the hashes come from; `Ledger` is one."""

    def leaves(self, start: int, stop: int, /) -> Iterable[bytes]:
        """Return the stored leaf hashes of entries `start` up to but not `stop`."""
        ...

    def tiles(self, level: int, start: int, stop: int, /) -> Iterable[bytes]:
        """Return the stored full tiles of a level, number `start` up to but not `stop`."""
        ...


class ReadableLog(TiledLog, Protocol):
    """Where entries and hashes come from; `Ledger` is one."""

    def raw_entries(self, start: int, stop: int, /) -> Iterable[bytes]:
        """Return the bytes of entries `start` up to but not `stop`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TiledTree:
    """The tree over the first `size` entries of `log`, as it is stored: nothing is verified.

    It is for one answer: each tile of leaves is read once, and what it held then is kept. Where
    the head's own right edge is `at_hand`, no tile is read for what stands in it.
    """

    log: TiledLog
    size: int
    at_hand: Frontier = field(default_factory=Frontier)
    _leaves: dict[int, list[bytes]] = field(default_factory=dict[int, list[bytes]])

    def root(self, span: range) -> bytes:
        """Return the root over the leaves of `span`: all of them, or a subtree of RFC 9162.

        Raises `BrokenLedgerError` where a row is missing.
        """
        return self._edge(span).root()

    def edge(self) -> Frontier:
        """Return the right edge, from which the tree grows; raises as `root` does."""
        return self._edge(range(self.size))

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Return the hashes `start` up to but not `stop` of a level, which lie in one tile.

        Raises `BrokenLedgerError` where a row is missing.
        """
        number, first = divmod(start, WIDTH)
        if level == 0:
            return self._leaf_tile(number)[first : first + stop - start]
        if (number + 1) * WIDTH <= self.size >> level * WIDTH_BITS:
            (whole,) = complete(self.log.tiles(level, number, number + 1), 1)
            return split_hashes(whole)[first : first + stop - start]
        return [
            tile_root(tile)
            for tile in complete(self.log.tiles(level - 1, start, stop), stop - start)
        ]

    def _leaf_tile(self, number: int) -> list[bytes]:
        """Return the leaf hashes of a tile, as many as there are; a proof asks for parts of it."""
        if number not in self._leaves:
            start = number * WIDTH
            width = min(WIDTH, self.size - start)
            if width == WIDTH:
                (whole,) = complete(self.log.tiles(0, number, number + 1), 1)
                self._leaves[number] = split_hashes(whole)
            else:
                found = self.log.leaves(start, start + width)
                self._leaves[number] = complete(found, width)
        return self._leaves[number]

    def _edge(self, span: range) -> Frontier:
        peaks: list[bytes] = []
        start = span.start
        while start < span.stop:
            height = (span.stop - start).bit_length() - 1
            peaks.append(self._peak(start, height))
            start += 1 << height
        return Frontier(size=len(span), hashes=tuple(peaks))

    def _peak(self, start: int, height: int) -> bytes:
        above = self.size >> height + 1
        if (
            self.at_hand.size == self.size
            and start == above << height + 1
            and (self.size >> height & 1)
        ):
            return self.at_hand.hashes[above.bit_count()]
        level, below = divmod(height, WIDTH_BITS)
        first = start >> level * WIDTH_BITS
        return Frontier().extend(self.hashes(level, first, first + (1 << below))).root()


def complete(found: Iterable[bytes], count: int) -> list[bytes]:
    """Return the rows that were found, or raise `BrokenLedgerError` where they are not `count`."""
    rows = list(found)
    if len(rows) != count:
        raise BrokenLedgerError(
            "Entries or tiles that were stored are missing. Verify the ledger to find the first "
            "bad entry: broker ledger verify",
            first_bad=None,
            rule=Rule.TILE,
        )
    return rows

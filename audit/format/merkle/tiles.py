"""Tiles: the tree and the entries cut into files of 256 (https://c2sp.org/tlog-tiles).

>>> TilePath.parse("0/x001/x234/067").tile.number
1234067
>>> [f"tile/entries/{tile.path}" for tile in tiles_of(600)]
['tile/entries/000', 'tile/entries/001', 'tile/entries/002.p/88']
>>> list(split_bundle(entry_bundle([b"{}", b"[]"])))
[b'{}', b'[]']
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from audit.errors import MalformedEntryError, NoSuchTileError
from audit.format.merkle.tree import HASH_SIZE, WIDTH_BITS, Frontier

WIDTH: Final = 1 << WIDTH_BITS
MAX_RECORD_BYTES: Final = 65_535
_LENGTH_BYTES: Final = 2
_GROUP: Final = 1_000
_MAX_LEVEL: Final = 63
_ENTRIES: Final = "entries"
_PATH = re.compile(
    rf"({_ENTRIES}|[0-9]{{1,2}})/((?:x[0-9]{{3}}/){{0,6}}[0-9]{{3}})(?:\.p/([1-9][0-9]{{0,2}}))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A run of up to 256 hashes or entries: the `number`th of its level, `width` of them."""

    number: int
    width: int

    @property
    def start(self) -> int:
        """The index of its first member within its level."""
        return self.number * WIDTH

    @property
    def stop(self) -> int:
        """The index just after its last member."""
        return self.start + self.width

    @property
    def is_full(self) -> bool:
        """Whether it will never grow."""
        return self.width == WIDTH

    @property
    def path(self) -> str:
        """Its number as tlog-tiles spells it: 1234067 is x001/x234/067; a partial adds .p/5."""
        number, last = divmod(self.number, _GROUP)
        groups = [f"{last:03}"]
        while number:
            number, group = divmod(number, _GROUP)
            groups.insert(0, f"x{group:03}")
        return "/".join(groups) + ("" if self.is_full else f".p/{self.width}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TilePath:
    """Where a tile lies below `tile/`: at a level of the tree, or, with None, of the entries."""

    level: int | None
    tile: Tile

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the path of its one permitted spelling, or raise `NoSuchTileError`."""
        match = _PATH.fullmatch(text)
        if match is None:
            raise _no_such_path()
        kind, digits, width = match.groups()
        path = cls(
            level=None if kind == _ENTRIES else int(kind),
            tile=Tile(
                number=int(digits.replace("x", "").replace("/", "")),
                width=WIDTH if width is None else int(width),
            ),
        )
        if str(path) != text or path.tile.width > WIDTH or (path.level or 0) > _MAX_LEVEL:
            raise _no_such_path()
        return path

    def __str__(self) -> str:
        return f"{_ENTRIES if self.level is None else self.level}/{self.tile.path}"


def _no_such_path() -> NoSuchTileError:
    return NoSuchTileError("The path is not that of a tile in its one permitted spelling.")


def tiles_of(count: int) -> Iterator[Tile]:
    """Yield the tiles that hold `count` members: full ones, then a partial one if any is left."""
    full, rest = divmod(count, WIDTH)
    for number in range(full):
        yield Tile(number=number, width=WIDTH)
    if rest:
        yield Tile(number=full, width=rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class HashTile:
    """The joined hashes of one tile at one level of the tree."""

    level: int
    tile: Tile
    content: bytes

    @property
    def path(self) -> str:
        """Where it lies below the log's prefix."""
        return f"tile/{self.level}/{self.tile.path}"


def hash_tiles(
    leaves: Sequence[bytes], above: Sequence[bytes] | None = None
) -> Iterator[HashTile]:
    """Yield every hash tile over `leaves`, level by level.

    `above` are the roots of the full tiles of leaves, for who has them; else they are computed.
    """
    level, hashes = 0, leaves
    above = raised(leaves) if above is None else above
    while hashes:
        for tile in tiles_of(len(hashes)):
            joined = b"".join(hashes[tile.start : tile.stop])
            yield HashTile(level=level, tile=tile, content=joined)
        level, hashes, above = level + 1, above, raised(above)


def raised(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the hashes one level of tiles up; a run that is not full yields none."""
    return Frontier().grow(hashes)[1]


# A tile above is asked for again while it grows, and costs 256 hashes a member: 4 MiB spare that.
@lru_cache(maxsize=512)
def tile_root(content: bytes) -> bytes:
    """Return the root over the hashes that a tile joins: one hash of the level above."""
    return Frontier().extend(split_hashes(content)).root()


def split_hashes(joined: bytes) -> list[bytes]:
    """Return the 32-byte hashes that a tile joins; a remainder is its own short item."""
    return [joined[start : start + HASH_SIZE] for start in range(0, len(joined), HASH_SIZE)]


def entry_bundle(entries: Iterable[bytes]) -> bytes:
    """Return the entries, each after its length as two bytes, big-endian.

    Raises `MalformedEntryError` where one is longer than 65,535 bytes.
    """
    records: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_RECORD_BYTES:
            raise MalformedEntryError("An entry is longer than 65,535 bytes.")
        records += (len(entry).to_bytes(_LENGTH_BYTES, "big"), entry)
    return b"".join(records)


def split_bundle(bundle: bytes) -> Iterator[bytes]:
    """Yield the entries of a bundle, or raise `MalformedEntryError` where one is cut short."""
    position = 0
    while position < len(bundle):
        start = position + _LENGTH_BYTES
        position = start + int.from_bytes(bundle[position:start], "big")
        if position > len(bundle) or start > len(bundle):
            raise MalformedEntryError("The bundle ends in the middle of an entry.")
        yield bundle[start:position]

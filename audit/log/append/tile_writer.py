"""Store the tree's tiles as they fill: last in the transaction that appends the entries."""

from typing import Final

from audit.format.merkle.tiles import WIDTH, tile_root
from audit.log.driver import DriverCursor, as_stored

_LEAVES: Final = "SELECT leaf FROM ledger_entry WHERE seq >= ? AND seq < ? ORDER BY seq"
_BELOW: Final = (
    "SELECT hashes FROM ledger_tile WHERE level = ? AND number >= ? AND number < ? ORDER BY number"
)
_INSERT: Final = "INSERT INTO ledger_tile (level, number, hashes) VALUES (?, ?, ?)"


def fill_tiles(cursor: DriverCursor, old_size: int, new_size: int) -> None:
    """Store each tile that was filled while the log grew from `old_size` to `new_size`."""
    level, first, stop = 0, old_size // WIDTH, new_size // WIDTH
    while first < stop:
        for number in range(first, stop):
            cursor.change(_INSERT, (level, number, b"".join(_hashes(cursor, level, number))))
        level, first, stop = level + 1, first // WIDTH, stop // WIDTH


def _hashes(cursor: DriverCursor, level: int, number: int) -> list[bytes]:
    start, stop = number * WIDTH, (number + 1) * WIDTH
    if level == 0:
        return [as_stored(leaf) for (leaf,) in cursor.rows(_LEAVES, (start, stop))]
    below = cursor.rows(_BELOW, (level - 1, start, stop))
    return [tile_root(as_stored(tile)) for (tile,) in below]

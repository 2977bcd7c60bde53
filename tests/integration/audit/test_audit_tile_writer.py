"""Tiles fill as the log grows: whatever the steps, the same ones, and none too early."""

import pytest
from sqlalchemy import Connection

from audit.format.merkle.tiles import hash_tiles
from audit.format.merkle.tree import leaf_hash
from audit.log.append.tile_writer import fill_tiles
from audit.log.driver import DriverCursor

LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(65_537)]
TILES = "SELECT level, number, hashes FROM ledger_tile ORDER BY level, number"


def grown(connection: Connection, *sizes: int) -> list[tuple[object, ...]]:
    """The tiles that are stored once leaves came up to each of `sizes` in turn."""
    cursor, old = DriverCursor(connection), 0
    for size in sizes:
        cursor.change_many(
            "INSERT INTO ledger_entry (seq, entry, leaf, event_id) VALUES (?, '', ?, ?)",
            [(seq, LEAVES[seq], seq.to_bytes(16, "big")) for seq in range(old, size)],
        )
        fill_tiles(cursor, old, size)
        old = size
    return [tuple(row) for row in connection.exec_driver_sql(TILES)]


def full_tiles(size: int) -> list[tuple[object, ...]]:
    return [
        (one.level, one.tile.number, one.content)
        for one in hash_tiles(LEAVES[:size])
        if one.tile.is_full
    ]


@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param([255], id="one less than full"),
        pytest.param([256], id="full at once"),
        pytest.param([255, 256, 257], id="full by one more"),
        pytest.param([1, 300, 511, 512], id="in steps"),
        pytest.param([100, 1_000], id="several in one step"),
        pytest.param([65_535], id="one less than two levels"),
        pytest.param([65_536], id="two levels at once"),
        pytest.param([65_535, 65_536, 65_537], id="two levels by one more"),
    ],
)
def test_whatever_the_steps_the_full_tiles_are_stored(
    connection: Connection, sizes: list[int]
) -> None:
    assert grown(connection, *sizes) == full_tiles(sizes[-1])

"""What a log serves is what it exports, and nothing that its signed head does not cover."""

import pytest
from ledgers import Log, a_log

from audit.errors import BrokenLedgerError, NoSuchTileError
from audit.format.merkle.tiles import Tile, TilePath, entry_bundle, hash_tiles, tiles_of
from audit.log.serving.tile_server import tile_content

LOG = a_log(600)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 513, 600])
def test_each_file_of_each_signed_size_is_served(size: int) -> None:
    for one in hash_tiles([entry.leaf for entry in LOG.entries[:size]]):
        assert tile_content(LOG, TilePath(level=one.level, tile=one.tile), size) == one.content
    for tile in tiles_of(size):
        bundle = entry_bundle(entry.raw for entry in LOG.entries[tile.start : tile.stop])
        assert tile_content(LOG, TilePath(level=None, tile=tile), size) == bundle


@pytest.mark.parametrize("path", ["0/000.p/7", "1/000.p/1", "entries/001.p/3"])
def test_a_partial_tile_of_an_earlier_head_is_still_served(path: str) -> None:
    wanted = TilePath.parse(path)

    assert tile_content(LOG, wanted, 600) == tile_content(LOG, wanted, 259)


@pytest.mark.parametrize(
    ("path", "size"),
    [
        pytest.param("0/000.p/1", 0, id="of nothing"),
        pytest.param("0/001.p/44", 299, id="partial by one too wide"),
        pytest.param("entries/001.p/44", 299, id="bundle by one too wide"),
        pytest.param("0/000", 255, id="not full yet"),
        pytest.param("entries/000", 255, id="bundle not full yet"),
        pytest.param("0/001.p/1", 256, id="empty"),
        pytest.param("1/000.p/1", 255, id="nothing above yet"),
        pytest.param("1/000.p/2", 511, id="not so much above yet"),
        pytest.param("2/000.p/1", 600, id="two levels above"),
        pytest.param("63/000.p/1", 600, id="the highest level"),
        pytest.param("0/x999/x999/x999/x999/x999/x999/999", 600, id="far away"),
    ],
)
def test_what_the_head_does_not_cover_is_not_there(path: str, size: int) -> None:
    with pytest.raises(NoSuchTileError, match="does not count so many"):
        tile_content(LOG, TilePath.parse(path), size)


@pytest.mark.parametrize("level", [0, None], ids=["hashes", "entries"])
def test_a_file_is_served_whole_or_not_at_all(level: int | None) -> None:
    path = TilePath(level=level, tile=Tile(number=1, width=44))

    with pytest.raises(BrokenLedgerError, match="broker ledger verify"):
        tile_content(Log(LOG.entries[:290]), path, 300)

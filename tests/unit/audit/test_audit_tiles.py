import pytest

from audit.errors import MalformedEntryError
from audit.tiles import (
    HashTile,
    Tile,
    entry_bundle,
    hash_tiles,
    raised,
    split_bundle,
    split_hashes,
    tiles_of,
)
from audit.tree import Frontier, leaf_hash


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        pytest.param(Tile(number=0, width=256), "000", id="first"),
        pytest.param(Tile(number=999, width=256), "999", id="last of one group"),
        pytest.param(Tile(number=1_000, width=256), "x001/000", id="first of two groups"),
        pytest.param(Tile(number=1_234_067, width=256), "x001/x234/067", id="three groups"),
        pytest.param(Tile(number=273, width=112), "273.p/112", id="partial"),
    ],
)
def test_a_tile_is_named_as_tlog_tiles_names_it(tile: Tile, path: str) -> None:
    assert tile.path == path


@pytest.mark.parametrize(
    ("count", "tiles"),
    [
        pytest.param(0, [], id="nothing"),
        pytest.param(1, [(0, 1)], id="one"),
        pytest.param(255, [(0, 255)], id="one less than full"),
        pytest.param(256, [(0, 256)], id="full"),
        pytest.param(257, [(0, 256), (1, 1)], id="one more than full"),
    ],
)
def test_members_are_cut_into_full_tiles_and_a_rest(
    count: int, tiles: list[tuple[int, int]]
) -> None:
    assert [(tile.number, tile.width) for tile in tiles_of(count)] == tiles


def test_a_log_of_256_has_a_full_tile_and_the_hash_above_it() -> None:
    hashes = leaves(256)

    assert list(hash_tiles(hashes)) == [
        HashTile(level=0, tile=Tile(number=0, width=256), content=b"".join(hashes)),
        HashTile(level=1, tile=Tile(number=0, width=1), content=Frontier().extend(hashes).root()),
    ]


def test_a_log_of_70000_has_the_tiles_of_the_published_example() -> None:
    tiles = list(hash_tiles(leaves(70_000)))

    assert [tile.path for tile in tiles] == [
        *(f"tile/0/{number:03}" for number in range(273)),
        "tile/0/273.p/112",
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]
    assert [tile.first_entry for tile in tiles[-4:]] == [273 * 256, 0, 65_536, 0]


def test_a_run_that_is_not_full_is_not_hashed_upward() -> None:
    assert raised(leaves(255)) == []


def test_hashes_are_split_as_they_were_joined() -> None:
    assert split_hashes(b"".join(leaves(3))) == leaves(3)
    assert split_hashes(bytes(33)) == [bytes(32), bytes(1)]


def test_a_bundle_gives_its_entries_back() -> None:
    entries = [b"", b"one", b"x" * 65_535, b""]
    bundle = entry_bundle(entries)

    assert bundle[:7] == b"\x00\x00\x00\x03one"
    assert list(split_bundle(bundle)) == entries


@pytest.mark.parametrize(
    "bundle",
    [pytest.param(b"\x00", id="in a length"), pytest.param(b"\x00\x03on", id="in an entry")],
)
def test_a_bundle_that_is_cut_short_is_refused(bundle: bytes) -> None:
    with pytest.raises(MalformedEntryError, match="middle of an entry"):
        list(split_bundle(bundle))


def test_an_entry_too_long_for_its_length_is_refused() -> None:
    with pytest.raises(MalformedEntryError, match="65,535 bytes"):
        entry_bundle([b"x" * 65_536])

import pytest

from audit.errors import MalformedEntryError, NoSuchTileError
from audit.format.merkle.tiles import (
    HashTile,
    Tile,
    TilePath,
    entry_bundle,
    hash_tiles,
    raised,
    split_bundle,
    split_hashes,
    tile_root,
    tiles_of,
)
from audit.format.merkle.tree import Frontier, leaf_hash


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
    ("text", "path"),
    [
        ("0/000", TilePath(level=0, tile=Tile(number=0, width=256))),
        ("0/273.p/112", TilePath(level=0, tile=Tile(number=273, width=112))),
        ("2/000.p/1", TilePath(level=2, tile=Tile(number=0, width=1))),
        ("63/x001/x234/067.p/255", TilePath(level=63, tile=Tile(number=1_234_067, width=255))),
        ("entries/x001/000", TilePath(level=None, tile=Tile(number=1_000, width=256))),
    ],
)
def test_a_path_says_which_tile_it_is(text: str, path: TilePath) -> None:
    assert (TilePath.parse(text), str(path)) == (path, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0/",
        "/0/000",
        "0/000/",
        "0//000",
        "0/0",
        "0/00",
        "0/0000",
        "0/1000",
        "00/000",
        "01/000",
        "-1/000",
        "+1/000",
        "64/000",
        "100/000",
        "0/-01",
        "0/x000",
        "0/x001",
        "0/x000/000",
        "0/x000/x001/000",
        "0/x01/000",
        "0/001/000",
        "0/X001/000",
        "0/x001/x000",
        "0/xx001/000",
        "0/000.p/",
        "0/000.p/0",
        "0/000.p/00",
        "0/000.p/01",
        "0/000.p/256",
        "0/000.p/257",
        "0/000.p/999",
        "0/000.p/1000",
        "0/000.p/-1",
        "0/000.p/1/",
        "0/000.p/1.p/1",
        "0/000.P/1",
        "0/000p/1",
        "0/000.p",
        "0/.p/1",
        "0/x001.p/1/000",
        " 0/000",
        "0/000 ",
        "0/000\n",
        "0/000.p/1\n",
        "0/\u0660\u0660\u0660",
        "\u0661/000",
        "entries",
        "entries/",
        "Entries/000",
        "entry/000",
        "data/000",
        "8/0/000",
        "0/../0/000",
        "0/x001/x001/x001/x001/x001/x001/x001/001",
    ],
)
def test_another_spelling_is_no_path(text: str) -> None:
    with pytest.raises(NoSuchTileError, match="one permitted spelling"):
        TilePath.parse(text)


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
    tiles = list(hash_tiles([bytes(32)] * 70_000))

    assert [tile.path for tile in tiles] == [
        *(f"tile/0/{number:03}" for number in range(273)),
        "tile/0/273.p/112",
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]


def test_a_run_that_is_not_full_is_not_hashed_upward() -> None:
    assert raised(leaves(255)) == []


def test_a_full_tile_is_one_hash_of_the_level_above() -> None:
    hashes = leaves(256)

    assert [tile_root(b"".join(hashes))] == raised(hashes)


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

"""Whatever is done to a signed log is found; whatever was not done to it is not."""

from collections.abc import Iterator
from functools import reduce
from hashlib import sha256
from typing import Any, cast

import orjson
import pytest
import rfc8785
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ledgers import a_log, checkpoint_of
from rounds import rounds

from audit.errors import BrokenLedgerError, MalformedEntryError, NoSuchTileError, Rule
from audit.format.entry import GENESIS, MAX_DEPTH, Entry, parse_entry
from audit.format.merkle.tiles import Tile, TilePath, entry_bundle, hash_tiles, split_bundle
from audit.format.merkle.tree import EMPTY_ROOT, Frontier, leaf_hash
from audit.log.append.entry_writer import write_entry
from audit.verify.batch_verifier import BatchVerifier, verify_entries
from audit.verify.entry_shapes import EntryShapes
from audit.verify.log import LogVerifier, signed_prefix
from audit.verify.report import Report

few = settings(max_examples=rounds(60), deadline=None)


LOG = a_log(24).entries
RAWS = [entry.raw for entry in LOG]
CHECKPOINT = checkpoint_of(LOG)
SPELT = [
    write_entry({**LOG[1].event, **fields}, GENESIS, 7)
    for fields in (
        {},
        {"again": "no", "by": "a-nurse", "type": "kept"},
        {"findings": [["R13", "met", "none"]], "release": [], "until": "2026-03-16"},
        {"more": {"count": 1, "of": {"list": ["x", 7]}}, "type": "kept"},
    )
]
KNOWN = EntryShapes()
for spelt in SPELT:
    KNOWN.learn(spelt)
LEAVES = signed_prefix([entry.leaf for entry in LOG], [CHECKPOINT])

places = st.integers(min_value=0, max_value=len(LOG) - 1)


@st.composite
def attacks(draw: st.DrawFn) -> list[bytes]:
    """The log after one to three changes, which may cancel out."""
    attacked = list(RAWS)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, max(len(attacked) - 1, 0)))
        match draw(st.sampled_from(["flip", "remove", "swap", "insert", "cut"])):
            case "flip" if attacked:
                changed = bytearray(attacked[place])
                changed[draw(st.integers(0, len(changed) - 1))] ^= draw(st.integers(1, 255))
                attacked[place] = bytes(changed)
            case "remove":
                del attacked[place : place + 1]
            case "swap":
                other = draw(st.integers(0, max(len(attacked) - 1, 0)))
                if attacked:
                    attacked[place], attacked[other] = attacked[other], attacked[place]
            case "insert":
                attacked.insert(place, draw(st.sampled_from(RAWS)))
            case _:
                del attacked[place:]
    return attacked


def first_difference(attacked: list[bytes]) -> int:
    pairs = zip(attacked, RAWS, strict=False)
    return next(
        (place for place, (ours, theirs) in enumerate(pairs) if ours != theirs),
        min(len(attacked), len(RAWS)),
    )


@given(attacks().filter(lambda attacked: attacked != RAWS))
@few
def test_signed_leaves_name_exactly_the_first_entry_that_differs(attacked: list[bytes]) -> None:
    with pytest.raises(BrokenLedgerError) as caught:
        verify_entries(attacked, [CHECKPOINT], LEAVES)

    assert caught.value.first_bad == first_difference(attacked)


def outcome(
    verifier: LogVerifier, entries: list[bytes], length: int
) -> Report | tuple[int | None, Rule, str]:
    """What comes of a verification in batches of `length`."""
    try:
        for start in range(0, len(entries), length):
            verifier.extend(entries[start : start + length])
        return verifier.finish()
    except BrokenLedgerError as error:
        return error.first_bad, error.rule, str(error)


@given(attacks() | st.just(RAWS), st.integers(1, len(LOG) + 1), st.sampled_from([LEAVES, []]))
@few
def test_batches_come_to_the_very_answer_of_the_strict_verifier(
    entries: list[bytes], length: int, leaves: list[bytes]
) -> None:
    heads = [CHECKPOINT, checkpoint_of(LOG[: len(LOG) // 2])]

    assert outcome(BatchVerifier(heads, leaves), entries, length) == outcome(
        LogVerifier(heads, leaves), entries, 1
    )


@given(places, st.data())
@few
def test_one_flipped_bit_is_found_at_its_entry(place: int, data: st.DataObject) -> None:
    changed = bytearray(RAWS[place])
    position = data.draw(st.integers(0, len(changed) * 8 - 1))
    changed[position // 8] ^= 1 << position % 8
    attacked = [*RAWS[:place], bytes(changed), *RAWS[place + 1 :]]

    with pytest.raises(BrokenLedgerError) as caught:
        verify_entries(attacked, [CHECKPOINT, checkpoint_of(LOG[:-1])])

    assert caught.value.first_bad == place


def root_of(leaves: list[bytes]) -> bytes:
    """The tree by the letter of RFC 6962 section 2.1, for comparison."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = root_of(leaves[:split]), root_of(leaves[split:])
    return sha256(b"\x01" + left + right).digest()


@given(st.lists(st.binary(max_size=4), max_size=70))
@few
def test_the_frontier_gives_the_root_that_the_definition_gives(entries: list[bytes]) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    frontier = Frontier().extend(leaves)

    assert frontier == reduce(Frontier.append, leaves, Frontier())
    assert frontier.root() == root_of(leaves)
    assert Frontier.parse(frontier.size, frontier.to_bytes()) == frontier


@given(st.integers(0, 5_000), st.integers(0, 5_000))
@few
def test_a_frontier_grows_alike_in_any_steps(first: int, second: int) -> None:
    leaves = [leaf_hash(number.to_bytes(2, "big")) for number in range(first + second)]

    assert Frontier().extend(leaves[:first]).extend(leaves[first:]) == Frontier().extend(leaves)


@given(st.integers(0, 1_100))
@few
def test_tiles_hold_the_hashes_of_the_subtrees_that_they_name(size: int) -> None:
    leaves = [leaf_hash(number.to_bytes(2, "big")) for number in range(size)]

    for tile in hash_tiles(leaves):
        span = 256**tile.level
        starts = range(tile.tile.start * span, tile.tile.stop * span, span)
        expected = b"".join(root_of(leaves[start : start + span]) for start in starts)
        assert tile.content == expected


tile_paths = st.builds(
    TilePath,
    level=st.none() | st.integers(0, 63),
    tile=st.builds(
        Tile,
        number=st.integers(0, 2_000) | st.integers(0, 2**56),
        width=st.integers(1, 256),
    ),
)


@given(tile_paths)
@few
def test_a_path_of_a_tile_is_read_as_it_was_written(path: TilePath) -> None:
    assert TilePath.parse(str(path)) == path


@given(
    st.from_regex(r"\A(entries|[0-9]{1,3})(/x?[0-9]{1,4}){1,4}(\.p/[0-9]{1,4})?\Z")
    | st.text(st.sampled_from("0123456789x/.p-entris \n"), max_size=20)
    | st.text(max_size=20)
)
@settings(max_examples=rounds(300), deadline=None)
def test_a_path_has_one_spelling_and_nonsense_none(text: str) -> None:
    try:
        path = TilePath.parse(text)
    except NoSuchTileError:
        return
    assert str(path) == text
    assert 1 <= path.tile.width <= 256


@given(st.lists(st.binary(max_size=300), max_size=20))
@few
def test_a_bundle_gives_back_what_went_in(entries: list[bytes]) -> None:
    assert list(split_bundle(entry_bundle(entries))) == entries


text = st.text(
    st.sampled_from([chr(code) for code in range(0x20, 0x7F) if chr(code) not in '"\\'])
)
whole = st.integers(-(2**53) + 1, 2**53 - 1)
plain = st.recursive(
    text | whole,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)
COMMON = {
    "type": "made-up",
    "id": "019cf684-71e8-7000-8000-000000000001",
    "ts": "2026-03-16T12:00:01.000000Z",
}


def depth(value: object) -> int:
    match value:
        case dict():
            return 1 + max(map(depth, cast("dict[str, object]", value).values()), default=0)
        case list():
            return 1 + max(map(depth, cast("list[object]", value)), default=0)
        case _:
            return 0


def numbers(value: object) -> Iterator[int]:
    match value:
        case int():
            yield value
        case dict():
            for member in cast("dict[str, object]", value).values():
                yield from numbers(member)
        case list():
            for member in cast("list[object]", value):
                yield from numbers(member)
        case _:
            return


OF_OTHER_KINDS = frozenset({*COMMON, "ref", "n", "gw", "gw_seq"})
"""Fields that an entry may hold, but no value of any kind."""


@given(st.dictionaries(text.filter(lambda name: name not in OF_OTHER_KINDS), plain, max_size=5))
@few
def test_three_encoders_agree_on_every_event(fields: dict[str, object]) -> None:
    assume(depth(fields) < MAX_DEPTH)
    event = {**fields, **COMMON}
    envelope: dict[str, Any] = {"event": event, "prev": "0" * 64, "seq": 7, "v": 1}

    entry = write_entry(event, GENESIS, 7)

    assert entry.raw == rfc8785.dumps(envelope)
    assert entry.raw == orjson.dumps(envelope, option=orjson.OPT_SORT_KEYS)
    assert parse_entry(entry.raw) == entry


@given(
    st.dictionaries(text.filter(lambda name: name not in {*COMMON, "n", "ref"}), plain, max_size=5)
)
@few
def test_an_entry_that_was_learnt_is_known_by_its_shape(fields: dict[str, object]) -> None:
    assume(depth(fields) < MAX_DEPTH and all(-(10**15) < one < 10**15 for one in numbers(fields)))
    entry = write_entry({**fields, **COMMON, "gw": "g-1", "gw_seq": 3}, GENESIS, 7)
    shapes = EntryShapes()

    shapes.learn(entry)

    assert shapes.match([entry.raw]) == (
        [b"g-1"],
        [b"3"],
        [entry.event_id.encode()],
        [b""],
        [b""],
        [entry.moment.encode()],
        [b"0" * 64],
        [b"7"],
    )


@given(st.sampled_from(SPELT), st.sampled_from(SPELT), st.data())
@settings(max_examples=rounds(400), deadline=None)
def test_what_is_known_by_its_shape_is_what_a_strict_reading_gives(
    one: Entry, other: Entry, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from([b'"gw":', b'"id":', b'"ref":', b'"ts":', b'"type":']))
    damaged = bytearray(one.raw.partition(name)[0] + name + other.raw.partition(name)[2])
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place : place + data.draw(st.integers(0, 2))] = data.draw(
            st.sampled_from([b"", b"0", b"7", b'"', b",", b"\\", b"\x00", b"\n", b"z", b" ", b"-"])
        )
    columns = KNOWN.match([bytes(damaged)])

    if columns is not None:
        entry = parse_entry(bytes(damaged))
        assert columns.numbers == [b"%d" % entry.seq]
        assert columns.links == [entry.previous.hex().encode()]
        assert columns.moments == [entry.moment.encode()]
        assert columns.event_ids == [entry.event_id.encode()]
        assert columns.gateway_numbers == [b"%d" % (entry.gateway_number or 0)]


@given(st.binary(max_size=400))
@settings(max_examples=rounds(200), deadline=None)
def test_no_bytes_make_the_reader_fail_otherwise_than_it_says(raw: bytes) -> None:
    with pytest.raises(MalformedEntryError):
        parse_entry(raw)

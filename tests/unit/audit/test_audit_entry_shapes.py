"""No entry matches that a strict reading refuses, and the same faults are named."""

from collections.abc import Iterator, Sequence

import pytest
from ledgers import GATEWAY, ORIGIN, Log, a_log, checkpoint_of

from audit.errors import BrokenLedgerError, IncompleteLedgerError, MalformedEntryError, Rule
from audit.format.entry import GENESIS, MAX_ENTRY_BYTES, Entry, parse_entry
from audit.format.notes.checkpoint import Checkpoint
from audit.log.append.entry_writer import write_entry
from audit.verify.batch_verifier import BatchVerifier
from audit.verify.batches import batches
from audit.verify.entry_shapes import EntryShapes
from audit.verify.log import LogVerifier
from audit.verify.report import Report

FIELDS = {"findings": [["R13", "met", "none"]], "release": [], "again": {"count": 2, "of": "x"}}


def an_entry(number: int, **fields: object) -> Entry:
    event = {**a_log(2).entries[1].event, **fields}
    return write_entry({**event, "gw_seq": number}, GENESIS, number)


def raws(entries: Sequence[Entry]) -> list[bytes]:
    return [entry.raw for entry in entries]


def learnt(*entries: Entry) -> EntryShapes:
    shapes = EntryShapes()
    for entry in entries:
        shapes.learn(entry)
    return shapes


def test_entries_that_differ_in_values_alone_are_known() -> None:
    shapes = learnt(an_entry(1, **FIELDS))
    more = [["R13", "not met", "refuses"], ["R14", "", "none"]]
    others = [
        an_entry(2, **{**FIELDS, "findings": more, "release": ["F1", "F2"]}),
        an_entry(30, **{**FIELDS, "findings": [], "again": {"count": 9, "of": ""}}),
    ]

    columns = shapes.match([entry.raw for entry in others])

    assert columns is not None
    assert columns.gateways == [GATEWAY.encode()] * 2
    assert columns.gateway_numbers == columns.numbers == [b"2", b"30"]
    assert columns.event_ids == [entry.event_id.encode() for entry in others]
    assert columns.references == [b"PRV-7Q4K-M2X1"] * 2
    assert columns.reference_numbers == [b"0"] * 2
    assert columns.moments == [entry.moment.encode() for entry in others]
    assert columns.links == [b"00" * 32] * 2


def test_an_entry_about_no_disclosure_has_no_reference_by_its_shape() -> None:
    event = {name: value for name, value in an_entry(1).event.items() if name not in {"ref", "n"}}
    entry = write_entry(event, GENESIS, 1)

    columns = learnt(entry).match([entry.raw])

    assert columns is not None
    assert columns.references == columns.reference_numbers == [b""]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"more": 1}, id="a field more"),
        pytest.param({"release": 1}, id="a number for a list"),
        pytest.param({"release": [1]}, id="a list of numbers for one of words"),
        pytest.param({"type": "gossip"}, id="another type"),
        pytest.param({"again": {"count": 2}}, id="a member less"),
        pytest.param({"again": {"count": 10**15, "of": "x"}}, id="a number of sixteen digits"),
    ],
)
def test_an_entry_of_another_spelling_is_read_strictly(changed: dict[str, object]) -> None:
    shapes = learnt(an_entry(1, **FIELDS))

    assert shapes.match([an_entry(2, **{**FIELDS, **changed}).raw]) is None


def test_lists_of_unlike_members_are_known_by_each_of_them() -> None:
    shapes = learnt(an_entry(1, pair=["x", 1]))

    assert shapes.match([an_entry(2, pair=["y", 7]).raw]) is not None
    assert shapes.match([an_entry(2, pair=["y", "7"]).raw]) is None


def test_an_entry_that_is_too_long_is_not_known() -> None:
    entry = an_entry(1, name="x")
    longer = entry.raw.replace(b'"x"', b'"' + b"x" * MAX_ENTRY_BYTES + b'"')

    assert learnt(entry).match([longer]) is None
    with pytest.raises(MalformedEntryError):
        parse_entry(longer)


def test_no_more_than_sixty_four_spellings_are_learnt() -> None:
    entries = [an_entry(1, **{f"field{number}": 1}) for number in range(65)]
    shapes = learnt(*entries)

    known = [entry for entry in entries if shapes.match([entry.raw]) is not None]

    assert known == entries[:64]


def test_parts_of_spellings_are_known_together_as_a_strict_reading_would() -> None:
    shapes = learnt(an_entry(1, again=1, type="sent"), an_entry(2, hold="x", type="kept"))
    mixed = an_entry(3, again=7, hold="y", type="kept")

    assert shapes.match([mixed.raw]) is not None
    assert parse_entry(mixed.raw) == mixed


def test_an_entry_whose_reference_is_empty_is_not_learnt() -> None:
    entry = an_entry(1, ref="")

    assert learnt(entry, an_entry(2)).match([entry.raw]) is None


def test_one_line_that_passes_for_two_is_not_known() -> None:
    one, two = an_entry(1), an_entry(2)

    assert learnt(one).match([one.raw + b"\n" + two.raw, b""]) is None
    assert learnt(one).match([one.raw, b"}" + two.raw]) is None


def test_an_entry_of_before_gateways_were_counted_is_not_learnt() -> None:
    event = an_entry(1).event
    older = write_entry(
        {name: event[name] for name in event if not name.startswith("gw")}, GENESIS, 1
    )

    assert learnt(older).match([older.raw]) is None


def outcome(
    raw: Sequence[bytes], checkpoints: Sequence[Checkpoint], length: int
) -> Report | tuple[int | None, Rule]:
    """What comes of a verification in batches of `length`; with 0, of the strict one."""
    verifier = BatchVerifier(checkpoints) if length else LogVerifier(checkpoints)
    try:
        for start in range(0, len(raw), length or 1):
            verifier.extend(raw[start : start + (length or 1)])
        return verifier.finish()
    except BrokenLedgerError as error:
        return error.first_bad, error.rule


@pytest.mark.parametrize("length", [1, 2, 3, 5, 8, 100])
@pytest.mark.parametrize("parts", [(), (1,), (4, 5, 12), (3, 6, 9, 12), (12, 30)])
def test_batches_come_to_the_same_as_the_strict_verifier(
    length: int, parts: tuple[int, ...]
) -> None:
    log = a_log(30).entries
    checkpoints = [checkpoint_of(log[:part]) for part in parts]

    in_batches = outcome(raws(log), checkpoints, length)

    assert isinstance(in_batches, Report)
    assert in_batches == outcome(raws(log), checkpoints, 0)


@pytest.mark.parametrize("length", [2, 5, 100])
def test_a_false_head_within_a_batch_is_found(length: int) -> None:
    log = a_log(30).entries
    heads = [checkpoint_of(log), Checkpoint(origin=ORIGIN, size=17, root=bytes(32))]

    assert (
        outcome(raws(log), heads, length) == outcome(raws(log), heads, 0) == (0, Rule.CHECKPOINT)
    )


def test_a_head_under_another_name_within_a_batch_is_found() -> None:
    log = a_log(30).entries
    renamed = Checkpoint(origin=f"{ORIGIN}/2", size=17, root=Log(log[:17]).head().root)

    assert outcome(raws(log), [checkpoint_of(log), renamed], 10) == (16, Rule.OPENING)


def test_signed_leaves_are_held_against_a_run() -> None:
    log = a_log(30).entries
    leaves = [entry.leaf for entry in log]
    verifier = BatchVerifier([], [*leaves[:20], bytes(32), *leaves[21:]])
    verifier.extend(raws(log[:10]))

    with pytest.raises(BrokenLedgerError) as caught:
        verifier.extend(raws(log[10:]))

    assert (caught.value.first_bad, caught.value.rule) == (20, Rule.LEAF)


def test_what_was_read_before_a_missing_file_is_checked_first() -> None:
    def reading() -> Iterator[bytes]:
        yield from (b"one", b"two")
        raise IncompleteLedgerError("There is no more.")

    found = batches(reading())

    assert next(found) == [b"one", b"two"]
    with pytest.raises(IncompleteLedgerError):
        next(found)

from collections.abc import Mapping

import pytest

from audit.errors import MalformedEntryError
from audit.format.entry import GENESIS, Entry, parse_entry
from audit.format.merkle.tree import leaf_hash
from audit.log.append.entry_writer import write_entry

EVENT = {
    "type": "expired",
    "id": "019cf684-71e8-7000-8000-000000000001",
    "ts": "2026-03-16T12:00:01.000000Z",
    "ref": "PRV-7Q4K-M2XH",
}
RAW = (
    b'{"event":{"id":"019cf684-71e8-7000-8000-000000000001","ref":"PRV-7Q4K-M2XH",'
    b'"ts":"2026-03-16T12:00:01.000000Z","type":"expired"},'
    b'"prev":"0000000000000000000000000000000000000000000000000000000000000000",'
    b'"seq":7,"v":1}'
)


COUNTED = b'"gw":"g-1","gw_seq":7,"id"'


def changed(old: bytes, new: bytes) -> bytes:
    assert old in RAW
    return RAW.replace(old, new)


def nested(levels: int) -> object:
    return [nested(levels - 1)] if levels else 1


def test_an_entry_is_written_in_its_one_spelling() -> None:
    assert write_entry(EVENT, GENESIS, 7) == Entry(
        raw=RAW, leaf=leaf_hash(RAW), seq=7, previous=GENESIS, event=EVENT
    )


def test_an_entry_says_what_its_columns_hold() -> None:
    entry = parse_entry(RAW)

    assert (entry.type, entry.event_id, entry.moment, entry.reference) == (
        "expired",
        "019cf684-71e8-7000-8000-000000000001",
        "2026-03-16T12:00:01.000000Z",
        "PRV-7Q4K-M2XH",
    )


def test_an_entry_says_which_gateway_appended_it_and_as_its_how_many() -> None:
    entry, older = parse_entry(changed(b'"id"', COUNTED)), parse_entry(RAW)

    assert (entry.gateway, entry.gateway_number) == ("g-1", 7)
    assert (older.gateway, older.gateway_number) == (None, None)


def test_an_entry_about_no_disclosure_has_no_reference() -> None:
    event = {name: value for name, value in EVENT.items() if name != "ref"}

    assert write_entry(event, GENESIS, 0).reference is None


def test_lists_are_kept_in_order() -> None:
    entry = write_entry(
        {**EVENT, "findings": (("R13", "met", "none"), ("R01", "met", "none"))}, GENESIS, 0
    )

    assert entry.event["findings"] == [["R13", "met", "none"], ["R01", "met", "none"]]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"7", id="a number"),
        pytest.param(RAW + b"\n", id="line feed at the end"),
        pytest.param(b" " + RAW, id="space before"),
        pytest.param(changed(b'"seq":7', b'"seq": 7'), id="space within"),
        pytest.param(changed(b'"seq":7,"v":1', b'"v":1,"seq":7'), id="another order"),
        pytest.param(changed(b'"seq":7', b'"seq":8,"seq":7'), id="a name twice"),
        pytest.param(changed(b'"type":"expired"', b'"type":"a","type":"a"'), id="twice within"),
        pytest.param(changed(b'"seq":7', b'"seq":7.0'), id="a fraction"),
        pytest.param(changed(b'"seq":7', b'"seq":-0'), id="minus nothing"),
        pytest.param(changed(b'"seq":7', b'"seq":07'), id="leading zero"),
        pytest.param(changed(b'"seq":7', b'"seq":7e0'), id="an exponent"),
        pytest.param(changed(b'"seq":7', b'"seq":9007199254740992'), id="2^53"),
        pytest.param(changed(b'"seq":7', b'"seq":-9007199254740992'), id="minus 2^53"),
        pytest.param(changed(b'"seq":7', b'"seq":' + b"9" * 5_000), id="endless digits"),
        pytest.param(changed(b'"seq":7', b'"seq":NaN'), id="not a number"),
        pytest.param(changed(b'"seq":7', b'"seq":Infinity'), id="infinity"),
        pytest.param(changed(b'"seq":7', b'"seq":null'), id="null"),
        pytest.param(changed(b'"seq":7', b'"seq":true'), id="true"),
        pytest.param(changed(b'"seq":7', b'"seq":"7"'), id="number as text"),
        pytest.param(changed(b'"seq":7,', b""), id="no number"),
        pytest.param(changed(b'"v":1', b'"v":2'), id="another version"),
        pytest.param(changed(b'"v":1', b'"v":true'), id="version true"),
        pytest.param(changed(b'"v":1', b'"v":1,"w":1'), id="a field too many"),
        pytest.param(changed(b'"prev":"0', b'"prev":"g'), id="link that is no hash"),
        pytest.param(changed(b'"prev":"00', b'"prev":"'), id="link cut short"),
        pytest.param(changed(b'"expired"', b'"expir\xc3\xa9d"'), id="beyond ASCII"),
        pytest.param(changed(b'"expired"', b'"expir\xffd"'), id="not UTF-8"),
        pytest.param(changed(b'"expired"', b'"expir\xed\xa0\x80d"'), id="half a letter"),
        pytest.param(changed(b'"ref"', b'"\xf0\x9f\xa7\xbf"'), id="name beyond 16 bits"),
        pytest.param(changed(b'"ref"', b'"\\ud83e\\uddff"'), id="such a name escaped"),
        pytest.param(changed(b'"seq":7', b'"seq":1.0'), id="1.0"),
        pytest.param(changed(b'"expired"', b'"expired\\u0041"'), id="an escape"),
        pytest.param(changed(b'"expired"', b'"expired\x00"'), id="a control character"),
        pytest.param(changed(b'"expired"', b"7"), id="type that is no text"),
        pytest.param(changed(b'"PRV-7Q4K-M2XH"', b"7"), id="reference that is no text"),
        pytest.param(changed(b"-7000-", b"-4000-"), id="identifier of another version"),
        pytest.param(changed(b":01.000000Z", b":01Z"), id="time without fraction"),
        pytest.param(changed(b':01.000000Z"', b':01.000000+"'), id="time without zone"),
        pytest.param(changed(b'"ref"', b'"n":"7","ref"'), id="number of a reference as text"),
        pytest.param(changed(b'"ref"', b'"n":-1,"ref"'), id="number of a reference below 0"),
        pytest.param(
            changed(b'"ref"', b'"n":true,"ref"'), id="number of a reference that is true"
        ),
        pytest.param(changed(b'"ref":"PRV-7Q4K-M2XH"', b'"n":0'), id="number of no reference"),
        pytest.param(changed(b'"id"', b'"ie"'), id="no identifier"),
        pytest.param(changed(b'"id"', b'"gw":"g-1","id"'), id="gateway without number"),
        pytest.param(changed(b'"id"', b'"gw_seq":7,"id"'), id="number without gateway"),
        pytest.param(changed(b'"id"', b'"gw":"G","gw_seq":7,"id"'), id="gateway misspelt"),
        pytest.param(changed(b'"id"', b'"gw":1,"gw_seq":7,"id"'), id="gateway that is no text"),
        pytest.param(changed(b'"id"', b'"gw":"g","gw_seq":"7","id"'), id="its number as text"),
        pytest.param(changed(b'"id"', b'"gw":"g","gw_seq":-1,"id"'), id="its number below 0"),
        pytest.param(changed(b'"id"', b'"gw":"g","gw_seq":true,"id"'), id="its number true"),
        pytest.param(RAW[:-1], id="cut short"),
        pytest.param(b"[" * 10_000 + b"]" * 10_000, id="nested without end"),
        pytest.param(b"[" * 5_000 + b"]" * 5_000, id="nested very deep"),
    ],
)
def test_any_other_spelling_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedEntryError):
        parse_entry(raw)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param({**EVENT, "ref": None}, id="null"),
        pytest.param({**EVENT, "again": True}, id="true"),
        pytest.param({**EVENT, "count": 1.5}, id="fraction"),
        pytest.param({**EVENT, "count": 2**53}, id="too large"),
        pytest.param({**EVENT, "count": 2**70}, id="beyond 64 bits"),
        pytest.param({**EVENT, "name": "\u00e9"}, id="beyond ASCII"),
        pytest.param({**EVENT, "name": '"'}, id="a quotation mark"),
        pytest.param({**EVENT, "n\u00e4me": "x"}, id="name beyond ASCII"),
        pytest.param({**EVENT, "\U0001f9ff": "x"}, id="name beyond 16 bits"),
        pytest.param({**EVENT, "name": "\ud800"}, id="half a letter"),
        pytest.param({**EVENT, "count": -0.0}, id="minus nothing"),
        pytest.param({**EVENT, "count": 1.0}, id="a fraction that is whole"),
        pytest.param({**EVENT, "set": {1}}, id="what JSON has not"),
        pytest.param({**EVENT, "deep": nested(8)}, id="too deep"),
    ],
)
def test_what_cannot_be_read_back_is_not_written(event: Mapping[str, object]) -> None:
    with pytest.raises(MalformedEntryError):
        write_entry(event, GENESIS, 0)


def test_nesting_ends_at_eight_levels() -> None:
    assert write_entry({**EVENT, "deep": nested(6)}, GENESIS, 0).event["deep"] == [[[[[[1]]]]]]

    with pytest.raises(MalformedEntryError, match="8 levels"):
        write_entry({**EVENT, "deep": nested(7)}, GENESIS, 0)


@pytest.mark.parametrize("edge", [2**53 - 1, 1 - 2**53], ids=["largest", "smallest"])
def test_numbers_end_at_2_to_53(edge: int) -> None:
    assert write_entry({**EVENT, "count": edge}, GENESIS, 0).event["count"] == edge


def test_an_entry_ends_at_16_kib() -> None:
    room = 16_384 - len(write_entry({**EVENT, "long": ""}, GENESIS, 0).raw)

    assert len(write_entry({**EVENT, "long": "x" * room}, GENESIS, 0).raw) == 16_384
    with pytest.raises(MalformedEntryError, match="16,384 bytes"):
        write_entry({**EVENT, "long": "x" * (room + 1)}, GENESIS, 0)

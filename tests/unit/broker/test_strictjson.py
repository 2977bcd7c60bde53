"""JSON from outside: what is kept, and what is refused without a word of it."""

import pytest

from broker.domain.errors import Fault, FaultyDocumentError
from broker.intake.strict_json import MAX_DEPTH, MAX_DIGITS, MAX_MEMBERS, load_json

EMPTY = "is empty; check that it was saved, and send it again"
TWICE = "has a name that stands twice in one object; keep one of them"
NOT_FINITE = "has NaN or an infinity where a number must stand"
TOO_LARGE = "has a number that is too large"
NO_TEXT = "has a character that is not text (a NUL or a lone surrogate)"
NOT_UTF_8 = "is not UTF-8 text; save it as UTF-8 and send it again"
TOO_DEEP = "is nested more than 20 levels deep"
TOO_MANY = "has more than 2,000 members"


def lists(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def test_every_kind_of_value_is_kept() -> None:
    text = b'{"a": [1, -2, 0.5, true, false, null, "word"], "b": {"c": {}}}'

    assert load_json(text) == {"a": [1, -2, 0.5, True, False, None, "word"], "b": {"c": {}}}


def test_names_and_texts_are_composed() -> None:
    assert load_json('{"e\u0301": "e\u0301"}'.encode()) == {"\u00e9": "\u00e9"}


def test_a_pair_of_surrogates_is_the_character_that_it_spells() -> None:
    assert load_json(b'"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lists(MAX_DEPTH + 1), id="depth"),
        pytest.param(b"[" + b",".join([b"0"] * (MAX_MEMBERS - 1)) + b"]", id="members"),
        pytest.param(b"9" * MAX_DIGITS, id="digits"),
        pytest.param(b"-" + b"9" * MAX_DIGITS, id="digits below nought"),
    ],
)
def test_what_just_fits_is_kept(text: bytes) -> None:
    load_json(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(b"", EMPTY, id="nothing"),
        pytest.param(b"\xef\xbb\xbf \r\n", EMPTY, id="a mark alone"),
        pytest.param(b"x", "is not JSON: line 1, column 1", id="a word"),
        pytest.param(b'{\n"a" 1}', "is not JSON: line 2, column 5", id="no colon"),
        pytest.param(b"\xff", NOT_UTF_8, id="not UTF-8"),
        pytest.param(b"\xed\xa0\x80", NOT_UTF_8, id="surrogate in UTF-8"),
        pytest.param(b'{"a": 1, "a": 1}', TWICE, id="twice"),
        pytest.param(b'[{"b": {"a": 1, "\\u0061": 1}}]', TWICE, id="twice, once escaped"),
        pytest.param('{"\u00e9": 1, "e\u0301": 1}'.encode(), TWICE, id="twice once composed"),
        pytest.param(b"NaN", NOT_FINITE, id="NaN"),
        pytest.param(b"[-Infinity]", NOT_FINITE, id="infinity"),
        pytest.param(b"1e999", TOO_LARGE, id="float"),
        pytest.param(b"-1e999", TOO_LARGE, id="negative float"),
        pytest.param(b"9" * (MAX_DIGITS + 1), TOO_LARGE, id="integer"),
        pytest.param(b"-" + b"9" * (MAX_DIGITS + 1), TOO_LARGE, id="integer below nought"),
        pytest.param(b'"\\u0000"', NO_TEXT, id="NUL"),
        pytest.param(b'{"\\u0000": 1}', NO_TEXT, id="NUL in a name"),
        pytest.param(b'"\\ud800"', NO_TEXT, id="high surrogate"),
        pytest.param(b'"\\udc00"', NO_TEXT, id="low surrogate"),
        pytest.param(lists(MAX_DEPTH + 2), TOO_DEEP, id="deep"),
        pytest.param(lists(100_000), TOO_DEEP, id="too deep for a parser"),
        pytest.param(b"[" + b",".join([b"0"] * MAX_MEMBERS) + b"]", TOO_MANY, id="members"),
    ],
)
def test_what_cannot_be_trusted_is_refused(text: bytes, problem: str) -> None:
    with pytest.raises(FaultyDocumentError) as refused:
        load_json(text)

    assert refused.value.faults == (Fault(place="document", problem=problem),)

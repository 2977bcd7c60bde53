"""Controls never reach a screen, and come into no document."""

import json

import pytest

from broker.packs.visible import never_text, visible, visible_json


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        pytest.param("Zażółć, ਗੁਰਪ੍ਰੀਤ, محمد, 李伟", "Zażółć, ਗੁਰਪ੍ਰੀਤ, محمد, 李伟", id="letters"),
        pytest.param("one\ntwo\tthree", "one\ntwo\tthree", id="lines and tabs"),
        pytest.param("one\r\ntwo", "one\ntwo", id="line ends of Windows"),
        pytest.param("sent\rnot sent", "sent[U+000D]not sent", id="back to the line's start"),
        pytest.param("\x1b[2J", "[U+001B][2J", id="clear the screen"),
        pytest.param("\x9b2J", "[U+009B]2J", id="the same in one character"),
        pytest.param("a\u202eb\u2066c\u200f", "a[U+202E]b[U+2066]c[U+200F]", id="direction"),
        pytest.param("a\u2028b", "a[U+2028]b", id="another line end"),
        pytest.param("\ud800", "[U+D800]", id="half a pair"),
        pytest.param("می\u200cخواهم 👩\u200d🎓", "می\u200cخواهم 👩\u200d🎓", id="joiners"),
    ],
)
def test_what_a_screen_would_obey_is_seen_as_its_code(written: str, seen: str) -> None:
    assert visible(written) == seen


def test_a_json_document_keeps_its_value_and_shows_no_control() -> None:
    value = {"name": "a\u202eb\x9b\x1b[2J\u200f\n"}

    printed = visible_json(json.dumps(value, ensure_ascii=False, indent=1))

    assert json.loads(printed) == value
    assert printed == '{\n "name": "a\\u202eb\\u009b\\u001b[2J\\u200f\\n"\n}'


@pytest.mark.parametrize(
    ("written", "found"),
    [
        pytest.param("Two\nlines\tand a tab\r\n", None, id="lines and tabs"),
        pytest.param("مريم \u200f(15)", None, id="a mark that right-to-left text needs"),
        pytest.param("می\u200cخواهم", None, id="joiner"),
        pytest.param("a\rb\x1b", "\r", id="lone carriage return first"),
        pytest.param("\u202d01632 960 001\u202c", "\u202d", id="as telephones copy numbers"),
        pytest.param("a\x7f", "\x7f", id="delete"),
    ],
)
def test_the_first_character_that_no_text_may_hold_is_found(written: str, found: str) -> None:
    assert never_text(written) == found

"""Whatever is printed, a screen shows it and obeys nothing of it."""

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from broker.packs.visible import never_text, visible, visible_json

TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=[]), st.sampled_from("\r\n\t\x1b\u202e"))
)


def is_obeyed(character: str) -> bool:
    controls = {"Cc", "Cs", "Zl", "Zp"}
    is_control = unicodedata.category(character) in controls and character not in "\n\t"
    return is_control or character in TURNS


@given(TEXTS)
def test_nothing_visible_is_obeyed_and_seeing_twice_changes_nothing(text: str) -> None:
    seen = visible(text)

    assert [character for character in seen if is_obeyed(character)] == []
    assert visible(seen) == seen


@given(TEXTS)
def test_what_holds_nothing_to_obey_stays_as_it_is(text: str) -> None:
    harmless = "".join(character for character in text if not is_obeyed(character))

    assert visible(harmless) == harmless
    assert never_text(harmless) is None


@given(st.dictionaries(TEXTS, TEXTS))
def test_any_json_document_keeps_its_value(document: dict[str, str]) -> None:
    printed = visible_json(json.dumps(document, ensure_ascii=False, indent=1))

    assert json.loads(printed) == document
    assert [character for character in printed if is_obeyed(character)] == []

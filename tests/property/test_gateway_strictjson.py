"""Any plain value survives the trip; anything else is refused in words of our own."""

import json
import unicodedata
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rounds import rounds

from broker.domain.errors import FaultyDocumentError
from broker.intake.strict_json import load_json

LARGEST = 10**18 - 1
texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
).map(lambda text: unicodedata.normalize("NFC", text))
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST, LARGEST)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=rounds(150), deadline=None)
@given(value=plain, escaped=st.booleans())
def test_a_plain_value_comes_out_as_it_went_in(value: Any, *, escaped: bool) -> None:
    assert load_json(json.dumps(value, ensure_ascii=escaped).encode()) == value


@settings(max_examples=rounds(150), deadline=None)
@given(
    text=st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace"))
)
@example(text=b"\xef\xbb\xbf{}")
def test_any_bytes_are_read_or_refused_without_being_repeated(text: bytes) -> None:
    try:
        load_json(text)
    except FaultyDocumentError as error:
        (fault,) = error.faults
        assert fault.place == "document"
        assert fault.problem.isascii()


@settings(max_examples=rounds(80), deadline=None)
@given(inner=plain, name=texts, spelling=st.sampled_from(["NFC", "NFD", "NFKC"]))
def test_a_name_that_stands_twice_is_found_at_any_depth(
    inner: Any, name: str, spelling: Any
) -> None:
    twin = unicodedata.normalize(spelling, name)
    one, two = json.dumps(name), json.dumps(twin)
    content = json.dumps(inner)
    text = f'[[{{"other": 1, {one}: {content}, {two}: null}}]]'

    try:
        value: Any = load_json(text.encode())
    except FaultyDocumentError:
        assert unicodedata.normalize("NFC", twin) == name or name == "other"
    else:
        assert unicodedata.normalize("NFC", twin) != name
        assert value[0][0][name] == inner

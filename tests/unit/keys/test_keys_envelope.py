from collections.abc import Callable

import pytest

from keys import CannotOpenError, CaseId, CaseKey, Place, WrongCaseError, open_field, seal_field

KEY = CaseKey(case=CaseId("case-0001"), key_id=bytes(range(16)), material=bytes(range(32)))
OTHER_KEY = CaseKey(case=KEY.case, key_id=KEY.key_id, material=bytes(32))
RENAMED_KEY = CaseKey(case=KEY.case, key_id=bytes(16), material=KEY.material)
PLACE = Place(case=KEY.case, field="facts", version=1)
ELSEWHERE = Place(case=CaseId("case-0001f"), field="acts", version=1)
NAMESAKE = CaseKey(case=ELSEWHERE.case, key_id=KEY.key_id, material=KEY.material)
TEXT = b"nothing true about anybody"

CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "a byte more": lambda blob: blob + b"\x00",
    "a byte before": lambda blob: b"\x00" + blob,
    "twice": lambda blob: blob * 2,
}


def sealed() -> bytes:
    return seal_field(KEY, TEXT, PLACE, entropy=bytes)


def test_a_field_opens_at_its_place() -> None:
    assert open_field(KEY, seal_field(KEY, TEXT, PLACE), PLACE) == TEXT


def test_nothing_can_be_sealed_as_well() -> None:
    assert open_field(KEY, seal_field(KEY, b"", PLACE), PLACE) == b""


def test_the_format_is_the_documented_one() -> None:
    header = "444253460101" + bytes(range(16)).hex() + bytes(12).hex()

    assert sealed().hex() == header + (
        "60d3c1b6dc42e49d7cdadc50384df3f6a737763246f80240e4e7cf675f68d23ca74472e5b10bd6ba3ee6"
    )


def test_the_same_text_never_looks_the_same() -> None:
    assert seal_field(KEY, TEXT, PLACE) != seal_field(KEY, TEXT, PLACE)


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(Place(case=KEY.case, field="pack", version=1), id="other field"),
        pytest.param(Place(case=KEY.case, field="facts", version=2), id="later version"),
        pytest.param(Place(case=KEY.case, field="facts", version=0), id="earlier version"),
    ],
)
def test_a_field_opens_nowhere_else(place: Place) -> None:
    with pytest.raises(CannotOpenError):
        open_field(KEY, sealed(), place)


def test_a_field_is_not_sealed_with_the_key_of_another_case() -> None:
    with pytest.raises(WrongCaseError, match="Nothing was sealed"):
        seal_field(KEY, TEXT, ELSEWHERE)


@pytest.mark.parametrize("key", [KEY, NAMESAKE], ids=["its own key", "the same key, renamed"])
def test_a_field_does_not_open_in_another_case(key: CaseKey) -> None:
    with pytest.raises(CannotOpenError):
        open_field(key, sealed(), ELSEWHERE)


@pytest.mark.parametrize(
    "key",
    [pytest.param(OTHER_KEY, id="other secret"), pytest.param(RENAMED_KEY, id="other name")],
)
def test_a_field_opens_with_no_other_key(key: CaseKey) -> None:
    with pytest.raises(CannotOpenError):
        open_field(key, sealed(), PLACE)


@pytest.mark.parametrize("bit", range(8))
def test_every_altered_bit_is_found(bit: int) -> None:
    blob = sealed()
    for at in range(len(blob)):
        altered = bytearray(blob)
        altered[at] ^= 1 << bit
        with pytest.raises(CannotOpenError):
            open_field(KEY, bytes(altered), PLACE)


@pytest.mark.parametrize(
    "change",
    [pytest.param(change, id=name) for name, change in CHANGES.items()],
)
def test_a_lengthened_field_is_refused(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(CannotOpenError):
        open_field(KEY, change(sealed()), PLACE)


def test_a_field_cut_anywhere_is_refused() -> None:
    blob = sealed()
    for length in range(len(blob)):
        with pytest.raises(CannotOpenError):
            open_field(KEY, blob[:length], PLACE)


def test_a_case_key_does_not_show_its_secret() -> None:
    key = CaseKey(case=KEY.case, key_id=KEY.key_id, material=b"secret" * 5)

    assert "secret" not in repr(key)

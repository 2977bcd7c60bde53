"""What was mailed and what was told open a page together; neither opens anything alone."""

import pytest

from keys import CannotOpenError, CaseId, Place, joined, key_for, open_field, seal_field, told_key

PAGE, SALT = CaseId("page"), bytes(16)
PLACE = Place(case=PAGE, field="reader/1", version=1)


@pytest.mark.parametrize(
    ("token", "code", "salt"),
    [
        (b"mailed", "7Q4KM2XJ", SALT),
        (b"mailee", "7Q4KM2XH", SALT),
        (b"mailed", "7Q4KM2XH", bytes(15) + b"x"),
        (b"mailed7", "Q4KM2XH", SALT),
    ],
)
def test_another_token_code_or_salt_opens_nothing(token: bytes, code: str, salt: bytes) -> None:
    sealed = seal_field(told_key(PAGE, b"mailed", "7Q4KM2XH", SALT), b"secret", PLACE)

    assert open_field(told_key(PAGE, b"mailed", "7Q4KM2XH", SALT), sealed, PLACE) == b"secret"
    with pytest.raises(CannotOpenError):
        open_field(told_key(PAGE, token, code, salt), sealed, PLACE)


def test_a_secret_gives_another_key_for_each_use_and_page() -> None:
    uses = [key_for(PAGE, bytes(32), "ask"), key_for(PAGE, bytes(32), "answer")]
    other = key_for(CaseId("other"), bytes(32), "ask")

    assert len({key.material for key in (*uses, other)}) == 3


def test_either_half_gives_the_other_and_unequal_halves_are_a_fault() -> None:
    key, half = bytes(range(32)), bytes(range(32, 64))

    assert joined(half, joined(key, half)) == key
    with pytest.raises(ValueError, match=r"shorter|longer"):
        joined(key, half[1:])

from collections.abc import Iterator
from itertools import product

import pytest

from broker.domain.errors import UnknownReferenceError
from broker.domain.references import (
    ALPHABET,
    MalformedReferenceError,
    Prefix,
    Reference,
    new_reference,
    parse_reference,
)

EXAMPLE = Reference("7Q4KM2XH")


def values_of(text: str) -> list[int]:
    return [ALPHABET.index(character) for character in text]


def read_wrong(characters: str) -> Iterator[str]:
    """Yield every text that differs in one character or in two neighbours changed about."""
    for at, character in product(range(8), ALPHABET):
        if characters[at] != character:
            yield characters[:at] + character + characters[at + 1 :]
    for at in range(7):
        if characters[at] != characters[at + 1]:
            yield (characters[:at] + characters[at + 1] + characters[at] + characters[at + 2 :])


def test_a_reference_has_one_spelling() -> None:
    assert str(EXAMPLE) == "PRV-7Q4K-M2XH"


@pytest.mark.parametrize(
    "text",
    [
        "PRV-7Q4K-M2XH",
        "prv-7q4k-m2xh",
        "PRV 7Q4K M2XH",
        "  p r v7q4km2xh\n",
        "PRV\u20117Q4K\u2013M2XH",
        "PRV\u00a07Q4K\u00a0M2XH",
        "PRV--7Q4K--M2XH",
    ],
    ids=ascii,
)
def test_case_spaces_and_hyphens_do_not_matter(text: str) -> None:
    assert parse_reference(text) == EXAMPLE


@pytest.mark.parametrize(
    "text",
    ["PRV-1010-000P", "prv-ioio-ooop", "PRV-LOLO-OOOP", "prv-lo1o-0o0p"],
)
def test_letters_that_look_like_digits_are_read_as_digits(text: str) -> None:
    assert str(parse_reference(text)) == "PRV-1010-000P"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("7Q4K-M2XH", id="no prefix"),
        pytest.param("PRW-7Q4K-M2XH", id="another prefix"),
        pytest.param("PRV-7Q4K-M2X", id="a character missing"),
        pytest.param("PRV-7Q4K-M2XHH", id="a character more"),
        pytest.param("PRV-7Q4K-M2XU", id="a vowel"),
        pytest.param("PRV-7Q4K-M2X\u212a", id="a letter that only looks like K"),
        pytest.param("PRV-7Q4K_M2XH", id="an underscore"),
        pytest.param("PRV-\u0667Q4K-M2XH", id="a digit of another script"),
        pytest.param("PRV-7Q4K-M2XH" * 1000, id="a thousand times"),
    ],
)
def test_what_is_no_reference_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(MalformedReferenceError, match="character by character") as refused:
        parse_reference(text)

    assert "M2X" not in str(refused.value)


def test_a_malformed_reference_is_an_unknown_one() -> None:
    assert issubclass(MalformedReferenceError, UnknownReferenceError)


def test_one_wrong_character_or_two_changed_about_never_fit() -> None:
    for wrong in read_wrong(EXAMPLE.characters):
        with pytest.raises(MalformedReferenceError):
            parse_reference(f"PRV-{wrong}")


def test_the_check_finds_such_mistakes_in_every_reference() -> None:
    # The check is linear, so each mistake shifts the sum by an amount that depends on nothing
    # else: a difference of two values times a weight, or times a difference of two weights.
    differences = range(1, len(ALPHABET))
    weights = range(2, 10)

    assert len(ALPHABET) == 30
    assert all(difference * weight % 31 for difference in differences for weight in weights)
    assert all(
        difference * (one - other) % 31
        for difference in differences
        for one in weights
        for other in weights
        if one != other
    )


def test_new_references_carry_their_check() -> None:
    for reference in (new_reference() for _ in range(200)):
        weighted = zip(range(2, 10), values_of(reference.characters), strict=True)

        assert sum(weight * value for weight, value in weighted) % 31 == 0
        assert parse_reference(str(reference)) == reference


def test_a_body_without_a_check_character_is_drawn_again() -> None:
    # 3 * 3 + 9 * 30 is a multiple of 31, and no character is worth 30.
    drawn = iter("0300000" + "7Q4KM2X")

    assert new_reference(lambda _: next(drawn)) == EXAMPLE
    assert list(drawn) == []


def test_new_references_differ() -> None:
    assert len({new_reference() for _ in range(1000)}) == 1000


def test_no_reference_holds_a_vowel_or_a_look_alike() -> None:
    assert set(ALPHABET) & set("AEIOUL") == set()


@pytest.mark.parametrize("prefix", list(Prefix))
def test_a_reference_says_what_it_is_to_and_is_read_as_nothing_else(prefix: Prefix) -> None:
    made = new_reference(prefix=prefix)

    assert str(made).startswith(f"{prefix}-")
    assert parse_reference(str(made), prefix) == made
    for other in set(Prefix) - {prefix}:
        with pytest.raises(MalformedReferenceError, match=other):
            parse_reference(str(made), other)

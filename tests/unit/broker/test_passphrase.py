import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pytest

from broker.packs.passphrase import WordListError, draw_passphrase, spell, word_list, words_of

FORM = re.compile(r"[a-z]{3,5}(?:-[a-z]{3,5}){5}")


def phrases_that_fit(words: Sequence[str], count: int, room: int) -> int:
    """Count the phrases of so many words that need no more letters than there is room for."""
    lengths = Counter(map(len, words))
    ways = {0: 1}
    for _ in range(count):
        longer: Counter[int] = Counter()
        for letters, way in ways.items():
            for length, number in lengths.items():
                longer[letters + length] += way * number
        ways = dict(longer)
    return sum(way for letters, way in ways.items() if letters <= room)


def test_a_passphrase_has_62_8_bits() -> None:
    fitting = phrases_that_fit(word_list(), count=6, room=32 - 5)

    assert round(math.log2(fitting), 1) == 62.8
    assert 0.5 < fitting / len(word_list()) ** 6 < 0.51


def test_the_words_are_short_plain_different_and_in_order() -> None:
    words = word_list()

    assert len(words) == 1580
    assert [word for word in words if not re.fullmatch(r"[a-z]{3,5}", word)] == []
    assert all(one < two for one, two in pairwise(words))


@pytest.mark.parametrize(
    "word",
    ["colour", "color", "gray", "mold", "flyer", "flier", "cache", "arson", "riot", "islam"],
)
def test_words_that_mislead_or_hurt_are_not_among_them(word: str) -> None:
    assert word not in word_list()


def test_another_list_is_refused() -> None:
    with pytest.raises(WordListError, match="not the released one"):
        words_of(b"abide\nable\n")


def test_a_passphrase_is_six_words_of_the_list() -> None:
    phrase = draw_passphrase()

    assert FORM.fullmatch(phrase)
    assert set(phrase.split("-")) <= set(word_list())
    assert len(phrase) <= 32


def test_a_draw_too_long_is_thrown_away_whole() -> None:
    drawn = iter(["abide"] * 6 + ["acid"] * 3 + ["abide"] * 3)

    assert draw_passphrase(lambda _: next(drawn)) == "acid-acid-acid-abide-abide-abide"
    assert list(drawn) == []


def test_two_passphrases_differ() -> None:
    assert draw_passphrase() != draw_passphrase()


@pytest.mark.parametrize(
    ("word", "spoken"),
    [
        ("thump", "Tango Hotel Uniform Mike Papa"),
        ("jazz", "Juliett Alfa Zulu Zulu"),
        ("oxbow", "Oscar X-ray Bravo Oscar Whiskey"),
    ],
)
def test_a_word_is_spelt_as_on_the_radio(word: str, spoken: str) -> None:
    assert spell(word) == spoken


def test_every_word_of_the_list_can_be_spelt() -> None:
    assert all(
        "".join(name[0].lower() for name in spell(word).split(" ")) == word for word in word_list()
    )


@pytest.mark.long
def test_a_hundred_thousand_passphrases_keep_their_form() -> None:
    phrases = [draw_passphrase() for _ in range(100_000)]

    assert [phrase for phrase in phrases if not FORM.fullmatch(phrase)] == []
    assert max(map(len, phrases)) == 32
    assert len(set(phrases)) == len(phrases)
    assert {word for phrase in phrases for word in phrase.split("-")} == set(word_list())

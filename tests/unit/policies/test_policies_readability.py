"""Every card can be read aloud: Flesch-Kincaid grade 9 at most, no term of the field excepted."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from policies import Rulebook
from policies.engine import Card

HIGHEST_GRADE = 9.0
WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
VOWELS = re.compile(r"[aeiouy]+")
CARDS = Rulebook.read(files("policies") / "rulebook").cards


def _syllables(word: str) -> int:
    word = word.lower()
    silent = word.endswith("e") and not word.endswith(("le", "ee", "ie"))
    silent = silent or (word.endswith("ed") and not word.endswith(("ted", "ded")))
    return max(1, len(VOWELS.findall(word)) - silent)


def _grade(text: str) -> float:
    sentences = [part for part in re.split(r"[.!?]+\s", text) if WORD.search(part)]
    words = WORD.findall(text)
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def _text(card: Card) -> str:
    said = [part for one in card.findings for part in (one.written.say, *one.written.lawful_if)]
    return " ".join([f"{card.title}. ", card.why, *said]) + " "


@pytest.mark.parametrize("card", CARDS, ids=lambda card: str(card.rule))
def test_a_card_reads_at_grade_nine_or_below(card: Card) -> None:
    assert _grade(_text(card)) <= HIGHEST_GRADE


def test_a_text_of_the_law_would_not_pass() -> None:
    legalese = (
        "Notwithstanding the aforementioned provisions, the controller's determination "
        "regarding proportionality necessitates comprehensive documentation of countervailing "
        "considerations. "
    )

    assert _grade(legalese) > HIGHEST_GRADE


def test_a_guardian_can_read_the_readme_at_one_sitting() -> None:
    readme = Path(str(files("policies") / "rulebook" / "README.md")).read_text("utf-8")

    assert len(readme.split()) < 600

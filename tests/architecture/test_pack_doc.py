"""The page about packs says what the product takes."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from broker.domain.facts import ANSWERED_BY_PEOPLE
from broker.domain.form import FORM, LIMITS
from broker.domain.obligations import CONFIRMED_BY_THE_SENDER
from broker.intake.documents import read_pack
from policies import Rulebook, Vocabulary

ROOT = Path(__file__).parents[2]


@pytest.fixture(name="page")
def _page() -> str:
    return (ROOT / "docs/formats/pack.md").read_text(encoding="utf-8")


@pytest.fixture(name="vocabulary")
def _vocabulary() -> Vocabulary:
    return Rulebook.shipped().vocabulary


def section(page: str, title: str) -> str:
    return page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| ")]


def test_the_table_of_fields_is_the_form(page: str) -> None:
    described = rows(section(page, "The form"))[1:]

    assert described == [
        f"| {field.section} | `{field.id}` | {field.label} | {field.kind.value} "
        f"| {LIMITS[field.kind]:,} |"
        for field in FORM
    ]


def test_the_questions_are_those_that_people_answer(page: str, vocabulary: Vocabulary) -> None:
    table = section(page, "The questions").partition("### `confirmed`")[0]

    described = re.findall(r"^\| `([a-z_.0-9]+)` \|", table, re.MULTILINE)

    assert described == [
        place
        for place in vocabulary.shapes
        if place in ANSWERED_BY_PEOPLE or place.partition(".")[0] in ANSWERED_BY_PEOPLE
    ]


def test_the_words_to_confirm_are_those_that_the_sender_can_keep(page: str) -> None:
    table = page.partition("### `confirmed`")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == set(
        CONFIRMED_BY_THE_SENDER
    )


def test_the_example_is_taken(page: str, vocabulary: Vocabulary) -> None:
    example = section(page, "An example").partition("```json\n")[2].partition("```")[0]

    pack = read_pack(example.encode(), vocabulary, date(2026, 11, 29))

    assert pack.document() == json.loads(example)

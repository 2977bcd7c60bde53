"""No sentence says "1 notices": what is counted stands in the number that English gives it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.format.plurals import counted

ROOT = Path(__file__).parents[2]
PACKAGES = ("broker", "audit", "keys")
_NOUN = re.compile(
    r"\s(?:[a-z]+\s){0,2}?"
    r"(agencies|alarms|bytes|cards|cases|checkpoints|contacts|days|decisions|disclosures|drafts"
    r"|emails|entries|faults|fields|files|hosts|lines|mailboxes|memories|months"
    r"|notes|notices|pages|passphrases|people|persons|references|rows|rules|seconds|sentences"
    r"|sources|steps|texts|things|times|words|years)\b"
)
_LIMIT = re.compile(r"[A-Z_0-9.]+")  # a limit of the code is never one
_IN_TEMPLATE = re.compile(r"\{\{[^}]*\}\}(?:</[a-z]+>)?" + _NOUN.pattern)


def numbers_before_plurals(source: str) -> Iterator[int]:
    """Yield the lines of a module on which a value is followed by a noun in the plural."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.JoinedStr):
            continue
        for value, after in zip(node.values, node.values[1:], strict=False):
            if (
                isinstance(value, ast.FormattedValue)
                and isinstance(after, ast.Constant)
                and _NOUN.match(str(after.value))
                and not _LIMIT.fullmatch(ast.unparse(value.value).replace("self.", ""))
            ):
                yield node.lineno


@pytest.mark.parametrize(
    ("number", "words"),
    [
        pytest.param(0, "0 entries", id="none"),
        pytest.param(1, "1 entry", id="one"),
        pytest.param(2, "2 entries", id="two"),
        pytest.param(1_000, "1,000 entries", id="many"),
    ],
)
def test_a_number_stands_with_its_noun(number: int, words: str) -> None:
    assert counted(number, "entry") == words


@pytest.mark.parametrize(
    ("noun", "many"),
    [
        pytest.param("notice", "notices", id="an s"),
        pytest.param("agency", "agencies", id="ies"),
        pytest.param("mailbox", "mailboxes", id="es"),
        pytest.param("day", "days", id="a vowel before y"),
    ],
)
def test_a_regular_noun_needs_no_second_word(noun: str, many: str) -> None:
    assert [counted(number, noun) for number in (1, 3)] == [f"1 {noun}", f"3 {many}"]


def test_a_verb_agrees_where_it_is_given() -> None:
    assert [counted(number, "step was", "steps were") for number in (1, 2)] == [
        "1 step was",
        "2 steps were",
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param('f"{done} notices are prepared"', [1], id="a noun"),
        pytest.param('f"{len(found)} new mailboxes"', [1], id="with a word before it"),
        pytest.param('f"at most {MOST} fields"', [], id="a limit"),
        pytest.param('f"{name} says"', [], id="no noun"),
    ],
)
def test_a_bare_number_before_a_plural_is_found(source: str, found: list[int]) -> None:
    assert list(numbers_before_plurals(source)) == found


def test_no_sentence_of_a_program_has_a_bare_number_before_a_plural() -> None:
    places = [
        f"{file.relative_to(ROOT)}:{line}"
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*.py"))
        for line in numbers_before_plurals(file.read_text(encoding="utf-8"))
    ]

    assert places == []


def test_no_page_has_a_bare_number_before_a_plural() -> None:
    places = [
        f"{file.relative_to(ROOT)}: {found.group()}"
        for file in sorted((ROOT / "broker").rglob("*.html"))
        for found in _IN_TEMPLATE.finditer(file.read_text(encoding="utf-8"))
    ]

    assert places == []

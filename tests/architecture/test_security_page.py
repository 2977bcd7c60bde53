"""SECURITY.md claims nothing without a test, and says of everybody what they still can."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from claims import NAMED, missing

PAGE = (Path(__file__).parents[2] / "SECURITY.md").read_text(encoding="utf-8")
WHO = (
    "database administrator",
    "gateway role",
    "host root",
    "operator",
    "Guardian",
    "practitioner",
    "receiving body",
    "auditor of the installation",
    "stranger",
)


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None, title
    return found[1]


def rows(title: str) -> Iterator[str]:
    """The rows of the table of a section, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("| ")]
    yield from lines[1:]


CLAIMS = [*rows("What nobody gets to do"), *rows("What is encrypted, and where")]


def test_the_page_has_claims() -> None:
    assert len(CLAIMS) > 40


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda row: " ".join(row.split("|")[1:3])[:90])
def test_every_claim_names_a_test_that_runs(claim: str) -> None:
    assert NAMED.search(claim), "a claim without a test is a promise: name one, or take it out"
    assert missing(claim) == []


def test_every_test_that_the_page_names_exists() -> None:
    assert missing(PAGE) == []


@pytest.mark.parametrize("who", WHO)
def test_it_says_of_each_what_they_still_can(who: str) -> None:
    (row,) = (one for one in rows("Who can still do what") if one.startswith(f"| {who} |"))
    _, _, can, remains, _ = (cell.strip() for cell in row.split("|"))

    assert len(can) > 40
    assert len(remains) > 20

"""What is said of the ASVS is said of each requirement, and by tests that there are."""

from collections import Counter
from pathlib import Path

import pytest
from claims import CLAIMS, Claim, claims, missing, page

ROOT = Path(__file__).parents[2]
CHAPTERS = {
    "1": 27, "2": 11, "3": 19, "4": 10, "5": 9, "6": 35, "7": 18, "8": 7, "9": 7,
    "10": 29, "11": 14, "12": 9, "13": 13, "14": 9, "15": 13, "16": 16, "17": 7,
}  # fmt: skip
"""How many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has."""

ALL = [claim for found in claims().values() for claim in found]


def test_each_requirement_of_levels_1_and_2_has_a_line_of_its_own() -> None:
    assert len({claim.number for claim in ALL}) == len(ALL) == sum(CHAPTERS.values())
    assert Counter(claim.number.partition(".")[0] for claim in ALL) == CHAPTERS


def test_every_test_that_is_named_exists() -> None:
    assert missing(CLAIMS.read_text(encoding="utf-8")) == []


def test_the_page_is_what_the_list_says() -> None:
    assert (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8") == page(), (
        "run: python tests/support/claims.py > docs/asvs.md"
    )


@pytest.mark.parametrize("claim", ALL, ids=lambda claim: claim.number)
def test_a_line_names_a_test_or_says_what_is_missing(claim: Claim) -> None:
    assert claim.kind in {"test", "gap", "none"}
    assert ("::" in claim.shown) == (claim.kind == "test")
    assert claim.asks
    assert claim.shown


def test_a_name_that_no_test_has_would_be_found() -> None:
    here = "architecture/test_asvs.py"

    assert missing(f"`{here}::test_nobody_wrote_this`") == [f"{here}::test_nobody_wrote_this"]
    assert missing("`architecture/test_none.py::test_x`") == ["architecture/test_none.py::test_x"]
    assert missing(f"`{here}::test_every_test_that_is_named_exists`") == []

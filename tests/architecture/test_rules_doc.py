"""docs/rules.md is what `broker policy guide` writes."""

from pathlib import Path

from policies import Rulebook, guide

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_the_shipped_rulebook() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")

    assert page == guide(Rulebook.shipped()), "Run: broker policy guide > docs/rules.md"

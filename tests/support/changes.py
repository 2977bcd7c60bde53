"""What has changed for somebody invented, as it is told to those who got a first."""

from typing import Any

from packs import QUESTIONS
from partner_requests import a_statement

SAID = "They live with an aunt in another town since Monday."


def anew(**changes: Any) -> dict[str, Any]:
    """Return the answers that are given anew, of which nothing is wrong."""
    names = ("purpose_statement", "danger", "check", "told", "necessity", "proportionality")
    return {**{name: QUESTIONS[name] for name in names}, **changes}


def a_change(**changes: Any) -> dict[str, Any]:
    """Return that somebody has moved, on 9 March 2026."""
    return {
        "change": "change/1",
        "what": "moved",
        "statement": a_statement(words=SAID, source="the nurse in charge"),
        "questions": anew(),
        **changes,
    }

"""Claims that name the tests which hold them: the tests that there are, and the page of the ASVS.

    python tests/support/claims.py > docs/asvs.md

The page is written from tests/claims/asvs.txt, of which a line is a requirement.
"""

import ast
import re
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]
CLAIMS = TESTS / "claims" / "asvs.txt"
NAMED = re.compile(r"\b((?:[a-z_]+/)+test_[a-z0-9_]+\.py)::(test_[a-zA-Z0-9_]+)")
"""How a page names a test: its file below tests/, and its name."""

_KINDS = {"test": "held", "gap": "gap", "none": "does not arise"}
_STANDARD = "https://owasp.org/www-project-application-security-verification-standard/"
_HEAD = """\
# What the ASVS asks, and what shows it

OWASP's [Application Security Verification Standard]({standard})
5.0.0 at level 2: each of its {total} requirements of levels 1 and 2 by its number, what it asks
in our words, and either the test that holds it, or the gap that is admitted, or why it does not
arise. {held} are held by a test, {gaps} are gaps, {none} do not arise.

A test may hold more or less of a requirement than its author meant: read both. This page is
written by `python tests/support/claims.py` from tests/claims/asvs.txt, and a test fails where one
that it names does not exist.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A requirement: its number, what it asks, `test`, `gap` or `none`, and what shows it."""

    number: str
    asks: str
    kind: str
    shown: str


def claims() -> dict[str, list[Claim]]:
    """Return the requirements by the title of their chapter."""
    chapters: dict[str, list[Claim]] = {}
    title = ""
    for line in CLAIMS.read_text(encoding="utf-8").splitlines():
        if line.startswith("# V"):
            title = line.removeprefix("# ")
        elif not line.startswith("#"):
            number, asks, kind, shown = line.split(" | ")
            claim = Claim(number=number, asks=asks, kind=kind, shown=shown)
            chapters.setdefault(title, []).append(claim)
    return chapters


def page() -> str:
    """Return the page of the ASVS."""
    chapters = claims()
    kinds = Counter(claim.kind for found in chapters.values() for claim in found)
    parts = [
        _HEAD.format(
            standard=_STANDARD,
            total=kinds.total(),
            held=kinds["test"],
            gaps=kinds["gap"],
            none=kinds["none"],
        )
    ]
    for title, found in chapters.items():
        parts += [f"## {title}", "| | asks | | shown by |\n|---|---|---|---|"]
        parts[-1] += "".join(f"\n{_row(claim)}" for claim in found) + "\n"
    return "\n".join(parts)


def _row(claim: Claim) -> str:
    shown = f"`{claim.shown}`" if claim.kind == "test" else claim.shown
    return f"| {claim.number} | {claim.asks} | {_KINDS[claim.kind]} | {shown} |"


@cache
def tests_in(file: str) -> frozenset[str]:
    """Return the names of the tests in a file below tests/; none where there is no such file."""
    path = TESTS / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return frozenset(name for name in functions if name.startswith("test_"))


def missing(text: str) -> list[str]:
    """Return the tests that a text names and that do not exist."""
    return [f"{file}::{name}" for file, name in NAMED.findall(text) if name not in tests_in(file)]


if __name__ == "__main__":
    sys.stdout.write(page())

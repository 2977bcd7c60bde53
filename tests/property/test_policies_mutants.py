"""A slip of the pen in any file of the rulebook is caught before it is used.

Two neighbouring letters of one word change places, anywhere but in prose and comments.
"""

import random
import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from policies import Rulebook, RulebookError
from policies.reading.rulebook import rule_files

CONTENTS = {name: path.read_bytes() for name, path in rule_files(files("policies") / "rulebook")}
PROSE_KEYS = {
    "asks", "citation", "edition", "gloss", "lawful-if", "note", "read-by", "read-in", "say",
    "sentence", "source", "title", "why",
}  # fmt: skip
PROSE_TABLES = {"[sayings]", "[field-outcomes]"}
LETTERS = re.compile(r"[A-Za-z]{2,}")
SEED = 20260316


def _places(name: str, text: str) -> Iterator[int]:
    """Yield where two neighbouring, different letters stand outside prose."""
    at, table = 0, ""
    for line in text.splitlines(keepends=True):
        table = line.strip() if line.startswith("[") else table
        key, equals, _ = line.partition(" = ")
        is_prose = key in PROSE_KEYS or table in PROSE_TABLES or name.endswith("words.toml")
        spoken = key if equals and is_prose else line
        if not line.startswith("#"):
            for word in LETTERS.finditer(spoken):
                for index in range(word.start(), word.end() - 1):
                    if line[index] != line[index + 1]:
                        yield at + index
        at += len(line)


SLIPS = [
    (name, place)
    for name, content in CONTENTS.items()
    for place in _places(name, content.decode())
]


def _survives(name: str, place: int) -> bool:
    text = CONTENTS[name].decode()
    slip = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    try:
        Rulebook.parse(CONTENTS | {name: slip.encode()})
    except RulebookError:
        return False
    return True


def _sample(count: int) -> list[tuple[str, int]]:
    return random.Random(SEED).sample(SLIPS, count)  # noqa: S311 - a sample, not a secret


def test_a_hundred_slips_are_all_caught() -> None:
    assert [slip for slip in _sample(100) if _survives(*slip)] == []


@pytest.mark.long
def test_two_thousand_slips_are_all_caught() -> None:
    assert [slip for slip in _sample(2000) if _survives(*slip)] == []

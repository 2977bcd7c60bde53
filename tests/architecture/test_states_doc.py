"""The README's table of states and the drawing beside it say what the one table says."""

import re
from pathlib import Path

from broker.domain.states import FIRST, TRANSITIONS, State

ROOT = Path(__file__).parents[2]


def test_the_table_of_the_readme_is_the_one_table() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z]+)` \| [^|]+ \| ([^|]*)\|$", page, re.MULTILINE)

    said = {
        State(state): frozenset(map(State, re.findall(r"`(\w+)`", after))) for state, after in rows
    }

    assert said == TRANSITIONS


def test_the_drawing_is_the_one_table() -> None:
    page = (ROOT / "docs" / "states.md").read_text(encoding="utf-8")
    arrows = re.findall(r"^    (\S+) --> (\S+)$", page, re.MULTILINE)

    drawn = {(before, after) for before, after in arrows}
    assert len(drawn) == len(arrows)
    assert drawn == {
        *(("[*]", state) for state in FIRST),
        *((before, after) for before, afters in TRANSITIONS.items() for after in afters),
        (State.ERASED, "[*]"),
    }

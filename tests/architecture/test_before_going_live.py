"""The list that is walked by hand asks for what the program shows, in its words."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "before-going-live.md").read_text(encoding="utf-8")
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for ending in ("py", "html")
    for path in sorted((ROOT / "broker").rglob(f"*.{ending}"))
)
QUOTED = re.findall(r'"([^"\n]+)"', PAGE)


@pytest.mark.parametrize("words", QUOTED)
def test_what_somebody_shall_look_for_is_what_is_shown(words: str) -> None:
    assert words in SOURCES


def test_words_are_quoted_there_and_no_name_of_a_field_is() -> None:
    assert len(QUOTED) >= 3
    assert re.findall(r"`[a-z]+(?:_[a-z]+)+`", PAGE) == []

"""Make any text showable with the document's fonts, losing nothing silently.

What the fonts lack, and what could deceive the eye (control and direction characters), is written
out in brackets: `[grinning face]` for a symbol, `[U+09AC]` for anything else.
"""

import re
import unicodedata
from importlib.resources import files

LONGEST_WORD = 50
_ZERO_WIDTH_SPACE = "\u200b"
_LONG_WORD = re.compile(rf"(\S{{{LONGEST_WORD}}})(?=\S)")
_JOINERS = "\u00ad\u200c\u200d\u200e\u200f"  # invisible, but words of some scripts need them
_VARIANT_SELECTORS = "\ufe0e\ufe0f"  # ask for a symbol in colour or not; nothing to read
_NAMED = "So"  # symbols, pictographs among them


def _covered() -> frozenset[int]:
    table = (files("broker.packs.rendering") / "letters.txt").read_text(encoding="ascii")
    ranges = (
        entry.split("-")
        for line in table.splitlines()
        if not line.startswith("#")
        for entry in line.split()
    )
    return frozenset(
        code for first, last in ranges for code in range(int(first, 16), int(last, 16) + 1)
    )


COVERED = _covered()
"""The code points that the document's fonts can show."""


def shown(text: str) -> str:
    """Return `text` with line feeds between lines and only characters that can be shown."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _breakable("".join(map(_letter, lines)))


def spelled(text: str) -> str:
    """Return `text` in ASCII: for the rare case that known letters cannot be shown together."""
    return _breakable("".join(c if c.isascii() else _in_brackets(c) for c in shown(text)))


def _breakable(text: str) -> str:
    return _LONG_WORD.sub(rf"\1{_ZERO_WIDTH_SPACE}", text)


def _letter(character: str) -> str:
    if character in _VARIANT_SELECTORS:
        return ""
    if character in "\n\t":
        return character if character == "\n" else "    "
    if character in _JOINERS:
        return character
    visible = unicodedata.category(character)[0] != "C"
    return character if visible and ord(character) in COVERED else _in_brackets(character)


def _in_brackets(character: str) -> str:
    name = unicodedata.name(character, "") if unicodedata.category(character) == _NAMED else ""
    return f"[{name.lower()}]" if name else f"[U+{ord(character):04X}]"

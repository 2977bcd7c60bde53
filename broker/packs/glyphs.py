"""Make any text showable with the document's fonts, losing nothing silently.

What the fonts lack, and what could deceive the eye (control, direction and invisible characters),
is written out in brackets: `[grinning face]` for a symbol, `[U+13000]` for anything else.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from broker.packs.visible import code_of

LONGEST_WORD = 50
_ZERO_WIDTH_SPACE = "\u200b"
_LONG_WORD = re.compile(rf"(\S{{{LONGEST_WORD}}})(?=\S)")
_JOINER = "\u200d"
_UNSEEN = "\u00ad\u200b\u200c\u200e\u200f\u061c\u180b\u180c\u180d" + _JOINER
"""Invisible, but words of some scripts need them: where they join, part, break or turn."""

_VARIANT = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Asks for another drawing of the same character, which the fonts do not have."""


def _in_tags(letters: str) -> str:
    return "".join(chr(0xE0000 + ord(letter)) for letter in letters)


_NATION = {_in_tags("eng"): "England", _in_tags("sct"): "Scotland", _in_tags("wls"): "Wales"}
_NATIONS = re.compile(rf"\U0001f3f4{_in_tags('gb')}({'|'.join(_NATION)})\U000e007f")
"""Flags that are written in invisible letters, which hide anything else just as well."""

_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Counted as letters and marks, and nothing to see."""

_SIGNS_BEFORE_NUMBERS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2"
"""Of the category of invisible characters, and yet drawn."""

_COLOURS = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_FIRST = 1
_NAMED = "So"  # symbols, pictographs among them
_NUMBER = re.compile(r"[+(]*[0-9][0-9 ()./:+-]*[0-9]")
_APART_FROM, _APART_TO = "\u2066", "\u2069"
_PLAIN = re.compile(r"[\n -~]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A character on paper; `lost` is the character if something else stands in its place."""

    shown: str
    lost: str = ""


def shown(text: str, *, without: frozenset[str] = frozenset()) -> str:
    """Return `text` with line feeds between lines and only characters that can be shown.

    Those in `without` are written out too.
    """
    return _breakable(_with_numbers_in_order(_written(text, without)))


def unprintable(text: str) -> tuple[str, ...]:
    """Return the characters of `text` that the page writes out, each once: code and name."""
    lost = dict.fromkeys(piece.lost for piece in _pieces(text, frozenset()) if piece.lost)
    return tuple(f"{code_of(one)} {unicodedata.name(one, '')}".rstrip() for one in lost)


def spelled(text: str) -> str:
    """Return `text` in ASCII: for the rare case that known letters cannot be shown together."""
    written = _written(text, frozenset())
    return _breakable("".join(one if one.isascii() else _in_brackets(one) for one in written))


def families_for(text: str) -> tuple[str, ...]:
    """Return the font families that `text` needs, in the order in which a page looks for letters.

    Fewer are laid out faster: most packs need the first alone.
    """
    needed = _FIRST
    for character in set(text):
        able = _able(character)
        if not able & _FIRST:
            needed |= able
    return tuple(name for number, name in enumerate(_letters()) if needed >> number & 1)


def _written(text: str, without: frozenset[str]) -> str:
    return "".join(piece.shown for piece in _pieces(text, without))


def _with_numbers_in_order(text: str) -> str:
    """Return `text` with its numbers set apart from letters that run from right to left.

    Else Unicode's rules (UAX 9) show 01632 960 101 behind an Arabic name as 101 960 01632.
    """
    if text.isascii() or not any(map(_runs_to_the_left, text)):
        return text
    return _NUMBER.sub(rf"{_APART_FROM}\g<0>{_APART_TO}", text)


def _runs_to_the_left(character: str) -> bool:
    return unicodedata.bidirectional(character) in {"R", "AL"}


def _breakable(text: str) -> str:
    return _LONG_WORD.sub(rf"\1{_ZERO_WIDTH_SPACE}", text)


def _pieces(text: str, without: frozenset[str]) -> Iterator[_Piece]:
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    lines = _NATIONS.sub(lambda found: f"[flag of {_NATION[found[1]]}]", lines)
    if _PLAIN.fullmatch(lines):
        yield _Piece(shown=lines)
        return
    fonts = 0  # those that can draw all of the letter so far: its marks, and what it is joined to
    joined = False
    for character in _VARIANT.sub("", lines):
        if character in _UNSEEN:
            joined = character == _JOINER
            yield _Piece(shown=character)
            continue
        able = 0 if character in without else _able(character)
        together = fonts & able
        if character in "\n\t":
            yield _Piece(shown=character if character == "\n" else "    ")
        elif not able or (_is_part(character) and not together):
            able = 0
            yield _Piece(shown=_in_brackets(character), lost=character)
        elif joined and not together:
            yield _Piece(shown=_ZERO_WIDTH_SPACE + character)
        else:
            able = together if joined or _is_part(character) else able
            yield _Piece(shown=character)
        fonts, joined = able, False


def _is_part(character: str) -> bool:
    """Say whether the character is drawn into the one before it."""
    return unicodedata.category(character)[0] == "M" or character in _COLOURS


@cache
def _able(character: str) -> int:
    """Return the fonts that show a character, a bit for each."""
    is_unseen = unicodedata.category(character)[0] == "C" or character in _BLANK
    if is_unseen and character not in _SIGNS_BEFORE_NUMBERS:
        return 0
    code, fonts = ord(character), 0
    for number, (starts, ends) in enumerate(_letters().values()):
        place = bisect_right(starts, code) - 1
        if place >= 0 and code <= ends[place]:
            fonts |= 1 << number
    return fonts


@cache
def _letters() -> dict[str, tuple[list[int], list[int]]]:
    """Return the first and last letters of the ranges that each font has, by its family."""
    table = files("broker.packs") / "rendering" / "fonts" / "letters.txt"
    found: dict[str, tuple[list[int], list[int]]] = {}
    for line in table.read_text(encoding="ascii").splitlines():
        family, _, ranges = line.partition(": ")
        ends = [entry.split("-") for entry in ranges.split()]
        found[family] = [int(a, 16) for a, _ in ends], [int(b, 16) for _, b in ends]
    return found


def _in_brackets(character: str) -> str:
    name = unicodedata.name(character, "") if unicodedata.category(character) == _NAMED else ""
    return f"[{name.lower()}]" if name else f"[{code_of(character)}]"

"""Characters that are not read but obeyed: controls, and what turns the direction of writing.

Whoever could send them to another person's screen could clear it, or have a sentence read the
wrong way round.
"""

import re

_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
_TURNS = "\u202a-\u202e\u2066-\u2069"
_MARKS = "\u061c\u200e\u200f"  # they turn no letter, so right-to-left text may hold them

_NEVER_TEXT = re.compile(f"[{_CONTROLS}{_TURNS}]")
_OBEYED = re.compile(f"[{_CONTROLS}{_TURNS}{_MARKS}]")


def visible(text: str) -> str:
    """Return `text` for a screen: line feeds and tabs stay, other controls become `[U+202E]`."""
    return _OBEYED.sub(lambda found: f"[{code_of(found[0])}]", _with_line_feeds(text))


def visible_json(document: str) -> str:
    """Return the same JSON document with controls as its own escapes."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def never_text(text: str) -> str | None:
    """Return the first character that no text from people may hold, or None."""
    found = _NEVER_TEXT.search(_with_line_feeds(text))
    return None if found is None else found[0]


def code_of(character: str) -> str:
    """Return the code of a character as people look it up, such as U+202E."""
    return f"U+{ord(character):04X}"


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n")

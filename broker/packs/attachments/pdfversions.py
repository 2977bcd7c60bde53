"""Whether a PDF still holds what it was before somebody changed it."""

import re

_ENDING = re.compile(rb"startxref\s+[0-9]+\s+%%EOF")
_NOTHING_CHANGED = re.compile(rb"\s*xref\s+0\s+0\s+trailer\b")
_OBJECT = re.compile(rb"\bobj\b")
_FOR_THE_WEB = b"/Linearized"
_HEAD = 2_048


def holds_an_earlier_version(content: bytes) -> bool:
    """Say whether objects were added behind the first version's end.

    A file made for the web ends twice in its first version; "Save as PDF" in Office adds a second,
    empty table, which changes nothing (ISO 32000-2, 7.5.6 and 7.5.8.4).
    """
    ends = list(_ENDING.finditer(content))
    first_version = 2 if _FOR_THE_WEB in content[:_HEAD] else 1
    later = range(first_version, len(ends))
    return any(
        _changes_something(content[ends[number - 1].end() : ends[number].start()])
        for number in later
    )


def _changes_something(section: bytes) -> bool:
    return _NOTHING_CHANGED.match(section) is None or _OBJECT.search(section) is not None

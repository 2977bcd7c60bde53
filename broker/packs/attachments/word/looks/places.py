"""Whether something stands beside every page, where nobody sees it (ECMA-376 part 1, 17.3.1)."""

import re
from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element

from broker.packs.attachments.word.parts.markup import child, whole

_LEFT_OF_ANY: Final = -5_000
"""Twips left of the margin at which no word begins on paper: three and a half inches."""

_BEYOND_ANY: Final = 24_000
"""Twips: the long side of A3."""

_EMU_TO_A_TWIP: Final = 635
_TWIPS: Final = {"pt": 20.0, "in": 1_440.0, "cm": 567.0, "mm": 56.7}
_VML_PLACE: Final = re.compile(r"margin-(?:left|top):(-?\d{1,9})(?:\.\d{1,9})?(pt|in|cm|mm)")
_SIDES: Final = (("wp:positionH", "cx"), ("wp:positionV", "cy"))


def is_indented_away(indent: Mapping[str, str]) -> bool:
    """Say whether a paragraph, or its first line, begins off the page by what `w:ind` says."""
    left = whole(indent.get("w:left", indent.get("w:start")))
    hanging = whole(indent.get("w:hanging"))
    first = left - hanging if hanging else left + whole(indent.get("w:firstLine"))
    return any(not _LEFT_OF_ANY < begins < _BEYOND_ANY for begins in (left, first))


def is_framed_away(frame: Element | None) -> bool:
    """Say whether a paragraph's frame stands off the page."""
    if frame is None:
        return False
    across, down = whole(frame.get("w:x")), whole(frame.get("w:y"))
    return not _LEFT_OF_ANY < across < _BEYOND_ANY or abs(down) >= _BEYOND_ANY


def is_anchored_away(anchor: Element) -> bool:
    """Say whether a drawing floats off the page (20.4.2.3)."""
    extent = child(anchor, "wp:extent")
    for side, length in _SIDES:
        position = child(anchor, side)
        offset = child(position, "wp:posOffset")
        if position is None or offset is None:
            continue
        at = whole(offset.text)
        reach = whole(extent.get(length)) if extent is not None else 0
        of_page = position.get("relativeFrom") == "page"
        if abs(at) >= _BEYOND_ANY * _EMU_TO_A_TWIP or (of_page and at + reach < 0):
            return True
    return False


def is_placed_away(style: str) -> bool:
    """Say whether the style of an older shape, without blanks, moves it off the page."""
    return any(
        abs(int(number) * _TWIPS[unit]) >= _BEYOND_ANY
        for number, unit in _VML_PLACE.findall(style)
    )

"""The numbers and bullets that Word puts before paragraphs (ECMA-376 part 1, 17.9)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from broker.packs.attachments.word.looks import symbols
from broker.packs.attachments.word.looks.counting import counted
from broker.packs.attachments.word.looks.styles import Styles
from broker.packs.attachments.word.parts.markup import child, is_on, value, whole

_LEVELS = 9
_PLACES = range(_LEVELS)
_BULLET = "\N{BULLET}"
_PLACE = re.compile(r"%([1-9])")
_LONGEST_LABEL = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    start: int
    form: str
    text: str
    restart: int | None
    legal: bool
    hidden: bool
    font: str
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    """One numbering instance: which list it counts in, its levels, and where it starts anew."""

    counts_in: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]


class Numbering:
    """Counts while paragraphs are read in order; one for each file."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        """Read a numbering part, None if there is none."""
        self._styles = styles
        self._abstract: dict[str, Element] = {}
        self._instances: dict[str, Element] = {}
        for one in root if root is not None else ():
            if one.tag == "w:abstractNum":
                self._abstract.setdefault(one.get("w:abstractNumId", ""), one)
            elif one.tag == "w:num":
                self._instances.setdefault(one.get("w:numId", ""), one)
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, _List | None] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()

    def label(self, properties: Element | None, style: str) -> str:
        """Return the number or bullet of the next paragraph, "" if it has none.

        `properties` are the paragraph's own, `style` the name of its style.
        """
        own = child(properties, "w:numPr")
        of_style = next(self._styles.paragraph_properties(style, "w:numPr"), None)
        identifier = value(own, "w:numId") or value(of_style, "w:numId") or "0"
        found = self._list(identifier)
        if found is None:
            return ""
        depth = value(own, "w:ilvl")
        if depth is None:
            linked = [n for n, level in found.levels.items() if style and level.style == style]
            depth = str(linked[0]) if linked else value(of_style, "w:ilvl") or "0"
        return self._next(identifier, found, min(max(whole(depth), 0), _LEVELS - 1))

    def _list(self, identifier: str) -> _List | None:
        if identifier not in self._lists:
            self._lists[identifier] = self._read_list(identifier)
        return self._lists[identifier]

    def _read_list(self, identifier: str) -> _List | None:
        instance = self._instances.get(identifier)
        if identifier == "0" or instance is None:
            return None
        name = value(instance, "w:abstractNumId") or ""
        abstract = self._abstract.get(name)
        linked = value(abstract, "w:numStyleLink")
        if linked is not None:  # the levels stand in the list that a style names
            through = value(self._styles.numbering_style(linked), "w:numId") or ""
            name = value(self._instances.get(through), "w:abstractNumId") or name
            abstract = self._abstract.get(name)
        if name not in self._levels:
            found = map(_level, _each(abstract, "w:lvl"))
            self._levels[name] = {place: level for place, level in found if place in _PLACES}
        levels = dict(self._levels[name])
        starts: dict[int, int] = {}
        for override in _each(instance, "w:lvlOverride"):
            place = whole(override.get("w:ilvl"))
            if place not in _PLACES:
                continue
            if (own := child(override, "w:lvl")) is not None:
                levels[place] = _level(own)[1]
            if (start := value(override, "w:startOverride")) is not None:
                starts[place] = whole(start, 1)
        return _List(counts_in=name, levels=levels, starts=starts)

    def _next(self, identifier: str, found: _List, depth: int) -> str:
        level = found.levels.get(depth)
        if level is None:
            return ""
        counters = self._counters.setdefault(found.counts_in, [None] * _LEVELS)
        before = counters[depth]
        if depth in found.starts and (identifier, depth) not in self._started:
            self._started.add((identifier, depth))
            counters[depth] = found.starts[depth]
        else:
            counters[depth] = level.start if before is None else before + 1
        for deeper in range(depth + 1, _LEVELS):
            below = found.levels.get(deeper)
            if below is None or below.restart is None or depth < below.restart:
                counters[deeper] = None
        if level.hidden:
            return ""
        return _bullet(level) if level.form == "bullet" else _text(found, level, counters)


def _text(found: _List, level: _Level, counters: list[int | None]) -> str:
    def number(place: re.Match[str]) -> str:
        depth = int(place[1]) - 1
        other = found.levels.get(depth, level)
        now = counters[depth]
        form = "decimal" if level.legal and other is not level else other.form
        return counted(other.start if now is None else now, form)

    return _PLACE.sub(number, level.text).strip()[:_LONGEST_LABEL]


def _bullet(level: _Level) -> str:
    drawn = "".join(symbols.sign(level.font, ord(letter)) or "" for letter in level.text[:3])
    if drawn in {"[ ]", "[x]"} or not symbols.TICKS.isdisjoint(drawn):
        return drawn
    return _BULLET if level.text.strip() else ""


def _level(element: Element) -> tuple[int, _Level]:
    run = child(element, "w:rPr")
    fonts = child(run, "w:rFonts")
    restart = value(element, "w:lvlRestart")
    form = value(element, "w:numFmt") or _form_of_alternatives(element)
    return whole(element.get("w:ilvl")), _Level(
        start=whole(value(element, "w:start"), 0),
        form=form,
        text=value(element, "w:lvlText") or "",
        restart=None if restart is None else whole(restart),
        legal=is_on(child(element, "w:isLgl")),
        hidden=is_on(child(run, "w:vanish")),
        font=(fonts.get("w:ascii") or fonts.get("w:hAnsi") or "") if fonts is not None else "",
        style=value(element, "w:pStyle") or "",
    )


def _form_of_alternatives(element: Element) -> str:
    # A form of Word 2010 and later stands between alternatives that the reader has resolved.
    return "bullet" if child(element, "w:lvlPicBulletId") is not None else "decimal"


def _each(element: Element | None, tag: str) -> list[Element]:
    return [one for one in element if one.tag == tag] if element is not None else []

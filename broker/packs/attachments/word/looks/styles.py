"""How a run of words looks, by Word's own rules of inheritance (ECMA-376 part 1, 17.7)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from xml.etree.ElementTree import Element

from broker.packs.attachments.word.looks.colours import (
    Colour,
    Theme,
    can_be_seen,
    highlight,
    of_hex,
)
from broker.packs.attachments.word.parts.markup import child, is_on, value, whole

Layer: TypeAlias = Mapping[str, Element]
"""What one place says of a run or paragraph: its properties by name."""

_TOGGLES = frozenset({"w:vanish", "w:strike"})  # of those in 17.7.3, the ones that matter here
_LONGEST_CHAIN = 50
_SMALLEST = 8  # half points: below 4 points nobody reads
_LARGE = 56
_TWIPS_TO_A_HALF_POINT = 10  # letters that are drawn closer by their own height lie in a heap
_USUAL = 20
_NARROWEST = 15  # percent
_UNSEEN_ALPHA = 95_000  # thousandths of a percent of transparency
_EMPTY: Layer = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a run looks, as far as it decides what its words say.

    `hidden` covers whatever makes words unseen but their colour; `letters` is None where Word
    chooses black or white by the ground; `ground` is None where the run lies on what is behind it.
    """

    hidden: bool
    struck: bool
    web_hidden: bool
    raised: bool
    highlighted: bool
    large: bool
    letters: Colour | None
    ground: Colour | None
    font: str
    high_font: str

    def is_seen_on(self, behind: Colour | None) -> bool:
        """Say whether its words are seen; `behind` None is a ground that nobody knows."""
        if self.hidden:
            return False
        ground = self.ground or behind
        if self.letters is None or ground is None:
            return True
        return can_be_seen(self.letters, ground, large=self.large)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    kind: str
    based_on: str
    run: Layer
    paragraph: Layer
    shades: bool


class Styles:
    """The styles of a file, and what they make of a run or paragraph."""

    def __init__(self, root: Element | None, theme: Theme) -> None:
        """Read a styles part, None if there is none."""
        self.theme = theme
        self._styles: dict[str, _Style] = {}
        self._default: dict[str, str] = {}
        self._chains: dict[tuple[str, str], tuple[_Style, ...]] = {}
        self._looks: dict[tuple[str | None, str], Look] = {}
        self._bases: dict[tuple[str | None, str, str], Layer] = {}
        defaults = child(child(child(root, "w:docDefaults"), "w:rPrDefault"), "w:rPr")
        self._document = layer(defaults)
        for style in root if root is not None else ():
            if style.tag == "w:style":
                self._add(style)

    def look(self, *, table: str | None, paragraph: str, run: Element | None) -> Look:
        """Return the look of a run in a paragraph and table of those styles.

        `run` is the run's own properties; "" stands for no style named, `table` None for no
        table around it.
        """
        if run is None:
            return self._look_of_styles(table, paragraph)
        direct = layer(run)
        character = direct["w:rStyle"].get("w:val", "") if "w:rStyle" in direct else ""
        key = (table, paragraph, character)
        if key not in self._bases:
            self._bases[key] = self._base(*key)
        return _look({**self._bases[key], **direct}, self.theme)

    def _look_of_styles(self, table: str | None, paragraph: str) -> Look:
        key = (table, paragraph)
        if key not in self._looks:
            self._looks[key] = _look(self._base(table, paragraph, ""), self.theme)
        return self._looks[key]

    def paragraph_properties(self, style: str, tag: str) -> Iterator[Element]:
        """Go through what a paragraph style and those below it say of `tag`, nearest first."""
        for one in self._chain("paragraph", style):
            if tag in one.paragraph:
                yield one.paragraph[tag]

    def numbering_style(self, style: str) -> Element | None:
        """Return the numbering that a list style stands for (17.7.2), None if it has none."""
        for one in self._chain("numbering", style):
            if "w:numPr" in one.paragraph:
                return one.paragraph["w:numPr"]
        return None

    def shades_tables(self, style: str) -> bool:
        """Say whether a table style colours the ground of any cell: where, nobody works out."""
        return any(one.shades for one in self._chain("table", style))

    def _add(self, style: Element) -> None:
        name = style.get("w:styleId", "")
        kind = style.get("w:type", "paragraph")
        run = dict(layer(child(style, "w:rPr")))
        if kind == "table":  # what is said of some rows may hold for any: hidden there is hidden
            for part in style:
                some = layer(child(part, "w:rPr")) if part.tag == "w:tblStylePr" else _EMPTY
                if "w:vanish" in some:
                    run.setdefault("w:vanish", some["w:vanish"])
        self._styles.setdefault(
            name,
            _Style(
                kind=kind,
                based_on=value(style, "w:basedOn") or "",
                run=run,
                paragraph=layer(child(style, "w:pPr")),
                shades=kind == "table"
                and any(self.theme.shading(shd) is not None for shd in style.iter("w:shd")),
            ),
        )
        if style.get("w:default", "0") not in {"0", "false", "off"}:
            self._default.setdefault(kind, name)

    def _chain(self, kind: str, name: str) -> Sequence[_Style]:
        """Return a style and those that it is based on, itself first."""
        if name not in self._styles or self._styles[name].kind != kind:
            name = self._default.get(kind, "")
        if (kind, name) not in self._chains:
            found: list[_Style] = []
            current = name
            while current in self._styles and len(found) < _LONGEST_CHAIN:
                if self._styles[current].kind != kind:
                    break
                found.append(self._styles[current])
                current = self._styles[current].based_on
            self._chains[kind, name] = tuple(found)
        return self._chains[kind, name]

    def _base(self, table: str | None, paragraph: str, character: str) -> Layer:
        levels = [
            _EMPTY if table is None else _flattened(self._chain("table", table)),
            _flattened(self._chain("paragraph", paragraph)),
            _flattened(self._chain("character", character)),
        ]
        merged: dict[str, Element] = dict(self._document)
        for level in levels:
            merged.update(level)
        for toggle in _TOGGLES:
            if not is_on(self._document.get(toggle)):
                on = sum(is_on(level.get(toggle)) for level in levels) % 2
                merged[toggle] = Element(toggle, {"w:val": str(on)})
            else:
                merged[toggle] = self._document[toggle]
        return merged


def layer(properties: Element | None) -> Layer:
    """Return properties by name, the first of each."""
    if properties is None:
        return _EMPTY
    found: dict[str, Element] = {}
    for prop in properties:
        found.setdefault(prop.tag, prop)
    return found


def _flattened(chain: Sequence[_Style]) -> Layer:
    merged: dict[str, Element] = {}
    for style in reversed(chain):
        merged.update(style.run)
    return merged


def _look(said: Layer, theme: Theme) -> Look:
    fonts = said.get("w:rFonts")
    letters, unseen = _letters(said, theme)
    pen = highlight(said["w:highlight"].get("w:val", "")) if "w:highlight" in said else None
    size = whole(_value(said, "w:sz"), _USUAL)
    width = said.get("w:w")
    too_narrow = (
        width is not None and whole((width.get("w:val") or "").removesuffix("%"), 100) < _NARROWEST
    )
    piled_up = whole(_value(said, "w:spacing")) <= -size * _TWIPS_TO_A_HALF_POINT
    return Look(
        hidden=is_on(said.get("w:vanish")) or unseen or size < _SMALLEST or too_narrow or piled_up,
        struck=is_on(said.get("w:strike")) or is_on(said.get("w:dstrike")),
        web_hidden=is_on(said.get("w:webHidden")),
        raised=_value(said, "w:vertAlign") == "superscript",
        highlighted=pen is not None,
        large=size >= _LARGE,
        letters=letters,
        ground=pen or theme.shading(said.get("w:shd")),
        font=_font(fonts, "ascii"),
        high_font=_font(fonts, "hAnsi"),
    )


def _letters(said: Layer, theme: Theme) -> tuple[Colour | None, bool]:
    """Return the colour of the letters, and whether an effect makes them unseen."""
    fill = said.get("w14:textFill")
    if child(fill, "w14:noFill") is not None and "w14:textOutline" not in said:
        return None, True
    colour = child(child(fill, "w14:solidFill"), "w14:srgbClr")
    named = child(child(fill, "w14:solidFill"), "w14:schemeClr")
    for one in (colour, named):
        if whole(value(one, "w14:alpha", "w14:val")) >= _UNSEEN_ALPHA:
            return None, True
    if colour is not None:
        return of_hex(colour.get("w14:val")), False
    if named is not None and len(named) == 0:
        return theme.named(named.get("w14:val", "")), False
    return theme.of_attributes(said.get("w:color"), "val", "themeColor"), False


def _value(said: Layer, name: str) -> str:
    return said[name].get("w:val", "") if name in said else ""


def _font(fonts: Element | None, script: str) -> str:
    if fonts is None or f"w:{script}Theme" in fonts.attrib:
        return ""
    return fonts.get(f"w:{script}", "")

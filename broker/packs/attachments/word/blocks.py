"""Paragraphs, tables and text boxes in the order in which they are read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import WordRemark
from broker.packs.attachments.word.document import Document
from broker.packs.attachments.word.looks.places import is_framed_away, is_indented_away
from broker.packs.attachments.word.parts.markup import child, is_on, value, whole, words_in
from broker.packs.attachments.word.runs import Line, Place, Story

_BESIDE = frozenset(
    {"w:sectPr", "w:tblPr", "w:tblGrid", "w:tblPrEx", "w:trPr", "w:tcPr", "w:sdtPr"}
)
_LOWEST = 80  # twips: a line or row below 4 points shows no letters
_BETWEEN = " | "
_AS_ABOVE = "(as above)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfStyle:
    """What a paragraph style, with those below it, says of the place."""

    shading: Element | None
    spacing: Element | None
    frame: Element | None
    indent: Mapping[str, str]


class Blocks:
    """Reads one part of a document, or one note in it."""

    def __init__(self, document: Document, part: str) -> None:
        """Keep the document and the part's name."""
        self._document = document
        self._part = part
        self._of_styles: dict[str, _OfStyle] = {}

    def lines(self, root: Element, place: Place) -> list[str]:
        """Return the lines that `root` shows, or raise `AttachmentRefusedError`."""
        return self._inside(Story(self._document, self._part, root), root, place)

    def _inside(self, story: Story, element: Element, place: Place) -> list[str]:
        found: list[str] = []
        initial = ""
        for one in element:
            match one.tag:
                case tag if tag in _BESIDE:
                    continue
                case "w:p":
                    lines = self._paragraph(story, one, place)
                    if _is_drop_cap(one) and len(lines) == 1:
                        initial += lines[0]
                        continue
                    lines[0] = initial + lines[0]
                    initial = ""
                    found += lines
                case "w:tbl":
                    found += self._table(story, one, place)
                case "w:sdt":
                    found += self._control(story, one, place)
                case "w:r" | "w:hyperlink" | "m:oMathPara" | "m:oMath":
                    found += self._loose(story, one, place)
                case _:
                    found += self._inside(story, one, place)
        return [*found, initial] if initial else found

    def _paragraph(self, story: Story, paragraph: Element, place: Place) -> list[str]:
        properties = child(paragraph, "w:pPr")
        style = value(properties, "w:pStyle") or ""
        here = self._place(properties, style, place)
        label = self._document.numbering.label(properties, style)
        line = Line(story, here, style)
        for one in paragraph:
            line.read(one)
        text = line.text
        self._document.count(len(label) + 1)
        lines = f"{label} {text}".split("\n") if label else text.split("\n")
        for box in line.boxes:
            inner = _without_blank_ends(self.lines(box.content, Place(ground=box.ground)))
            if inner:
                lines += [f"[Text box: {inner[0]}", *inner[1:]]
                lines[-1] += "]"
        return lines

    def _control(self, story: Story, control: Element, place: Place) -> list[str]:
        properties = child(control, "w:sdtPr")
        unfilled = is_on(child(properties, "w:showingPlcHdr"))
        lines = self._inside(story, control, replace(place, unfilled=unfilled))
        filled = None if unfilled else self._document.bindings.filled(control)
        if filled is None:
            return lines
        self._document.count(len(filled))
        self._document.remarks.add(WordRemark.BOUND)
        return filled.split("\n")

    def _loose(self, story: Story, element: Element, place: Place) -> list[str]:
        """Read what stands between paragraphs as one of its own."""
        line = Line(story, place, "")
        line.read(element)
        return line.text.split("\n")

    def _place(self, properties: Element | None, style: str, place: Place) -> Place:
        if style not in self._of_styles:
            said = self._document.styles.paragraph_properties
            self._of_styles[style] = _OfStyle(
                shading=next(said(style, "w:shd"), None),
                spacing=next(said(style, "w:spacing"), None),
                frame=next(said(style, "w:framePr"), None),
                indent={
                    name: text
                    for one in reversed(tuple(said(style, "w:ind")))
                    for name, text in one.attrib.items()
                },
            )
        there = self._of_styles[style]
        ground = self._document.theme.shading(_nearer(properties, "w:shd", there.shading))
        spacing = _nearer(properties, "w:spacing", there.spacing)
        own = child(properties, "w:ind")
        away = is_framed_away(_nearer(properties, "w:framePr", there.frame)) or is_indented_away(
            there.indent if own is None else {**there.indent, **own.attrib}
        )
        low = spacing is not None and _is_exactly_low(spacing, "w:lineRule", "w:line")
        if ground is None and not (low or away):
            return place
        return replace(
            place,
            ground=place.ground if ground is None else ground,
            cut_off=place.cut_off or low or away,
        )

    def _table(self, story: Story, table: Element, place: Place) -> list[str]:
        properties = child(table, "w:tblPr")
        style = value(properties, "w:tblStyle") or ""
        ground = self._document.theme.shading(child(properties, "w:shd"))
        if ground is None:
            shaded = self._document.styles.shades_tables(style)
            ground = None if shaded else place.ground
        inner = replace(place, table=style, ground=ground)
        lines: list[str] = []
        for row in _each(table, "w:tr"):
            lines += self._row(story, row, inner)
        return lines

    def _row(self, story: Story, row: Element, place: Place) -> list[str]:
        properties = child(row, "w:trPr")
        height = child(properties, "w:trHeight")
        low = height is not None and _is_exactly_low(height, "w:hRule", "w:val")
        if (low or is_on(child(properties, "w:hidden"))) and words_in(row):
            raise AttachmentRefusedError(Reason.HIDDEN)
        cells = [self._cell(story, cell, place) for cell in _each(row, "w:tc")]
        if not any("".join(cell).strip() for cell in cells):
            return []
        if len(cells) == 1:
            return cells[0]
        if all(len(cell) <= 1 for cell in cells):
            return [_BETWEEN.join("".join(cell) for cell in cells)]
        return [
            f"| {line}" if number == 0 else line
            for cell in cells
            for number, line in enumerate(cell or [""])
        ]

    def _cell(self, story: Story, cell: Element, place: Place) -> list[str]:
        properties = child(cell, "w:tcPr")
        merged = child(properties, "w:vMerge")
        if merged is not None and merged.get("w:val", "continue") == "continue":
            if words_in(cell):  # Word shows the first cell of those that are merged
                raise AttachmentRefusedError(Reason.HIDDEN)
            return [_AS_ABOVE]
        ground = self._document.theme.shading(child(properties, "w:shd"))
        here = replace(place, ground=place.ground if ground is None else ground)
        return _without_blank_ends(self._inside(story, cell, here))


def _nearer(properties: Element | None, tag: str, of_style: Element | None) -> Element | None:
    own = child(properties, tag)
    return of_style if own is None else own


def _each(element: Element, tag: str) -> Iterator[Element]:
    """Go through the rows or cells, also those inside controls and other containers."""
    for one in element:
        if one.tag == tag:
            yield one
        elif one.tag not in _BESIDE:
            yield from _each(one, tag)


def _without_blank_ends(lines: list[str]) -> list[str]:
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    return text.split("\n") if text else []


def _is_exactly_low(element: Element, rule: str, height: str) -> bool:
    return element.get(rule) == "exact" and whole(element.get(height), _LOWEST) < _LOWEST


def _is_drop_cap(paragraph: Element) -> bool:
    frame = child(child(paragraph, "w:pPr"), "w:framePr")
    return frame is not None and frame.get("w:dropCap", "none") != "none"

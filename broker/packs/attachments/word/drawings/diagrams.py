"""What SmartArt and charts show, in lines of text."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree.ElementTree import Element

from broker.packs.attachments.word.parts.markup import child

_UNSEEN_POINTS = frozenset({"pres", "parTrans", "sibTrans"})
_LAYOUT_LINES = frozenset({"presOf", "presParOf", "unknownRelationship"})
_SERIES = "c:ser"
_DEEPEST = 20
_DATED = re.compile(r"[dy]", re.IGNORECASE)
_DAY_NOUGHT = date(1899, 12, 30)  # of spreadsheets since March 1900
_LAST_DAY = 2_958_465  # the end of the year 9999


def diagram_lines(root: Element) -> list[str]:
    """Return the texts of a SmartArt's data part, those below another set in by dashes."""
    texts: dict[str, str] = {}
    for point in root.iter("dgm:pt"):
        if point.get("type", "node") not in _UNSEEN_POINTS:
            texts.setdefault(point.get("modelId", ""), drawn_text(point))
    below: dict[str, list[str]] = {}
    for line in root.iter("dgm:cxn"):
        if line.get("type", "parOf") not in _LAYOUT_LINES:
            below.setdefault(line.get("srcId", ""), []).append(line.get("destId", ""))
    inner = {name for names in below.values() for name in names}
    lines: list[str] = []
    told: set[str] = set()

    def tell(name: str, depth: int) -> None:
        if name in told or name not in texts:
            return
        told.add(name)
        if texts[name]:
            lines.append(f"{'- ' * depth}{texts[name]}")
        for one in below.get(name, ()) if depth < _DEEPEST else ():
            tell(one, depth + bool(texts[name]))

    for name in [name for name in texts if name not in inner] + list(texts):
        tell(name, 0)
    return lines


def chart_lines(root: Element) -> list[str]:
    """Return a chart's title, its axes' titles, and for each series its values by category."""
    lines = [text for title in root.iter("c:title") if (text := _title(title))]
    for series in root.iter(_SERIES):
        name = " ".join(_values(child(series, "c:tx"))) or "values"
        categories = _values(child(series, "c:cat")) or _values(child(series, "c:xVal"))
        numbers = _values(child(series, "c:val")) or _values(child(series, "c:yVal"))
        if len(categories) == len(numbers):
            shown = [f"{one} {number}" for one, number in zip(categories, numbers, strict=True)]
        else:
            shown = [*categories, *numbers]
        lines.append(f"{name}: {'; '.join(shown)}")
    lines += [text for point in root.iter("cx:pt") if (text := (point.text or "").strip())]
    lines += [text for title in root.iter("cx:title") if (text := drawn_text(title))]
    return lines


def drawn_text(element: Element) -> str:
    """Return the words of a drawing's text, its paragraphs with a blank between them."""
    paragraphs = ["".join(_drawn_runs(paragraph)).strip() for paragraph in element.iter("a:p")]
    return " ".join(one for one in paragraphs if one)


def _drawn_runs(paragraph: Element) -> Iterator[str]:
    for one in paragraph.iter():
        if one.tag == "a:t":
            yield one.text or ""
        elif one.tag in {"a:br", "a:tab"}:
            yield " "


def _title(title: Element) -> str:
    return drawn_text(title) or " ".join(_values(child(title, "c:tx")))


def _values(holder: Element | None) -> list[str]:
    if holder is None:
        return []
    dated = any(_DATED.search(one.text or "") for one in holder.iter("c:formatCode"))
    return [_written((one.text or "").strip(), dated=dated) for one in holder.iter("c:v")]


def _written(text: str, *, dated: bool) -> str:
    """Return a value as a person reads it: a day where it is one, else rounded."""
    try:
        number = float(text)
        if dated and 0 < number < _LAST_DAY:
            return str(_DAY_NOUGHT + timedelta(days=int(number)))
    except ValueError:
        return text
    return f"{number:.12g}"

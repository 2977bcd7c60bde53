"""Formulas (OMML, ECMA-376 part 1, 22.1) in one line of text."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from broker.packs.attachments.word.parts.markup import child, value

_SUM = "\N{N-ARY SUMMATION}"
_INTEGRAL = "\N{INTEGRAL}"
_ROOT = "\N{SQUARE ROOT}"
_MARKS = {
    "m:sSup": (("", "m:e"), ("^", "m:sup")),
    "m:sSub": (("", "m:e"), ("_", "m:sub")),
    "m:sSubSup": (("", "m:e"), ("_", "m:sub"), ("^", "m:sup")),
    "m:sPre": (("_", "m:sub"), ("^", "m:sup"), ("", "m:e")),
    "m:limLow": (("", "m:e"), ("_", "m:lim")),
    "m:limUpp": (("", "m:e"), ("^", "m:lim")),
    "m:func": (("", "m:fName"), (" ", "m:e")),
}


def linear(element: Element) -> str:
    """Return the formula's letters, with ^, _, / and brackets where the page shows places."""
    tag = element.tag
    if tag in {"m:t", "w:t"}:
        return element.text or ""
    if tag in _MARKS:
        return "".join(
            mark + _grouped(inner)
            for mark, name in _MARKS[tag]
            if (inner := child(element, name)) is not None
        )
    return _SHAPES.get(tag, _inner)(element)


def _inner(element: Element) -> str:
    return "".join(map(linear, element))


def _grouped(element: Element) -> str:
    text = _inner(element).strip()
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _row(element: Element) -> str:
    if element.tag == "m:e":
        return _inner(element)
    return ", ".join(_inner(one) for one in element if one.tag == "m:e")


def _fraction(element: Element) -> str:
    bare = value(child(element, "m:fPr"), "m:type", "m:val") == "noBar"  # as in n over k
    parts = (child(element, "m:num"), child(element, "m:den"))
    return (" over " if bare else "/").join(_grouped(part) for part in parts if part is not None)


def _radical(element: Element) -> str:
    degree = child(element, "m:deg")
    hidden = value(child(element, "m:radPr"), "m:degHide", "m:val") in {"1", "on", "true"}
    index = "" if degree is None or hidden else _inner(degree)
    base = child(element, "m:e")
    return f"{index}{_ROOT}({_inner(base) if base is not None else ''})"


def _nary(element: Element) -> str:
    properties = child(element, "m:naryPr")
    sign = value(properties, "m:chr", "m:val")
    text = _INTEGRAL if sign is None else sign or _SUM
    for mark, name in (("_", "m:sub"), ("^", "m:sup"), (" ", "m:e")):
        inner = child(element, name)
        if inner is not None and (place := _grouped(inner)):
            text += mark + place
    return text


def _delimited(element: Element) -> str:
    properties = child(element, "m:dPr")
    begin, between, end = (
        given if (given := value(properties, name, "m:val")) is not None else usual
        for name, usual in (("m:begChr", "("), ("m:sepChr", "|"), ("m:endChr", ")"))
    )
    return begin + between.join(_inner(one) for one in element if one.tag == "m:e") + end


def _listed(element: Element) -> str:
    rows = [_row(one) for one in element if one.tag in {"m:mr", "m:e"}]
    return f"[{'; '.join(rows)}]"


def _accented(element: Element) -> str:
    return _inner(element) + (value(child(element, "m:accPr"), "m:chr", "m:val") or "^")


def _without_words(_: Element) -> str:
    return ""


_SHAPES: dict[str, Callable[[Element], str]] = {
    "m:f": _fraction,
    "m:rad": _radical,
    "m:nary": _nary,
    "m:d": _delimited,
    "m:m": _listed,
    "m:eqArr": _listed,
    "m:acc": _accented,
    "w:rPr": _without_words,
    "m:rPr": _without_words,
    "m:ctrlPr": _without_words,
}

"""Read the words out of a Word file, in order; the layout is not kept."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAIN_PART = "word/document.xml"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BESIDE_THE_BODY = {
    "word/header": "[Header]",
    "word/footer": "[Footer]",
    "word/footnotes": "[Footnotes]",
    "word/endnotes": "[Endnotes]",
}
_INSTEAD = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_AFTER = {f"{W}p": "\n", f"{W}tc": "\t", f"{W}tr": "\n"}


def text_of(markup: Mapping[str, Element]) -> str:
    """Return the body's text, then that of headers, footers and notes, each under its mark."""
    pieces = [_words(markup[MAIN_PART])]
    for name in sorted(markup):
        for start, mark in _BESIDE_THE_BODY.items():
            words = _words(markup[name]) if name.startswith(start) else ""
            if words:
                pieces.append(f"{mark}\n{words}")
    return "\n".join(pieces)


def _words(root: Element) -> str:
    lines = "".join(_read(root)).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _read(element: Element) -> Iterator[str]:
    if element.tag == f"{_COMPATIBILITY}Fallback":
        return  # the same words once more, for old programs
    if element.tag == f"{W}t":
        yield element.text or ""
    yield _INSTEAD.get(element.tag, "")
    for child in element:
        yield from _read(child)
    yield _AFTER.get(element.tag, "")

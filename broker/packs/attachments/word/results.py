"""What Word shows of a field that keeps no result: ticks, choices, symbols, buttons, numbers."""

from xml.etree.ElementTree import Element

from broker.packs.attachments.remarks import WordRemark
from broker.packs.attachments.word.fields import Field
from broker.packs.attachments.word.looks import symbols
from broker.packs.attachments.word.parts.markup import child, is_on, value, whole

_PAGES = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION"})
_MOMENTS = frozenset({"DATE", "TIME"})
_COUNTING = frozenset({"AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "LISTNUM"})


def own_result(one: Field) -> str | None:
    """Return what Word shows of a field without a stored result; None: nothing, or not known."""
    parts = one.parts()
    match one.name():
        case "FORMCHECKBOX":
            return "[x]" if _is_ticked(child(one.form, "w:checkBox")) else "[ ]"
        case "FORMDROPDOWN":
            return _chosen(child(one.form, "w:ddList"))
        case "SYMBOL":
            return _symbol(parts)
        case "MACROBUTTON" | "GOTOBUTTON":
            return " ".join(parts[2:])
        case "EQ":
            return f"[formula: {' '.join(parts[1:])}]"
        case name if name in _PAGES:
            return "[page number]"
        case _:
            return None


def left_to_word(one: Field) -> tuple[str, WordRemark] | None:
    """Return the mark and remark for what only Word works out when it shows the page."""
    name = one.name()
    if name in _COUNTING:
        return "[number]", WordRemark.NUMBER
    if name in _MOMENTS:
        return f"[{name.lower()} of reading]", WordRemark.FIELD
    return None


def _is_ticked(box: Element | None) -> bool:
    checked = child(box, "w:checked")
    return is_on(checked if checked is not None else child(box, "w:default"))


def _chosen(choices: Element | None) -> str:
    entries = [one.get("w:val", "") for one in choices or () if one.tag == "w:listEntry"]
    place = whole(value(choices, "w:result") or value(choices, "w:default"))
    if 0 <= place < len(entries):
        return entries[place].strip() or "[nothing chosen]"
    return "[nothing chosen]"


def _symbol(parts: list[str]) -> str | None:
    if len(parts) < 2:  # noqa: PLR2004 - the name, and the code
        return None
    text = parts[1].lower()
    code = whole(text, -1)
    if text.startswith("0x") and len(text) <= len("0x10ffff"):
        try:
            code = int(text, 16)
        except ValueError:
            return None
    upper = [one.lower() for one in parts]
    font = parts[upper.index("\\f") + 1] if "\\f" in upper[:-1] else ""
    return symbols.sign(font, code) if 0 <= code < 0x110000 else None  # noqa: PLR2004 - Unicode

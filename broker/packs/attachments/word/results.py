"""What Word shows of a field that keeps no result: ticks, choices, symbols, buttons, numbers."""

from xml.etree.ElementTree import Element

from broker.packs.attachments.remarks import WordRemark
from broker.packs.attachments.word.fields import Field
from broker.packs.attachments.word.looks import symbols
from broker.packs.attachments.word.parts.markup import child, is_on, value, whole

_PAGES = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION"})
_BUTTONS = frozenset({"MACROBUTTON", "GOTOBUTTON"})
_LAST_PLANE = 0x10FFFF
_MOMENTS = frozenset({"DATE", "TIME"})
_COUNTING = frozenset({"AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "LISTNUM"})


def own_result(one: Field) -> str:
    """Return what Word shows of a field without a stored result, "" for nothing."""
    name, parts = one.name(), one.parts()
    if name in _PAGES:
        return "[page number]"
    if name in _BUTTONS:
        return " ".join(parts[2:])
    match name:
        case "FORMCHECKBOX":
            return "[x]" if _is_ticked(child(one.form, "w:checkBox")) else "[ ]"
        case "FORMDROPDOWN":
            return _chosen(child(one.form, "w:ddList"))
        case "EQ":
            return f"[formula: {' '.join(parts[1:])}]"
        case _:
            return _symbol(parts) if name == "SYMBOL" else ""


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


def _symbol(parts: list[str]) -> str:
    if len(parts) < 2:  # noqa: PLR2004 - the name, and the code
        return ""
    text = parts[1].lower()
    code = whole(text, -1)
    if text.startswith("0x") and len(text) <= len("0x10ffff"):
        try:
            code = int(text, 16)
        except ValueError:
            return ""
    upper = [part.lower() for part in parts]
    font = parts[upper.index("\\f") + 1] if "\\f" in upper[:-1] else ""
    known = symbols.sign(font, code) if 0 <= code <= _LAST_PLANE else None
    return known or f"[symbol {text}]"

"""Word files: only what people see on the page, and nothing that acts or fetches.

The container is Office Open XML (ECMA-376). What the gate looks for is told in
docs/formats/sealed-pack.md.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from broker.attachments import wordtext
from broker.attachments.archive import unpacked
from broker.attachments.kinds import MAX_CHARACTERS
from broker.attachments.refusals import AttachmentRefusedError, Reason
from broker.attachments.wordtext import MAIN_PART, W

_OLD_OR_ENCRYPTED = bytes.fromhex("D0CF11E0A1B11AE1")
_TYPES = "[Content_Types].xml"
_MARKUP = ("xml", "rels", "vml")
_HARMLESS = frozenset(
    {*_MARKUP, "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "svg", "odttf"}
)
_REASON_OF_PART = {
    "vbaproject": Reason.ACTIVE,
    "vbadata": Reason.ACTIVE,
    "activex": Reason.ACTIVE,
    "embeddings": Reason.EMBEDDED,
    "afchunk": Reason.EMBEDDED,
    "comments": Reason.COMMENTS,
}
_TRACKED = frozenset({f"{W}{tag}" for tag in ("ins", "del", "moveFrom", "moveTo", "delText")})
_HIDDEN = frozenset({f"{W}vanish", f"{W}webHidden"})
_OFF = frozenset({"0", "false", "off"})
_ACTING_FIELDS = ("DDE", "INCLUDE", "MACROBUTTON", "LINK", "IMPORT", "DATABASE")
_RELATIONSHIP_HYPERLINK = "/hyperlink"
_OPENED_BY_A_BROWSER = ("http://", "https://", "mailto:", "#")


def examine(content: bytes) -> str:
    """Return the text of a sound docx file, or raise `AttachmentRefusedError`."""
    if content.startswith(_OLD_OR_ENCRYPTED):
        raise AttachmentRefusedError(Reason.ENCRYPTED)
    parts = unpacked(content)
    if MAIN_PART not in parts or _TYPES not in parts:
        raise AttachmentRefusedError(Reason.CONTENT)
    for name in parts:
        _refuse_part(name.lower())
    markup = {name: _parsed(part) for name, part in parts.items() if _ending(name) in _MARKUP}
    _refuse_types(markup[_TYPES])
    for name, root in markup.items():
        if _ending(name) == "rels":
            _refuse_relationships(root)
        _refuse_content(root)
    return _text(markup, pictures=sum(name.startswith("word/media/") for name in parts))


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _parsed(part: bytes) -> Element:
    root: Element = fromstring(part, forbid_dtd=True)
    return root


def _refuse_part(name: str) -> None:
    for sign, reason in _REASON_OF_PART.items():
        if sign in name:
            raise AttachmentRefusedError(reason)
    if not name.endswith("/") and _ending(name) not in _HARMLESS:
        raise AttachmentRefusedError(Reason.EMBEDDED)


def _refuse_types(root: Element) -> None:
    for entry in root:
        declared = entry.get("ContentType", "").lower()
        if "macroenabled" in declared or "vba" in declared or "activex" in declared:
            raise AttachmentRefusedError(Reason.ACTIVE)


def _refuse_relationships(root: Element) -> None:
    for relationship in root:
        target = relationship.get("Target", "").strip().lower()
        outside = relationship.get("TargetMode", "").lower() == "external"
        shown = relationship.get("Type", "").endswith(_RELATIONSHIP_HYPERLINK)
        if outside and not (shown and target.startswith(_OPENED_BY_A_BROWSER)):
            raise AttachmentRefusedError(Reason.EXTERNAL)


def _refuse_content(root: Element) -> None:
    # A field's instruction may be cut into many runs, so it is read as one.
    instructions: list[str] = []
    for element in root.iter():
        if element.tag in _TRACKED:
            raise AttachmentRefusedError(Reason.TRACKED)
        if element.tag in _HIDDEN and element.get(f"{W}val", "true") not in _OFF:
            raise AttachmentRefusedError(Reason.HIDDEN)
        if element.tag == f"{W}fldChar":
            instructions.append(" ")
        if element.tag == f"{W}instrText":
            instructions.append(element.text or "")
        instructions.append(element.get(f"{W}instr", ""))
    for word in "".join(instructions).upper().replace('"', " ").split():
        if word.startswith(_ACTING_FIELDS):
            raise AttachmentRefusedError(Reason.ACTIVE)


def _text(markup: Mapping[str, Element], *, pictures: int) -> str:
    text = wordtext.text_of(markup)
    if pictures:
        text += f"\n[Pictures that are only in the original file: {pictures}]"
    if len(text) > MAX_CHARACTERS:
        raise AttachmentRefusedError(Reason.TOO_LONG)
    return text

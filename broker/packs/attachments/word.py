"""Word files: only what people see on the page, and nothing that acts or fetches.

The container is Office Open XML (ECMA-376). What the gate looks for is told in
docs/formats/sealed-pack.md.
"""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from broker.packs.attachments import picture, wordtext
from broker.packs.attachments.archive import unpacked
from broker.packs.attachments.kinds import MAX_CHARACTERS
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.wordhidden import refuse_hidden
from broker.packs.attachments.wordtext import MAIN_PART, W

_OLD_OR_ENCRYPTED = bytes.fromhex("D0CF11E0A1B11AE1")
_TYPES = "[Content_Types].xml"
_MEDIA = "word/media/"
_MARKUP = ("xml", "rels", "vml")
_HARMLESS = frozenset(
    {*_MARKUP, "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "svg", "odttf"}
)
_REASON_OF_PART = {
    "vbaproject": Reason.ACTIVE,
    "vbadata": Reason.ACTIVE,
    "activex": Reason.ACTIVE,
    "webextension": Reason.ACTIVE,
    "embeddings": Reason.EMBEDDED,
    "afchunk": Reason.EMBEDDED,
    "comments": Reason.COMMENTS,
}
# The type tells what a part is for, whatever its name.
_REASON_OF_RELATIONSHIP = {
    "vbaproject": Reason.ACTIVE,
    "control": Reason.ACTIVE,
    "afchunk": Reason.EMBEDDED,
    "oleobject": Reason.EMBEDDED,
    "package": Reason.EMBEDDED,
    "subdocument": Reason.EMBEDDED,
}
_ACTING_TYPES = ("macroenabled", "vba", "activex")
_HYPERLINK = "hyperlink"
_OPENED_BY_A_BROWSER = ("http://", "https://", "mailto:", "#")
_TRACKED = frozenset({f"{W}{tag}" for tag in ("ins", "del", "moveFrom", "moveTo", "delText")})
_ACTING_FIELDS = frozenset(
    {
        *("DDE", "DDEAUTO", "LINK", "IMPORT", "DATABASE", "RD", "MACROBUTTON"),
        *("INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE"),
        "QUOTE",  # can spell any of the others from numbers
    }
)


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
        _refuse_tracked_or_acting(root)
    refuse_hidden(markup)
    media = [part for name, part in parts.items() if name.startswith(_MEDIA)]
    for one in media:
        picture.refuse_inner(one)
    return _text(markup, pictures=len(media))


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
        if any(sign in declared for sign in _ACTING_TYPES):
            raise AttachmentRefusedError(Reason.ACTIVE)


def _refuse_relationships(root: Element) -> None:
    for relationship in root:
        kind = relationship.get("Type", "").rpartition("/")[2].lower()
        if kind in _REASON_OF_RELATIONSHIP:
            raise AttachmentRefusedError(_REASON_OF_RELATIONSHIP[kind])
        target = relationship.get("Target", "").strip().lower()
        outside = relationship.get("TargetMode", "").lower() == "external"
        followed = kind == _HYPERLINK and target.startswith(_OPENED_BY_A_BROWSER)
        if outside and not followed:
            raise AttachmentRefusedError(Reason.EXTERNAL)


def _refuse_tracked_or_acting(root: Element) -> None:
    if any(element.tag in _TRACKED for element in root.iter()):
        raise AttachmentRefusedError(Reason.TRACKED)
    for instruction in "".join(_instructions(root)).split("\0"):
        words = instruction.upper().replace('"', " ").split()
        if words and words[0] in _ACTING_FIELDS:
            raise AttachmentRefusedError(Reason.ACTIVE)


def _instructions(root: Element) -> Iterator[str]:
    """Yield the fields' instructions with NUL between them; one may be cut into many runs."""
    for element in root.iter():
        if element.tag == f"{W}fldChar":
            yield "\0"
        elif element.tag == f"{W}instrText":
            yield element.text or ""
        elif element.tag == f"{W}fldSimple":
            yield f"\0{element.get(f'{W}instr', '')}\0"


def _text(markup: Mapping[str, Element], *, pictures: int) -> str:
    text = wordtext.text_of(markup)
    if pictures:
        text += f"\n[Pictures that are only in the original file: {pictures}]"
    if len(text) > MAX_CHARACTERS:
        raise AttachmentRefusedError(Reason.TOO_LONG)
    return text

"""PDF files: readable pages, nothing that acts, nothing inside that the pages do not show."""

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from broker.packs import pdfium
from broker.packs.attachments import pdfstreams
from broker.packs.attachments.kinds import MAX_PAGES, MAX_PIXELS, Reading
from broker.packs.attachments.pdfversions import holds_an_earlier_version
from broker.packs.attachments.pictures.whiteness import is_white
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import Remark

MAX_OBJECTS = 100_000
MAX_BITMAP_PIXELS = 160_000_000
"""The most pixels of a picture of one bit each: a scan of A3 at 600 dpi has 70 million."""

_START = b"%PDF-"
_START_WITHIN = 1_024
_END = b"%%EOF"
_OTHER_FORMATS = (
    b"MZ",
    b"PK\x03\x04",
    b"\x7fELF",
    b"#!",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"<",
)
_TRIAL_DPI = 36
_TRIAL_PIXELS = 200_000
_ACTING = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition"})
_REACHING = frozenset({"/GoToR", "/GoToE"})
_NOTES = frozenset({"/Text", "/Popup"})
_REASON_OF_ANNOTATION = {
    "/FileAttachment": Reason.EMBEDDED,
    "/RichMedia": Reason.ACTIVE,
    "/Screen": Reason.ACTIVE,
    "/Movie": Reason.ACTIVE,
    "/Sound": Reason.EMBEDDED,
    "/3D": Reason.ACTIVE,
}
_HIDDEN_OR_NO_VIEW = 0b100010
_WITHOUT_WORDS = frozenset({"/Widget", "/Link"})

# Marks on the page are seen; the words that come with them are not.
_MARKS = frozenset(
    f"/{kind}"
    for kind in (
        *("Highlight", "Underline", "StrikeOut", "Squiggly", "Caret", "Ink"),
        *("Square", "Circle", "Line", "Polygon", "PolyLine", "Stamp", "Redact"),
    )
)
_GRAVEST_FIRST = (
    *(Reason.PIXELS, Reason.ACTIVE, Reason.EMBEDDED, Reason.EXTERNAL),
    *(Reason.COMMENTS, Reason.HIDDEN),
)

# Object streams are unpacked while a file is opened, before any code of ours can count; the limit
# is one of the whole process, so it is set once, when this module is first loaded.
pikepdf.settings.set_qpdf_limits(flate_max_memory=pdfstreams.MAX_UNPACKED)


def examine(content: bytes) -> Reading:
    """Return the reading of a sound PDF, or raise `AttachmentRefusedError`.

    Every page is drawn once, small, so that what cannot be drawn is refused while its sender is
    there.
    """
    start = content.find(_START, 0, _START_WITHIN + len(_START))
    if start < 0 or (start and content.startswith(_OTHER_FORMATS)):
        raise AttachmentRefusedError(Reason.CONTENT)
    if holds_an_earlier_version(content):
        raise AttachmentRefusedError(Reason.EARLIER)
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            pages = _examined(document)
            located = pdfstreams.count(document)
    except pikepdf.PasswordError:
        raise AttachmentRefusedError(Reason.ENCRYPTED) from None
    blank = _drawn_white(content, pages)
    behind = content[content.rfind(_END) + len(_END) :].strip(b"\0 \t\r\n")
    found = (
        (Remark.LOCATION, located),
        (Remark.TRAILING, bool(behind)),
        (Remark.BLANK, blank),
    )
    remarks = (Remark.AS_PAGES, *(remark for remark, holds in found if holds))
    return Reading(pages=pages, remarks=remarks)


def _drawn_white(content: bytes, pages: int) -> bool:
    """Draw every page, and say whether all of them come out white."""
    with pdfium.opened(content) as second:
        sizes = second.sizes()
        if len(sizes) != pages or any(min(size) <= 0 for size in sizes):
            raise AttachmentRefusedError(Reason.UNREADABLE)
        white = [
            is_white(second.picture(index, dpi=_TRIAL_DPI, most_pixels=_TRIAL_PIXELS))
            for index in range(pages)
        ]
    return all(white)


def _examined(document: Pdf) -> int:
    if document.is_encrypted:
        raise AttachmentRefusedError(Reason.ENCRYPTED)
    if len(document.objects) > MAX_OBJECTS:
        raise AttachmentRefusedError(Reason.BOMB)
    pages = len(document.pages)
    if pages == 0:
        raise AttachmentRefusedError(Reason.UNREADABLE)
    if pages > MAX_PAGES:
        raise AttachmentRefusedError(Reason.TOO_LONG)
    found = {
        reason
        for indirect in document.objects
        for dictionary in _dictionaries(indirect)
        for reason in _reasons(dictionary)
    }
    if _has_a_layer_off(document.Root):
        found.add(Reason.HIDDEN)
    for reason in _GRAVEST_FIRST:
        if reason in found:
            raise AttachmentRefusedError(reason)
    return pages


def _dictionaries(found: Object) -> Iterator[Object]:
    """Yield every dictionary that is written directly inside one indirect object."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, (Dictionary, Stream)):
            yield one
        waiting += [x for x in _inside(one) if isinstance(x, Object) and not x.is_indirect]


def _inside(one: Object) -> list[object]:
    if isinstance(one, (Dictionary, Stream)):
        return [value for _, value in one.items()]  # a key need not be UTF-8
    return list(one) if isinstance(one, Array) else []


def _reasons(one: Object) -> Iterator[Reason]:
    if any(key in one for key in ("/JS", "/JavaScript", "/AA", "/XFA")):
        yield Reason.ACTIVE
    if "/EmbeddedFiles" in one or "/EF" in one or one.get("/Type") == Name.EmbeddedFile:
        yield Reason.EMBEDDED
    action = str(one.get("/S", ""))
    if action in _ACTING or _opens_with_an_action(one):
        yield Reason.ACTIVE
    if action in _REACHING:
        yield Reason.EXTERNAL
    kind = str(one.get("/Subtype", ""))
    if "/Rect" in one:
        yield from _reasons_of_annotation(kind, one)
    if kind == "/Image" and _is_too_large(one):
        yield Reason.PIXELS


def _reasons_of_annotation(kind: str, one: Object) -> Iterator[Reason]:
    words = any(str(one.get(key, "")).strip() for key in ("/Contents", "/RC"))
    if kind in _REASON_OF_ANNOTATION:
        yield _REASON_OF_ANNOTATION[kind]
    if kind in _MARKS | _NOTES and words:
        yield Reason.COMMENTS
    unseen = int(one.get("/F", 0)) & _HIDDEN_OR_NO_VIEW
    if unseen and words and kind not in _WITHOUT_WORDS:
        yield Reason.HIDDEN


def _is_too_large(image: Object) -> bool:
    filters = str(image.get("/Filter", ""))
    one_bit = "JPX" not in filters and (
        int(image.get("/BitsPerComponent", 8)) == 1
        or bool(image.get("/ImageMask", False))
        or "CCITT" in filters
        or "JBIG2" in filters
    )
    pixels = int(image.get("/Width", 0)) * int(image.get("/Height", 0))
    return pixels > (MAX_BITMAP_PIXELS if one_bit else MAX_PIXELS)


def _opens_with_an_action(one: Object) -> bool:
    # Office programs write the view to open with (an array, or GoTo) here: that does nothing.
    opening = one.get("/OpenAction")
    return isinstance(opening, Dictionary) and opening.get("/S") != Name.GoTo


def _has_a_layer_off(root: Object) -> bool:
    layers = root.get("/OCProperties")
    shown = layers.get("/D") if isinstance(layers, Dictionary) else None
    if not isinstance(shown, Dictionary):
        return False
    off = shown.get("/OFF")
    return shown.get("/BaseState") == Name.OFF or (isinstance(off, Array) and len(off) > 0)

"""PDF files: readable pages, nothing that acts, nothing inside that the pages do not show."""

import io
import re
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf, Stream

from broker.packs import pdfium
from broker.packs.attachments import picture
from broker.packs.attachments.kinds import MAX_PAGES, MAX_PIXELS
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason

MAX_UNPACKED = 200_000_000
_CHUNK = 1_000_000
_START = b"%PDF-"
_END = b"%%EOF"
_ENDING = re.compile(rb"startxref\s+[0-9]+\s+%%EOF")
_FOR_THE_WEB = b"/Linearized"
_HEAD = 2_048
_ACTING = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition"})
_REACHING = frozenset({"/GoToR", "/GoToE"})
_REASON_OF_ANNOTATION = {
    "/Text": Reason.COMMENTS,
    "/Popup": Reason.COMMENTS,
    "/FileAttachment": Reason.EMBEDDED,
    "/RichMedia": Reason.ACTIVE,
    "/Screen": Reason.ACTIVE,
    "/Movie": Reason.ACTIVE,
    "/Sound": Reason.EMBEDDED,
    "/3D": Reason.ACTIVE,
}

# Marks on the page are seen; the words that come with them are not.
_MARKS = frozenset(
    f"/{kind}"
    for kind in (
        *("Highlight", "Underline", "StrikeOut", "Squiggly", "Caret", "Ink"),
        *("Square", "Circle", "Line", "Polygon", "PolyLine", "Stamp", "Redact"),
    )
)

# Object streams are unpacked while a file is opened, before any code of ours can count; the limit
# is one of the whole process, so it is set once, when this module is first loaded.
pikepdf.settings.set_qpdf_limits(flate_max_memory=MAX_UNPACKED)


def examine(content: bytes) -> int:
    """Return the number of pages of a sound PDF, or raise `AttachmentRefusedError`."""
    if not content.startswith(_START):
        raise AttachmentRefusedError(Reason.CONTENT)
    if content[content.rfind(_END) + len(_END) :].strip(b"\0 \t\r\n"):
        raise AttachmentRefusedError(Reason.TRAILING)
    _refuse_earlier_versions(content)
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            pages = _examined(document)
    except pikepdf.PasswordError:
        raise AttachmentRefusedError(Reason.ENCRYPTED) from None
    with pdfium.opened(content) as second:
        sizes = second.sizes()
    if len(sizes) != pages or any(min(size) <= 0 for size in sizes):
        raise AttachmentRefusedError(Reason.UNREADABLE)
    return pages


def _refuse_earlier_versions(content: bytes) -> None:
    # A change is often added behind the end, so that what was deleted can still be read before
    # it. A file made for the web ends twice in its first version.
    first_version = 2 if _FOR_THE_WEB in content[:_HEAD] else 1
    if len(_ENDING.findall(content)) > first_version:
        raise AttachmentRefusedError(Reason.EARLIER)


def _examined(document: Pdf) -> int:
    if document.is_encrypted:
        raise AttachmentRefusedError(Reason.ENCRYPTED)
    pages = len(document.pages)
    if pages == 0:
        raise AttachmentRefusedError(Reason.UNREADABLE)
    if pages > MAX_PAGES:
        raise AttachmentRefusedError(Reason.TOO_LONG)
    for found in document.objects:
        for one in _dictionaries(found):
            _refuse_dictionary(one)
    _refuse_streams(document)
    return pages


def _dictionaries(found: Object) -> Iterator[Object]:
    """Yield every dictionary that is written directly inside one indirect object."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, (Dictionary, Stream)):
            yield one
            inside = [one.get(key) for key in one.keys()]  # noqa: SIM118 - a stream is no mapping
        elif isinstance(one, pikepdf.Array):
            inside = list(one)
        else:
            continue
        waiting += [x for x in inside if isinstance(x, Object) and not x.is_indirect]


def _refuse_dictionary(one: Object) -> None:
    if any(key in one for key in ("/JS", "/JavaScript", "/AA", "/XFA")):
        raise AttachmentRefusedError(Reason.ACTIVE)
    if "/EmbeddedFiles" in one or "/EF" in one or one.get("/Type") == Name.EmbeddedFile:
        raise AttachmentRefusedError(Reason.EMBEDDED)
    action = str(one.get("/S", ""))
    if action in _ACTING or _opens_with_an_action(one):
        raise AttachmentRefusedError(Reason.ACTIVE)
    if action in _REACHING:
        raise AttachmentRefusedError(Reason.EXTERNAL)
    kind = str(one.get("/Subtype", ""))
    if "/Rect" in one:
        _refuse_annotation(kind, one)
    if kind == "/Image" and int(one.get("/Width", 0)) * int(one.get("/Height", 0)) > MAX_PIXELS:
        raise AttachmentRefusedError(Reason.PIXELS)


def _refuse_annotation(kind: str, one: Object) -> None:
    if kind in _REASON_OF_ANNOTATION:
        raise AttachmentRefusedError(_REASON_OF_ANNOTATION[kind])
    if kind in _MARKS and str(one.get("/Contents", "")).strip():
        raise AttachmentRefusedError(Reason.COMMENTS)


def _opens_with_an_action(one: Object) -> bool:
    # Office programs write the view to open with (an array, or GoTo) here: that does nothing.
    opening = one.get("/OpenAction")
    return isinstance(opening, Dictionary) and opening.get("/S") != Name.GoTo


def _refuse_streams(document: Pdf) -> None:
    left = MAX_UNPACKED
    for found in document.objects:
        if not isinstance(found, Stream):
            continue
        filters = str(found.get("/Filter", ""))
        if "/FlateDecode" in filters:
            left -= _unpacked_size(found.read_raw_bytes(), left)
        elif "/DCTDecode" in filters:
            picture.refuse_inner(found.read_raw_bytes())


def _unpacked_size(packed: bytes, left: int) -> int:
    size, inflater = 0, zlib.decompressobj()
    while packed:
        try:
            size += len(inflater.decompress(packed, _CHUNK))
        except zlib.error:
            return size  # not the first filter, or damaged: the second engine decides
        if size > left:
            raise AttachmentRefusedError(Reason.BOMB)
        packed = inflater.unconsumed_tail
    return size

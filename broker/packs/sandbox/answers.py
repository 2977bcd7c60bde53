"""The answers of a shut-in process, which may be in hostile hands: bounded, parsed strictly."""

import re
from collections.abc import Sequence

from broker.packs.attachments.kinds import MAX_CHARACTERS, MAX_PAGES, Kind, Reading
from broker.packs.attachments.pictures.jpeg_size import jpeg_size
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import REMARKS, AnyRemark

MAX_ANSWER = 48_000_000
"""The most bytes of one answer: 100 page images of 250 kB are 25 MB."""

MAX_SIDE = 20_000
_PAGES = re.compile(rb"0|[1-9][0-9]{0,2}")
_COPY_STARTS = {Kind.JPEG: b"\xff\xd8\xff", Kind.PNG: b"\x89PNG\r\n\x1a\n"}
_PICTURE_STARTS = tuple(_COPY_STARTS.values())
_JPEG_START, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"


def reading_of(kind: Kind, frames: Sequence[bytes]) -> Reading:
    """Return the reading that was answered, or raise `AttachmentRefusedError`."""
    match _refused(frames):
        case [b"read", pages, text, remarks, has_copy, copy, *pictures]:
            reading = Reading(
                pages=_pages(pages),
                text=_text(text),
                remarks=_remarks(remarks),
                copy=_copy(kind, has_copy, copy),
                pictures=tuple(pictures),
            )
        case _:
            raise AttachmentRefusedError(Reason.TOO_MUCH)
    if not all(picture.startswith(_PICTURE_STARTS) for picture in pictures):
        raise AttachmentRefusedError(Reason.TOO_MUCH)
    return reading


def images_of(pages: int, budget: int, frames: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return the page images that were answered, as many as were asked for; raises as above."""
    match _refused(frames):
        case [b"drawn", *images] if len(images) == pages:
            whole = all(len(image) <= budget and _is_a_page(image) for image in images)
            if whole:
                return tuple(images)
        case _:
            pass
    raise AttachmentRefusedError(Reason.TOO_MUCH)


def words_of(frames: Sequence[bytes]) -> str:
    """Return the text that was answered; raises as above."""
    match _refused(frames):
        case [b"words", text]:
            return _text(text)
        case _:
            raise AttachmentRefusedError(Reason.TOO_MUCH)


def _refused(frames: Sequence[bytes]) -> Sequence[bytes]:
    match frames:
        case [b"refused", reason]:
            known = {one.encode(): one for one in Reason}
            raise AttachmentRefusedError(known.get(reason, Reason.TOO_MUCH))
        case _:
            return frames


def _pages(written: bytes) -> int:
    if not _PAGES.fullmatch(written) or int(written) > MAX_PAGES:
        raise AttachmentRefusedError(Reason.TOO_MUCH)
    return int(written)


def _text(written: bytes) -> str:
    try:
        text = written.decode("utf-8")
    except UnicodeDecodeError:
        raise AttachmentRefusedError(Reason.TOO_MUCH) from None
    if len(text) > MAX_CHARACTERS:
        raise AttachmentRefusedError(Reason.TOO_LONG)
    return text


def _remarks(written: bytes) -> tuple[AnyRemark, ...]:
    codes = written.decode("ascii", "replace").split(",") if written else []
    if len(codes) > len(REMARKS) or not REMARKS.keys() >= set(codes):
        raise AttachmentRefusedError(Reason.TOO_MUCH)
    return tuple(REMARKS[code] for code in codes)


def _copy(kind: Kind, has_copy: bytes, copy: bytes) -> bytes | None:
    """Return the copy, where one of this kind may leave and begins as such files do."""
    if has_copy == b"0" and not copy and kind in {Kind.PDF, Kind.DOCX}:
        return None
    may_leave = kind is Kind.TXT or copy.startswith(_COPY_STARTS.get(kind, b"\0no copy"))
    if has_copy != b"1" or not may_leave:
        raise AttachmentRefusedError(Reason.TOO_MUCH)
    return copy


def _is_a_page(image: bytes) -> bool:
    """Say whether this begins, ends and measures as a page image of ours does."""
    if not (image.startswith(_JPEG_START) and image.endswith(_JPEG_END)):
        return False
    try:
        width, height = jpeg_size(image)
    except ValueError:
        return False
    return 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE

"""Photographs and pictures: whole, of bearable size, nothing behind the end, no GPS position."""

import io
import struct
from dataclasses import dataclass

from PIL import ExifTags, Image

from broker.packs.attachments.kinds import MAX_PIXELS
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason

_PNG_START = b"\x89PNG\r\n\x1a\n"
_JPEG_START = b"\xff\xd8\xff"
_JPEG_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_JPEG_INSIDE_A_SCAN = _JPEG_STANDALONE | {0x00, 0xFF}
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_FILL = 0xFF
_JPEG_SCAN = 0xDA
_JPEG_END = 0xD9
_LENGTH = 4  # a marker and its length, both of two bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extent:
    """What the file itself says before anything is decoded; `end` is the offset of its end."""

    width: int
    height: int
    end: int


def examine_jpeg(content: bytes) -> None:
    """Return for a sound JPEG file, or raise `AttachmentRefusedError`."""
    if not content.startswith(_JPEG_START):
        raise AttachmentRefusedError(Reason.CONTENT)
    _refuse_extent(content, _jpeg_extent(content))
    _refuse_decoded(content, "JPEG")


def examine_png(content: bytes) -> None:
    """Return for a sound PNG file, or raise `AttachmentRefusedError`."""
    if not content.startswith(_PNG_START):
        raise AttachmentRefusedError(Reason.CONTENT)
    _refuse_extent(content, _png_extent(content))
    _refuse_decoded(content, "PNG")


def refuse_inner(content: bytes) -> None:
    """Return unless this is a JPEG or PNG file inside another file that must be refused.

    Pictures in documents keep the position that the telephone wrote into them.
    """
    if content.startswith((_JPEG_START, _PNG_START)):
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise AttachmentRefusedError(Reason.PIXELS)
            _refuse_place(image)


def _refuse_extent(content: bytes, extent: _Extent) -> None:
    # Before Pillow: its own limit is a setting of the whole process.
    if extent.width * extent.height > MAX_PIXELS:
        raise AttachmentRefusedError(Reason.PIXELS)
    if content[extent.end :].strip(b"\0"):  # some cameras fill the last block with zeros
        raise AttachmentRefusedError(Reason.TRAILING)


def _refuse_decoded(content: bytes, format_name: str) -> None:
    with Image.open(io.BytesIO(content), formats=[format_name]) as image:
        image.load()
        if getattr(image, "n_frames", 1) != 1:
            raise AttachmentRefusedError(Reason.UNREADABLE)
        _refuse_place(image)


def _refuse_place(image: Image.Image) -> None:
    texts = [value for value in image.info.values() if isinstance(value, (str, bytes))]
    if image.getexif().get_ifd(ExifTags.IFD.GPSInfo) or any(map(_names_a_place, texts)):
        raise AttachmentRefusedError(Reason.LOCATION)


def _names_a_place(value: str | bytes) -> bool:
    return "GPSL" in value if isinstance(value, str) else b"GPSL" in value


def _png_extent(content: bytes) -> _Extent:
    """Walk the chunks to IEND (PNG specification, section 5)."""
    width, height = struct.unpack_from(">II", content, len(_PNG_START) + 8)
    offset = len(_PNG_START)
    while True:
        length, kind = struct.unpack_from(">I4s", content, offset)
        offset += 12 + length
        if kind == b"IEND":
            return _Extent(width=width, height=height, end=offset)


def _jpeg_extent(content: bytes) -> _Extent:
    """Walk the markers to the end of the image (ITU T.81, annex B)."""
    width = height = 0
    offset = 2
    while True:
        fill, marker = struct.unpack_from("BB", content, offset)
        if fill != _JPEG_FILL:
            raise AttachmentRefusedError(Reason.UNREADABLE)
        if marker == _JPEG_END:
            return _Extent(width=width, height=height, end=offset + 2)
        if marker == _JPEG_FILL:
            offset += 1
        elif marker in _JPEG_STANDALONE:
            offset += 2
        else:
            if marker in _JPEG_FRAMES:
                height, width = struct.unpack_from(">HH", content, offset + _LENGTH + 1)
            offset += 2 + struct.unpack_from(">H", content, offset + 2)[0]
            if marker == _JPEG_SCAN:
                offset = _after_scan(content, offset)


def _after_scan(content: bytes, offset: int) -> int:
    """Return the offset of the first marker behind the compressed data that starts at `offset`."""
    while True:
        offset = content.index(b"\xff", offset)
        following = content[offset + 1]
        if following not in _JPEG_INSIDE_A_SCAN:
            return offset
        offset += 1 if following == _JPEG_FILL else 2

"""JPEG files, written anew from the segments that the picture itself needs (ITU T.81, annex B)."""

import re
import struct
from dataclasses import dataclass, field

from broker.packs.attachments.pictures.rewritten import (
    UPRIGHT,
    Rewritten,
    orientation_block,
    read_details,
    refuse_pixels,
)
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import Remark

START = b"\xff\xd8\xff"
MAX_SEGMENTS = 10_000
MAX_SCANS = 100
"""The most scans: a progressive JPEG has about ten, and each costs a pass over all pixels."""

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_MARK, _END, _SCAN = 0xFF, 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive: what readers take
_OTHER_FRAMES = frozenset(range(0xC0, 0xD0)) - _FRAMES - {0xC4, 0xC8}
_TABLES = frozenset({0xC4, 0xDB, 0xDD})  # Huffman, quantisation, restart interval
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_APPLICATION = frozenset(range(0xE0, 0xF0))
_JFIF = b"JFIF\0"
_JFIF_LENGTH = 14
_ADOBE = b"Adobe"
_ADOBE_LENGTH = 12
_EXIF = b"Exif\0\0"
_ICC = b"ICC_PROFILE\0"
_FILL = re.compile(rb"\xff*")
_NEXT_MARKER = re.compile(rb"\xff[^\x00\x01\xff\xd0-\xd7]")


@dataclass(slots=True)
class _Parts:
    """What the walk over one file gathers."""

    jfif: bytes = b""
    picture: list[bytes] = field(default_factory=list[bytes])
    blocks: list[bytes] = field(default_factory=list[bytes])
    remarks: set[Remark] = field(default_factory=set[Remark])
    size: tuple[int, int] | None = None
    adobe: bool = False
    scans: int = 0
    ended: bool = True


def rewritten(content: bytes) -> Rewritten:
    """Return the picture without anything that it does not need, not decoded yet.

    Raises `AttachmentRefusedError`.
    """
    if not content.startswith(START):
        raise AttachmentRefusedError(Reason.CONTENT)
    parts = _Parts()
    end = _walk(content, parts)
    if parts.size is None or not parts.scans:
        raise AttachmentRefusedError(Reason.UNREADABLE)
    behind = content[end:].strip(b"\0")  # some cameras fill the last block with zeros
    if behind:
        second = START in behind
        parts.remarks.add(Remark.SECOND_PICTURE if second else Remark.TRAILING)
    orientation, details = read_details(parts.blocks)
    exif = b"" if orientation == UPRIGHT else _EXIF + orientation_block(orientation)
    width, height = parts.size
    return Rewritten(
        content=b"".join(
            (_SOI, parts.jfif, _segment(_APP1, exif) if exif else b"", *parts.picture, _EOI)
        ),
        width=width,
        height=height,
        orientation=orientation,
        remarks=tuple(sorted(parts.remarks | details)),
        ended=parts.ended,
    )


def _walk(content: bytes, parts: _Parts) -> int:
    """Gather the segments up to the end of the picture, and return the offset behind it."""
    offset = len(_SOI)
    for _ in range(MAX_SEGMENTS):
        offset, marker = _marker_at(content, offset, parts)
        if marker == _END:
            return offset
        if marker in _STANDALONE:
            continue
        start, offset = offset, offset + _length_at(content, offset)
        payload = content[start + 2 : offset]
        _sort(marker, payload, parts)
        if marker == _SCAN:
            behind = _NEXT_MARKER.search(content, offset)
            following = behind.start() if behind else len(content)
            parts.picture.append(content[offset:following])
            offset = following
    raise AttachmentRefusedError(Reason.UNREADABLE)


def _marker_at(content: bytes, offset: int, parts: _Parts) -> tuple[int, int]:
    """Return the offset behind the next marker, and the marker; the end where the file ends."""
    if offset < len(content) and content[offset] != _MARK:
        # Some programs count a block of details short. Readers pass over the rest of it.
        parts.remarks.add(Remark.DETAILS)
        following = _NEXT_MARKER.search(content, offset)
        offset = following.start() if following else len(content)
    filled = _FILL.match(content, offset)
    behind = filled.end() if filled else offset
    if behind >= len(content) and parts.scans:
        parts.ended = False
        return len(content), _END
    if behind == offset or behind >= len(content):
        raise AttachmentRefusedError(Reason.UNREADABLE)
    return behind + 1, content[behind]


def _length_at(content: bytes, offset: int) -> int:
    """Return the length of the segment at `offset`, which counts its own two bytes."""
    length: int = struct.unpack_from(">H", content, offset)[0]
    if length < 2 or offset + length > len(content):  # noqa: PLR2004  # see above
        raise AttachmentRefusedError(Reason.UNREADABLE)
    return length


def _sort(marker: int, payload: bytes, parts: _Parts) -> None:
    """Keep what the picture needs, remember what else there was."""
    if marker in _FRAMES:
        _note_frame(payload, parts)
    elif marker in _OTHER_FRAMES:
        raise AttachmentRefusedError(Reason.UNREADABLE)
    elif marker == _SCAN:
        parts.scans += 1
        if parts.scans > MAX_SCANS:
            raise AttachmentRefusedError(Reason.BOMB)
    elif marker == _APP0 and payload.startswith(_JFIF) and len(payload) >= _JFIF_LENGTH:
        _keep_jfif(payload, parts)
        return
    elif marker == _APP14 and payload.startswith(_ADOBE) and not parts.adobe:
        parts.adobe = True
        payload = payload[:_ADOBE_LENGTH]
    elif marker in _APPLICATION or marker == _COMMENT:
        _note_details(marker, payload, parts)
        return
    elif marker not in _TABLES:
        return
    parts.picture.append(_segment(marker, payload))


def _note_frame(payload: bytes, parts: _Parts) -> None:
    if parts.size is not None:
        raise AttachmentRefusedError(Reason.UNREADABLE)
    height, width = struct.unpack_from(">HH", payload, 1)
    refuse_pixels(width, height)
    parts.size = (width, height)


def _keep_jfif(payload: bytes, parts: _Parts) -> None:
    without_preview = payload[: _JFIF_LENGTH - 2] + b"\0\0"
    if payload != without_preview:
        parts.remarks.add(Remark.DETAILS)
    parts.jfif = parts.jfif or _segment(_APP0, without_preview)


def _note_details(marker: int, payload: bytes, parts: _Parts) -> None:
    if marker == _APP1:
        parts.blocks.append(payload)
    elif marker == _APP2 and payload.startswith(_ICC):
        if b"sRGB" not in payload:
            parts.remarks.add(Remark.COLOURS)
    else:
        parts.remarks.add(Remark.DETAILS)


def _segment(marker: int, payload: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + (len(payload) + 2).to_bytes(2, "big") + payload

"""PNG files, written anew from the chunks that the picture needs (PNG, sections 5 and 11)."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from zlib_ng import zlib_ng

from broker.packs.attachments.pictures.rewritten import (
    UPRIGHT,
    Rewritten,
    orientation_block,
    read_details,
    refuse_pixels,
)
from broker.packs.attachments.pictures.whiteness import LIGHT
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import Remark

START = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 50_000
_AROUND = 12  # length, kind and checksum
_HEADER_LENGTH = 13
_PIECE = 1_000_000
_LENGTHS = {b"IHDR": _HEADER_LENGTH, b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"pHYs": 9}
_TABLES = {b"PLTE": 768, b"tRNS": 256}
_MOVING = frozenset({b"acTL", b"fcTL", b"fdAT"})
_FILTERS = frozenset(range(5))
_SILENT = frozenset({b"tIME", b"bKGD", b"hIST", b"sBIT", b"sPLT", b"cICP"})
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_WITH_ALPHA = frozenset({2, 4})
_DEPTHS = frozenset({1, 2, 4, 8, 16})
_ADAM7 = (  # where each pass starts, and its steps: left, top, across, down
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """What IHDR says."""

    width: int
    height: int
    depth: int
    channels: int
    interlaced: bool

    @property
    def bits(self) -> int:
        """How many bits one pixel takes."""
        return self.depth * self.channels

    @property
    def line(self) -> int:
        """How many bytes one line of all pixels takes, with the byte that names its filter."""
        return _lines(self.width, 1, self.bits)

    @property
    def unpacked(self) -> int:
        """How many bytes the scan lines take, each with the byte that names its filter."""
        if not self.interlaced:
            return self.line * self.height
        return sum(
            _lines(-(-(self.width - left) // across), -(-(self.height - top) // down), self.bits)
            for left, top, across, down in _ADAM7
        )


def _lines(width: int, height: int, bits: int) -> int:
    return height * (1 + -(-width * bits // 8)) if width > 0 and height > 0 else 0


@dataclass(slots=True)
class _Parts:
    """What the walk over one file gathers."""

    before: list[bytes] = field(default_factory=list[bytes])
    pixels: list[bytes] = field(default_factory=list[bytes])
    blocks: list[bytes] = field(default_factory=list[bytes])
    remarks: set[Remark] = field(default_factory=set[Remark])


def rewritten(content: bytes) -> Rewritten:
    """Return the picture without anything that it does not need, not decoded yet.

    Raises `AttachmentRefusedError`.
    """
    if not content.startswith(START):
        raise AttachmentRefusedError(Reason.CONTENT)
    header = _header(content)
    parts = _Parts()
    end = _walk(content, parts)
    if content[end:].strip(b"\0"):
        parts.remarks.add(Remark.TRAILING)
    pixels = _pixels(parts, header)
    orientation, details = read_details(parts.blocks)
    turned = [] if orientation == UPRIGHT else [_chunk(b"eXIf", orientation_block(orientation))]
    return Rewritten(
        content=b"".join((START, *parts.before, *turned, *pixels, _chunk(b"IEND", b""))),
        width=header.width,
        height=header.height,
        orientation=orientation,
        remarks=tuple(sorted(parts.remarks | details)),
        trial=b"" if header.interlaced else _one_line(parts.before, header),
        may_be_white=_may_be_white(pixels, header),
    )


def _one_line(before: list[bytes], header: _Header) -> bytes:
    """Return a picture of the same head and a single line.

    Of lines that are counted and name a filter each, a decoder trips over nothing but what stands
    before them; decoding 40 million pixels to be sure costs as much as drawing them.
    """
    _, *tables = before
    width = header.width.to_bytes(4, "big")
    head = width + (1).to_bytes(4, "big") + before[0][16:-4]
    pixels = zlib.compress(bytes(header.line), 1)
    chunks = (_chunk(b"IHDR", head), *tables, _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    return START + b"".join(chunks)


def _header(content: bytes) -> _Header:
    length, kind = struct.unpack_from(">I4s", content, len(START))
    if (length, kind) != (_HEADER_LENGTH, b"IHDR"):
        raise AttachmentRefusedError(Reason.UNREADABLE)
    width, height, depth, colour, interlace = struct.unpack_from(
        ">IIBBxxB", content, len(START) + 8
    )
    refuse_pixels(width, height)
    if depth not in _DEPTHS or colour not in _CHANNELS:
        raise AttachmentRefusedError(Reason.UNREADABLE)
    return _Header(
        width=width,
        height=height,
        depth=depth,
        channels=_CHANNELS[colour],
        interlaced=interlace == 1,
    )


def _walk(content: bytes, parts: _Parts) -> int:
    """Gather the chunks up to IEND, and return the offset behind it."""
    offset = len(START)
    for _ in range(MAX_CHUNKS):
        length, kind = _chunk_at(content, offset)
        end = offset + _AROUND + length
        if end > len(content):
            raise AttachmentRefusedError(Reason.UNREADABLE)
        if kind == b"IEND":
            if length:
                parts.remarks.add(Remark.TRAILING)
            return end
        payload = content[offset + 8 : end - 4]
        _sort(kind, payload, content[offset:end], parts)
        offset = end
    raise AttachmentRefusedError(Reason.BOMB)


def _is_needed(kind: bytes, length: int) -> bool:
    of_fixed_length = length == _LENGTHS.get(kind)
    return of_fixed_length or length <= _TABLES.get(kind, -1)


def _chunk_at(content: bytes, offset: int) -> tuple[int, bytes]:
    length, kind = struct.unpack_from(">I4s", content, offset)
    return length, kind


def _sort(kind: bytes, payload: bytes, whole: bytes, parts: _Parts) -> None:
    """Keep what the picture needs, remember what else there was."""
    if kind in _MOVING:
        parts.remarks.add(Remark.MOVING)
    elif kind == b"IDAT":
        parts.pixels.append(whole)
    elif _is_needed(kind, len(payload)):
        parts.before.append(whole)
    elif kind == b"eXIf":
        parts.blocks.append(b"Exif\0\0" + payload)
    elif kind in _TEXTS:
        parts.blocks.append(payload)
    elif kind == b"iCCP":
        parts.remarks.add(Remark.COLOURS)
    elif kind not in _SILENT:
        parts.remarks.add(Remark.DETAILS)


def _pixels(parts: _Parts, header: _Header) -> list[bytes]:
    """Return the chunks of pixels as they came, or anew where something else was packed in."""
    packed = b"".join(whole[8:-4] for whole in parts.pixels)
    expected = header.unpacked
    unpacked, consumed, filters = 0, 0, set[int]()
    for piece, until in _inflated(packed, expected + 1):
        if not header.interlaced:
            filters.update(piece[: expected - unpacked][-unpacked % header.line :: header.line])
        unpacked, consumed = unpacked + len(piece), until
    if unpacked < expected or filters - _FILTERS:
        raise AttachmentRefusedError(Reason.UNREADABLE)
    if unpacked == expected and consumed == len(packed):
        return parts.pixels
    parts.remarks.add(Remark.TRAILING)
    packer, left, anew = zlib.compressobj(), expected, bytearray()
    for piece, _ in _inflated(packed, expected):
        anew += packer.compress(piece[:left])
        left -= min(left, len(piece))
    return [_chunk(b"IDAT", bytes(anew + packer.flush()))]


def _may_be_white(pixels: list[bytes], header: _Header) -> bool:
    """Say whether the first pixel is white or transparent, as every one of a white picture is.

    No filter changes it, since nothing stands before it (PNG, section 9.2).
    """
    step = header.depth // 8
    if not step:
        return True
    packed = b"".join(whole[8:-4] for whole in pixels)
    line, _ = next(_inflated(packed, 1 + header.channels * step))
    first = line[1::step]
    is_clear = header.channels in _WITH_ALPHA and first.endswith(b"\0")
    return is_clear or min(first) >= LIGHT


def _inflated(packed: bytes, most: int) -> Iterator[tuple[bytes, int]]:
    """Yield at most about `most` bytes piece by piece, each with how much was consumed by then."""
    # A flat picture unpacks ten times as fast as by zlib. The stub leaves a dictionary untyped.
    inflater = zlib_ng.decompressobj()  # pyright: ignore[reportUnknownMemberType]
    left, waiting = most, packed
    while left > 0 and not inflater.eof:
        piece = inflater.decompress(waiting, min(_PIECE, left))  # pyright: ignore[reportUnknownMemberType]
        waiting = inflater.unconsumed_tail
        if not piece and not waiting and not inflater.eof:
            return  # cut short
        left -= len(piece)
        yield piece, len(packed) - len(waiting) - len(inflater.unused_data)


def _chunk(kind: bytes, payload: bytes) -> bytes:
    check = zlib.crc32(kind + payload)
    return struct.pack(">I4s", len(payload), kind) + payload + struct.pack(">I", check)

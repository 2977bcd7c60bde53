"""How large a JPEG file says it is, without a decoder."""

import struct

_FRAMES = frozenset({0xFFC0, 0xFFC1, 0xFFC2})
_BEFORE_THE_PICTURE = range(0xFFC4, 0xFFFF)


def jpeg_size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels; raises `ValueError` where the file does not say them."""
    offset = 2
    try:
        while True:
            marker, length = struct.unpack_from(">HH", content, offset)
            if marker in _FRAMES:
                height, width = struct.unpack_from(">HH", content, offset + 5)
                return width, height
            if marker not in _BEFORE_THE_PICTURE or length < 2:  # noqa: PLR2004  # its own two bytes
                raise ValueError
            offset += 2 + length
    except struct.error:
        raise ValueError from None

"""The pictures of a Word file: numbered in reading order, and cut to what the page shows."""

import io
from dataclasses import dataclass

from PIL import Image

from broker.packs.attachments.kinds import MAX_PIXELS
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.word.parts.package import Package

MAX_PICTURES = 100
"""The most pictures of one file, as each becomes a page."""

_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}
_WHOLE = 100_000  # a hundred percent, in thousandths
_QUALITY = 92


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """How much is cut off at each side, in thousandths of a percent (20.1.8.55)."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    @property
    def cuts(self) -> bool:
        """Say whether anything is cut off; a negative edge adds a margin and cuts nothing."""
        return max(self.left, self.top, self.right, self.bottom) > 0


class Pictures:
    """The pictures that were met, each once."""

    def __init__(self, package: Package) -> None:
        """Begin with none."""
        self._package = package
        self._numbers: dict[tuple[str, Crop], int] = {}
        self._found: list[bytes] = []

    def number(self, part: str, crop: Crop) -> int | None:
        """Return the number of a picture, None where its format cannot be shown.

        Raises `AttachmentRefusedError` for one that is cut and too large, and where there are too
        many.
        """
        key = (part, crop if crop.cuts else Crop())
        if key not in self._numbers:
            content = self._package.content(part)
            form = _format(content)
            if form is None:
                return None
            if len(self._found) >= MAX_PICTURES:
                raise AttachmentRefusedError(Reason.TOO_LONG)
            self._found.append(_cut(content, form, crop) if crop.cuts else content)
            self._numbers[key] = len(self._found)
        return self._numbers[key]

    def all(self) -> tuple[bytes, ...]:
        """Return the pictures in the order of their numbers."""
        return tuple(self._found)


def _format(content: bytes) -> str | None:
    for signature, form in _SIGNATURES.items():
        if content.startswith(signature):
            return form
    return None


def _cut(content: bytes, form: str, crop: Crop) -> bytes:
    """Return a picture without what the page does not show of it."""
    with Image.open(io.BytesIO(content), formats=[form]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise AttachmentRefusedError(Reason.PIXELS)
        box = (
            image.width * max(crop.left, 0) // _WHOLE,
            image.height * max(crop.top, 0) // _WHOLE,
            image.width - image.width * max(crop.right, 0) // _WHOLE,
            image.height - image.height * max(crop.bottom, 0) // _WHOLE,
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            raise AttachmentRefusedError(Reason.UNREADABLE)
        shown = image.crop(box)
        buffer = io.BytesIO()
        if form == "JPEG":
            shown.save(buffer, "JPEG", quality=_QUALITY)
        else:
            shown.save(buffer, "PNG")
        return buffer.getvalue()

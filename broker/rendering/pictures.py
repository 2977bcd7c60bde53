"""Turn PDF pages and pictures into page images that keep to a number of bytes each."""

import io
from collections.abc import Iterator

from PIL import Image, ImageOps

from broker import pdfium
from broker.attachments import Attachment, Kind

DPI = 150
PAGE_PIXELS = 1_240 * 1_754
"""A page of A4 at 150 dpi; larger pages and photographs come down to this many pixels."""

_QUALITIES = (80, 65, 50, 38)
_NEXT_STEP = 0.8


def page_images(attachment: Attachment, budget: int) -> Iterator[bytes]:
    """Yield a JPEG file of at most `budget` bytes for each of the attachment's pages."""
    for index in range(attachment.pages):
        yield _within(_picture(attachment, index), budget)


def _picture(attachment: Attachment, index: int) -> Image.Image:
    if attachment.kind is Kind.PDF:
        # Opened page by page, so that the engine's lock is not held while pictures are made.
        with pdfium.opened(attachment.content) as document:
            page = document.picture(index, dpi=DPI, most_pixels=PAGE_PIXELS)
        return _grey_if_grey(page.convert("RGB"))
    with Image.open(io.BytesIO(attachment.content)) as image:
        upright = ImageOps.exif_transpose(image)
        if upright.has_transparency_data:
            opaque = Image.new("RGBA", upright.size, "white")
            upright = Image.alpha_composite(opaque, upright.convert("RGBA"))
        return _reduced(upright.convert("RGB"), PAGE_PIXELS)


def _reduced(picture: Image.Image, most_pixels: float) -> Image.Image:
    ratio = (most_pixels / (picture.width * picture.height)) ** 0.5
    if ratio >= 1:
        return picture
    smaller = picture.copy()
    smaller.thumbnail((max(1, picture.width * ratio), max(1, picture.height * ratio)))
    return smaller


def _grey_if_grey(picture: Image.Image) -> Image.Image:
    coloured = picture.convert("HSV").getchannel("S").getbbox()
    return picture if coloured else picture.convert("L")


def _within(picture: Image.Image, budget: int) -> bytes:
    """Compress harder, then smaller, until the picture keeps to `budget` bytes."""
    pixels: float = picture.width * picture.height
    while True:
        for quality in _QUALITIES:
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=quality, optimize=True)
            if buffer.tell() <= budget:
                return buffer.getvalue()
        pixels *= _NEXT_STEP * _NEXT_STEP
        picture = _reduced(picture, pixels)

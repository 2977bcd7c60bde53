"""Turn PDF pages and pictures into page images that keep to a number of bytes each."""

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from broker.packs import pdfium
from broker.packs.attachments import Attachment, Kind

DPI = 150
PAGE_PIXELS = 1_240 * 1_754
"""A page of A4 at 150 dpi; larger pages and photographs come down to this many pixels."""

LONGEST_SIDE = 10_000
"""JPEG itself ends at 65,500 pixels; a strip this long is not legible on a page anyway."""

_QUALITIES = (80, 65, 50, 38)
_NEXT_STEP = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class PageImage:
    """A page as a JPEG file, with its size in pixels."""

    width: int
    height: int
    jpeg: bytes = field(repr=False)

    @property
    def wide(self) -> bool:
        """Whether the page lies on its side."""
        return self.width > self.height

    def as_svg(self) -> bytes:
        """Return a vector file with the JPEG in it: typst takes only text from memory."""
        size = f'width="{self.width}" height="{self.height}"'
        encoded = base64.b64encode(self.jpeg).decode("ascii")
        image = f'<image {size} href="data:image/jpeg;base64,{encoded}"/>'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{image}</svg>'.encode("ascii")


def page_images(attachment: Attachment, budget: int) -> Iterator[PageImage]:
    """Yield a page image of at most `budget` bytes for each of the attachment's pages."""
    for index in range(attachment.pages):
        if attachment.kind is Kind.PDF:
            # Opened page by page, so that the engine is free while pictures are compressed.
            with pdfium.opened(attachment.content) as document:
                page = document.picture(index, dpi=DPI, most_pixels=PAGE_PIXELS)
        else:
            page = _upright(attachment.content)
        yield _within(_grey_if_grey(_reduced(page, PAGE_PIXELS)), budget)


def _upright(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as image:
        upright = ImageOps.exif_transpose(image)
        opaque = upright.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", opaque.size, "white"), opaque)


def _reduced(picture: Image.Image, most_pixels: float) -> Image.Image:
    by_area = (most_pixels / (picture.width * picture.height)) ** 0.5
    ratio = min(by_area, LONGEST_SIDE / max(picture.size))
    if ratio >= 1:
        return picture
    smaller = picture.copy()
    smaller.thumbnail((max(1, picture.width * ratio), max(1, picture.height * ratio)))
    return smaller


def _grey_if_grey(picture: Image.Image) -> Image.Image:
    rgb = picture.convert("RGB")
    coloured = rgb.convert("HSV").getchannel("S").getbbox()
    return rgb if coloured else rgb.convert("L")


def _within(picture: Image.Image, budget: int) -> PageImage:
    """Compress harder, then smaller, until the picture keeps to `budget` bytes."""
    while True:
        for quality in _QUALITIES:
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=quality, optimize=True)
            if buffer.tell() <= budget:
                return PageImage(
                    width=picture.width, height=picture.height, jpeg=buffer.getvalue()
                )
        picture = _reduced(picture, picture.width * picture.height * _NEXT_STEP**2)

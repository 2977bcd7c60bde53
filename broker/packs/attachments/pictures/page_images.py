"""Page images: JPEG files that keep to a number of bytes each."""

import io
from collections.abc import Iterator

from PIL import Image, ImageChops

from broker.packs import pdfium
from broker.packs.attachments.kinds import Kind
from broker.packs.attachments.pictures.drawing import PAGE_PIXELS, pages_of, reduced

DPI = 150
_QUALITIES = (80, 65, 50, 38)
_SMALL_PIXELS = 500_000
"""A picture of fewer keeps each point's own colour: a line in red may be one point wide there."""

_NEXT_STEP = 0.8
_FAR_OVER = 1.5  # then only the hardest compression is worth a try


def page_images(
    kind: Kind, content: bytes, pictures: tuple[bytes, ...], budget: int
) -> Iterator[bytes]:
    """Yield a JPEG file of at most `budget` bytes for each page that an attachment becomes.

    `content` is the PDF itself or the picture written anew; `pictures` are those of a Word file.
    """
    for page in _drawn(kind, content, pictures):
        yield _within(_grey_if_grey(reduced(page)), budget)


def _drawn(kind: Kind, content: bytes, pictures: tuple[bytes, ...]) -> Iterator[Image.Image]:
    if kind is Kind.PDF:
        with pdfium.opened(content) as document:
            for index in range(document.pages):
                yield document.picture(index, dpi=DPI, most_pixels=PAGE_PIXELS)
        return
    for picture in (content,) if kind in {Kind.JPEG, Kind.PNG} else pictures:
        yield from pages_of(picture)


def _grey_if_grey(picture: Image.Image) -> Image.Image:
    if picture.mode == "L":
        return picture
    rgb = picture if picture.mode == "RGB" else picture.convert("RGB")
    red, green, blue = rgb.split()
    coloured = any(
        ImageChops.difference(green, other).getbbox() is not None for other in (red, blue)
    )
    return rgb if coloured else green


def _within(picture: Image.Image, budget: int) -> bytes:
    """Compress harder, then smaller, until the picture keeps to `budget` bytes."""
    if picture.width * picture.height < _SMALL_PIXELS:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=_QUALITIES[0], subsampling="4:4:4")
        if buffer.tell() <= budget:
            return buffer.getvalue()
    while True:
        taken = 0
        for quality in _QUALITIES:
            if taken > _FAR_OVER * budget and quality != _QUALITIES[-1]:
                continue
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=quality)
            taken = buffer.tell()
            if taken <= budget:
                return buffer.getvalue()
        picture = reduced(picture, picture.width * picture.height * _NEXT_STEP**2)

"""Pictures as pages: upright, legible, and never larger in memory than the picture itself."""

import io
from collections.abc import Iterator

from PIL import Image, ImageStat
from PIL.ExifTags import Base

from broker.packs.attachments.kinds import MAX_PAGES
from broker.packs.attachments.pictures.rewritten import UPRIGHT

PAGE_WIDTH, PAGE_HEIGHT = 1_240, 1_754
PAGE_PIXELS = PAGE_WIDTH * PAGE_HEIGHT
"""A page of A4 at 150 dpi; larger pages and photographs come down to this many pixels."""

LONGEST_SIDE = 10_000
"""JPEG itself ends at 65,500 pixels; a strip this long is not legible on a page anyway."""

_CLOSE_ENOUGH = 0.99  # a line more than a page costs less than a second drawing
_TALL = 2.0
_OVERLAP = 20  # a twentieth of a strip stands on the next one too, so that no line is cut
_BAND_PIXELS = 500_000  # two copies of a band keep to what a processor has at hand
_LIGHT = 180
_PAPER, _DARK_PAPER = (255, 255, 255), (64, 64, 64)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FROM_BELOW = frozenset({3, 4, 7, 8})
"""The orientations in which what is stored first stands last."""

Box = tuple[int, int, int, int]


def strips(width: int, height: int) -> list[Box]:
    """Return the parts of an upright picture that become pages: one, or several of a tall one."""
    tall = height > PAGE_HEIGHT and height > _TALL * width
    if not tall:
        return [(0, 0, width, height)]
    strip = max(width * PAGE_HEIGHT // PAGE_WIDTH, -(-height // (MAX_PAGES - 10)))
    step = max(1, strip - strip // _OVERLAP)
    tops = range(0, max(1, height - strip + step), step)
    return [(0, top, width, min(height, top + strip)) for top in tops]


def pages_of(content: bytes) -> Iterator[Image.Image]:
    """Yield the pages of a picture file that was written anew; grey or RGB, small enough."""
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as picture:
        orientation = picture.getexif().get(Base.Orientation, UPRIGHT)
        width, height = picture.size
        boxes = strips(height, width) if _is_sideways(orientation) else strips(width, height)
        if len(boxes) == 1:
            picture.draft(None, _draft_size(width, height))
            yield _turned(_reduced(picture, (0, 0, *picture.size)), orientation)
            return
        # Each strip is turned by itself: a second whole picture can be more than may be taken.
        for box in boxes:
            lying = _before_turning(box, orientation, width, height)
            yield _turned(_reduced(picture, lying), orientation)


def _is_sideways(orientation: int) -> bool:
    return orientation >= 5  # noqa: PLR2004  # 5 to 8 are turned by a quarter


def _before_turning(box: Box, orientation: int, width: int, height: int) -> Box:
    """Return where a strip of the upright picture lies in the picture as it is stored."""
    _, top, _, bottom = box
    along = width if _is_sideways(orientation) else height
    start, end = (along - bottom, along - top) if orientation in _FROM_BELOW else (top, bottom)
    return (start, 0, end, height) if _is_sideways(orientation) else (0, start, width, end)


def _draft_size(width: int, height: int) -> tuple[int, int]:
    ratio = min(1.0, (PAGE_PIXELS / (width * height)) ** 0.5)
    return max(1, int(width * ratio)), max(1, int(height * ratio))


def _turned(picture: Image.Image, orientation: int) -> Image.Image:
    turn = _TURNS.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def reduced(picture: Image.Image, most_pixels: float = PAGE_PIXELS) -> Image.Image:
    """Return an RGB or grey picture with about this many pixels at most."""
    by_area = (most_pixels / (picture.width * picture.height)) ** 0.5
    ratio = min(by_area, LONGEST_SIDE / max(picture.size))
    if ratio >= _CLOSE_ENOUGH:
        return picture
    smaller = picture.copy()
    smaller.thumbnail(
        (max(1, picture.width * ratio), max(1, picture.height * ratio)),
        Image.Resampling.LANCZOS,
    )
    return smaller


def _reduced(picture: Image.Image, box: Box) -> Image.Image:
    """Return one part of a picture on paper, taken down in bands so that little is in memory."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    by_area = (PAGE_PIXELS / (width * height)) ** 0.5
    factor = max(1, int(1 / min(1.0, by_area, LONGEST_SIDE / max(width, height))))
    band = max(factor, _BAND_PIXELS // width // factor * factor)
    bands = [
        _smaller(
            _plain(picture.crop((left, at, right, min(bottom, at + band)))),
            (min(factor, width), min(factor, bottom - at)),
        )
        for at in range(top, bottom, band)
    ]
    whole = Image.new(bands[0].mode, (bands[0].width, sum(part.height for part in bands)))
    at = 0
    for part in bands:
        whole.paste(part, (0, at))
        at += part.height
    return reduced(_on_paper(whole))


def _plain(picture: Image.Image) -> Image.Image:
    """Return a part of a picture as grey, RGB, or RGB with transparency."""
    if picture.mode.startswith("I;16"):  # of 16 bits of grey the upper byte is what eyes can tell
        return Image.frombytes("L", picture.size, picture.tobytes("raw", "I;16B")[::2])
    if "transparency" in picture.info or picture.mode in {"RGBA", "LA", "PA"}:
        return picture if picture.mode == "RGBA" else picture.convert("RGBA")
    return picture.convert("L" if picture.mode in {"1", "L"} else "RGB")


def _smaller(picture: Image.Image, factors: tuple[int, int]) -> Image.Image:
    """Return a part with each block of pixels as one; transparency is premultiplied in it.

    Where a part is as transparent everywhere, as in most screenshots, the means are the same
    before and after, and far fewer pixels are multiplied.
    """
    if picture.mode != "RGBA":
        return picture.reduce(factors)
    transparency = picture.getchannel("A")
    least, most = transparency.getextrema()
    if least == most:
        opaque = picture.convert("RGB").reduce(factors)
        opaque.putalpha(transparency.reduce(factors))
        return opaque.convert("RGBa")
    return picture.convert("RGBa").reduce(factors)


def _on_paper(picture: Image.Image) -> Image.Image:
    """Put a transparent picture on white, or on dark where white would swallow it."""
    if picture.mode != "RGBa":
        return picture
    transparent = picture.convert("RGBA")
    mask = transparent.getchannel("A")
    seen, least = mask.getbbox(), mask.getextrema()[0]
    light = bool(seen) and ImageStat.Stat(transparent.convert("L"), mask).mean[0] > _LIGHT
    paper = _DARK_PAPER if light and least == 0 else _PAPER
    below = Image.new("RGBA", transparent.size, paper)
    return Image.alpha_composite(below, transparent).convert("RGB")

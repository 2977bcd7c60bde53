"""Photographs and pictures: written anew, decoded once to be sure, counted in pages."""

import io

from PIL import Image, ImageChops, ImageOps

from broker.packs.attachments.kinds import Reading
from broker.packs.attachments.pictures import jpeg, png
from broker.packs.attachments.pictures.drawing import strips
from broker.packs.attachments.pictures.rewritten import Rewritten, refuse_pixels
from broker.packs.attachments.pictures.whiteness import is_white
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import Remark

_FORMATS = ("JPEG", "PNG")
_JPEG_END = b"\xff\xd9"
_WHITE_PACKS_TO = 20  # pixels to a byte, at least
_GUESSES = (b"\x55" * 512, b"\xaa" * 512)


def examine_jpeg(content: bytes) -> Reading:
    """Return the reading of a sound JPEG file, or raise `AttachmentRefusedError`."""
    picture = jpeg.rewritten(content)
    if not picture.ended and _is_cut_short(picture.content):
        raise AttachmentRefusedError(Reason.UNREADABLE)
    return _read(picture)


def examine_png(content: bytes) -> Reading:
    """Return the reading of a sound PNG file, or raise `AttachmentRefusedError`."""
    return _read(png.rewritten(content))


def examine_any(content: bytes) -> Reading:
    """Return the reading of a picture inside a document, whose name tells nothing.

    GIF, BMP and TIFF become PNG, their first picture alone. Raises `AttachmentRefusedError`.
    """
    if content.startswith(jpeg.START):
        return examine_jpeg(content)
    if content.startswith(png.START):
        return examine_png(content)
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(content), formats=["GIF", "BMP", "TIFF"]) as image:
        refuse_pixels(*image.size)
        upright = ImageOps.exif_transpose(image)
        mode = "RGBA" if upright.has_transparency_data else "RGB"
        plain = upright if upright.mode.startswith("I;16") else upright.convert(mode)
        plain.save(buffer, "PNG", compress_level=1)
    return examine_png(buffer.getvalue())


def _read(picture: Rewritten) -> Reading:
    # What is decoded is what leaves, so that both are the same picture.
    with Image.open(io.BytesIO(picture.content), formats=_FORMATS) as image:
        if image.size != (picture.width, picture.height):
            raise AttachmentRefusedError(Reason.UNREADABLE)
    with Image.open(io.BytesIO(picture.trial or picture.content), formats=_FORMATS) as image:
        image.draft(None, (1, 1))  # reads all of it, and keeps an eighth
        image.load()
        white = is_white(image) if not picture.trial else _is_white_throughout(picture)
    pages = len(strips(*picture.upright_size))
    found = ((Remark.BLANK, white), (Remark.CUT, pages > 1))
    remarks = (*picture.remarks, *(remark for remark, holds in found if holds))
    return Reading(pages=pages, remarks=remarks, copy=picture.content)


def _is_white_throughout(picture: Rewritten) -> bool:
    """Say whether a picture of which one line was tried is white; most are too large to be."""
    most = picture.width * picture.height // _WHITE_PACKS_TO
    if not picture.may_be_white or len(picture.content) > most:
        return False
    with Image.open(io.BytesIO(picture.content), formats=_FORMATS) as image:
        image.load()
        return is_white(image)


def _is_cut_short(written: bytes) -> bool:
    """Say whether the picture goes on where its file ends.

    Bits put behind the last pixel change nothing; where pixels are missing they become some.
    """
    body = written.removesuffix(_JPEG_END)
    first, second = (_decoded(body + guess + _JPEG_END) for guess in _GUESSES)
    return ImageChops.difference(first, second).getbbox() is not None


def _decoded(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
        image.draft("L", (image.width // 2, image.height // 2))
        return image.convert("L")

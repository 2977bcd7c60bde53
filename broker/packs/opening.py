"""A sealed pack as its recipient sees it, once the words were told."""

import io
from dataclasses import dataclass

from broker.packs.pdfium import OpenPdf, opened

DPI = 110
MOST_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedPack:
    """The document without its seal, and each page as a PNG picture."""

    pdf: bytes
    pages: tuple[bytes, ...]


def open_sealed(content: bytes, passphrase: str) -> OpenedPack:
    """Open a sealed PDF by its passphrase; raises `CannotOpenPdfError` for another one."""
    import pikepdf  # noqa: PLC0415 - slow to load, and few commands need it

    pages = pictures_of(content, passphrase)
    unsealed = io.BytesIO()
    with pikepdf.open(io.BytesIO(content), password=passphrase) as pdf:
        # What bound the sealed bytes says nothing of these.
        if "/AuthCode" in pdf.trailer:
            del pdf.trailer["/AuthCode"]
        pdf.save(unsealed)
    return OpenedPack(pdf=unsealed.getvalue(), pages=pages)


def pictures_of(content: bytes, passphrase: str | None = None) -> tuple[bytes, ...]:
    """Return each page of a PDF as a PNG picture; raises `CannotOpenPdfError`."""
    with opened(content, passphrase) as document:
        return tuple(_png(document, index) for index in range(document.pages))


def pages_in(content: bytes) -> int:
    """Return how many pages a PDF of ours has; raises `CannotOpenPdfError`."""
    with opened(content) as document:
        return document.pages


def picture_of(content: bytes, index: int) -> bytes:
    """Return a page of a PDF of ours, counted from 0, as a PNG picture.

    Raises `CannotOpenPdfError`, and `IndexError` for a page that it does not have.
    """
    with opened(content) as document:
        if not 0 <= index < document.pages:
            raise IndexError(index)
        return _png(document, index)


def _png(document: OpenPdf, index: int) -> bytes:
    picture = document.picture(index, dpi=DPI, most_pixels=MOST_PIXELS)
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True)
    return content.getvalue()

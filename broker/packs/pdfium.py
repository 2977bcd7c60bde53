"""The second PDF engine, behind a lock: PDFium must not be entered by two threads at once."""

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Protocol, cast

from broker.domain.errors import BrokerError

if TYPE_CHECKING:
    from PIL import Image

POINTS_PER_INCH = 72
_ENGINE = Lock()


class CannotOpenPdfError(BrokerError):
    """Raised when PDFium refuses a file or a page, for instance for want of the passphrase."""

    def __init__(self) -> None:
        """Keep PDFium's own words out: they say nothing that helps a person."""
        super().__init__("The second PDF reader could not open this file or one of its pages.")


class _Text(Protocol):
    def get_text_range(self) -> str: ...


class _Bitmap(Protocol):
    def to_pil(self) -> "Image.Image": ...


class _Page(Protocol):
    def get_size(self) -> tuple[float, float]: ...
    def get_textpage(self) -> _Text: ...
    def render(self, *, scale: float, rev_byteorder: bool) -> _Bitmap: ...


class _Attached(Protocol):
    def get_name(self) -> str: ...
    def get_data(self) -> bytes: ...


class _Document(Protocol):
    def __len__(self) -> int: ...
    def __getitem__(self, index: int) -> _Page: ...
    def init_forms(self) -> None: ...
    def count_attachments(self) -> int: ...
    def get_attachment(self, index: int) -> _Attached: ...
    def close(self) -> None: ...


class OpenPdf:
    """A document that is open in PDFium; valid inside `opened` only."""

    def __init__(self, document: _Document) -> None:
        """Wrap a document that the caller closes."""
        self._document = document

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self._document)

    def sizes(self) -> tuple[tuple[float, float], ...]:
        """Load every page and return its width and height in points."""
        return tuple(self._document[index].get_size() for index in range(self.pages))

    def text(self, index: int) -> str:
        """Return the text of the page at `index`, counted from 0."""
        return self._document[index].get_textpage().get_text_range()

    def picture(self, index: int, *, dpi: float, most_pixels: int) -> "Image.Image":
        """Return the page at `index` as it prints, at `dpi`, or less to keep `most_pixels`."""
        page = self._document[index]
        width, height = page.get_size()
        scale = dpi / POINTS_PER_INCH
        pixels = width * height * scale * scale
        if pixels > most_pixels:
            scale *= (most_pixels / pixels) ** 0.5
        return page.render(scale=scale, rev_byteorder=True).to_pil()

    def embedded(self) -> dict[str, bytes]:
        """Return the embedded files by their names."""
        found = (
            self._document.get_attachment(index)
            for index in range(self._document.count_attachments())
        )
        return {one.get_name(): bytes(one.get_data()) for one in found}


@contextmanager
def opened(content: bytes, passphrase: str | None = None) -> Generator[OpenPdf]:
    """Open a PDF held in memory, one at a time, or raise `CannotOpenPdfError`."""
    # Loaded here alone, since few commands open one. It ships no types; the protocols are ours.
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415

    with _ENGINE:
        try:
            document = cast("_Document", pypdfium2.PdfDocument(content, password=passphrase))
        except pypdfium2.PdfiumError:
            raise CannotOpenPdfError from None
        try:
            document.init_forms()
            yield OpenPdf(document)
        except pypdfium2.PdfiumError:
            raise CannotOpenPdfError from None
        finally:
            document.close()

import io

import pikepdf
import pytest

from broker.packs.pdfium import CannotOpenPdfError, opened


def a_pdf() -> bytes:
    buffer = io.BytesIO()
    document = pikepdf.Pdf.new()
    document.add_blank_page(page_size=(72, 144))
    document.save(buffer)
    return buffer.getvalue()


def test_pages_are_measured_in_points() -> None:
    with opened(a_pdf()) as document:
        assert (document.pages, document.sizes()) == (1, ((72, 144),))


def test_what_is_no_pdf_cannot_be_opened() -> None:
    with pytest.raises(CannotOpenPdfError, match="could not open this file"), opened(b"no"):
        pass


def test_a_page_that_is_not_there_cannot_be_opened() -> None:
    with pytest.raises(CannotOpenPdfError), opened(a_pdf()) as document:
        document.text(1)


def test_the_engine_is_free_again_after_a_failure() -> None:
    with pytest.raises(CannotOpenPdfError), opened(a_pdf()) as document:
        document.text(1)

    with opened(a_pdf()) as document:
        assert document.pages == 1

"""The files of ordinary people that went wrong in November 2026, each with what is right.

The table and the files: tests/fixtures/findings. All people and texts in them are invented.
"""

import io
from pathlib import Path

import pytest
from drawings import drawn
from PIL import Image

from broker.packs.attachments import Attachment, AttachmentRefusedError, Reason, Remark
from broker.packs.attachments.gate import inspect

FOLDER = Path(__file__).parent.parent.parent / "fixtures" / "findings"
AS_PAGES, LOCATION, TRAILING = Remark.AS_PAGES, Remark.LOCATION, Remark.TRAILING

ACCEPTED: dict[str, set[Remark]] = {
    "pdf-01-length-counts-line-end.pdf": {AS_PAGES, Remark.BLANK},
    "pdf-01-control-exact-length.pdf": {AS_PAGES, Remark.BLANK},
    "pdf-02-office-save-as.pdf": {AS_PAGES},
    "pdf-03-bom-before-header.pdf": {AS_PAGES},
    "pdf-04-form-filled-no-look.pdf": {AS_PAGES},
    "pdf-04-form-filled-no-look-no-flag.pdf": {AS_PAGES},
    "pdf-05-typed-on-scan-no-look.pdf": {AS_PAGES},
    "pdf-07-control-place-in-photo.pdf": {AS_PAGES, LOCATION},
    "pdf-08-old-key-in-information.pdf": {AS_PAGES},
    "pdf-09-a3-600dpi-one-bit.pdf": {AS_PAGES, Remark.BLANK},
    "pdf-10-something-behind.pdf": {AS_PAGES, TRAILING},
    "img-01-control-gps-with-place.jpg": {Remark.DETAILS, LOCATION},
    "img-01-gps-block-without-place.jpg": {Remark.DETAILS},
    "img-02-samsung-shape-trailer.jpg": {TRAILING},
    "img-03-phone-hdr-two-pictures.jpg": {Remark.DETAILS, Remark.SECOND_PICTURE},
    "img-04-scan-16-bit-grey.png": set(),
    "img-06-long-chat-screenshot.png": {Remark.CUT},
    "img-07-cmyk.jpg": set(),
    "img-08-orientation-6.jpg": set(),
    "img-09-crop-left-old-picture-behind.png": {TRAILING},
    "img-10-no-end-marker.jpg": set(),
    "img-12-palette-transparent.png": set(),
    "txt-01-windows-ansi.txt": {Remark.CONVERTED},
    "txt-02-notepad-unicode.txt": {Remark.CONVERTED},
    "txt-03-utf8-bom.txt": set(),
    "txt-04-chat-export.txt": set(),
    "txt-05-dos-end-mark.txt": {Remark.CONVERTED},
    "txt-06-soft-line-break.txt": {Remark.CONVERTED},
}
REFUSED = {
    "pdf-02-counter-real-earlier-version.pdf": Reason.EARLIER,
    "pdf-06-layer-off.pdf": Reason.HIDDEN,
    "pdf-06-hidden-note.pdf": Reason.HIDDEN,
}
LEGIBLE = (
    *("img-04-scan-16-bit-grey.png", "img-07-cmyk.jpg", "img-08-orientation-6.jpg"),
    *("img-10-no-end-marker.jpg", "img-12-palette-transparent.png"),
    *("pdf-02-office-save-as.pdf", "pdf-04-form-filled-no-look.pdf"),
)


def attachment(name: str) -> Attachment:
    return drawn(name, (FOLDER / name).read_bytes())


def test_every_file_of_these_kinds_has_its_line() -> None:
    kinds = {path.name for path in FOLDER.iterdir() if path.name[:3] in {"pdf", "img", "txt"}}

    assert kinds == ACCEPTED.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_ordinary_file_goes_and_what_is_taken_off_is_said(name: str) -> None:
    found = attachment(name)

    assert set(found.remarks) == ACCEPTED[name]
    assert len(found.images) == found.pages


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_page_shows_is_still_refused(name: str) -> None:
    with pytest.raises(AttachmentRefusedError) as refused:
        inspect(name, (FOLDER / name).read_bytes())

    assert refused.value.reason is REFUSED[name]


@pytest.mark.parametrize("name", LEGIBLE)
def test_dark_words_stand_on_a_light_page(name: str) -> None:
    (page,) = attachment(name).images

    with Image.open(io.BytesIO(page)) as image:
        histogram = image.convert("L").histogram()
    dark, light = sum(histogram[:110]), sum(histogram[200:])
    assert light > 0.7 * sum(histogram)
    assert 0.0005 * sum(histogram) < dark < 0.2 * sum(histogram)


def test_a_long_screenshot_becomes_pages_as_wide_as_it_is() -> None:
    pages = [
        Image.open(io.BytesIO(page))
        for page in attachment("img-06-long-chat-screenshot.png").images
    ]

    assert len(pages) > 8
    assert {page.width for page in pages} == {720}
    assert all(page.height < 1.5 * page.width for page in pages)


def test_a_position_does_not_leave_in_a_page_image_either() -> None:
    found = attachment("img-01-control-gps-with-place.jpg")

    assert all(b"Exif" not in page for page in found.images)
    assert found.copy is not None
    assert b"Exif" not in found.copy

import io

import pytest
from PIL import Image

from broker.packs.attachments import AttachmentRefusedError, Reason, Remark
from broker.packs.attachments.documents import reading_of


def a_picture(form: str, size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 50).convert(mode).save(buffer, form)
    return buffer.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "TIFF"])
def test_a_picture_of_a_document_becomes_a_page_that_its_mark_names(form: str) -> None:
    reading = reading_of("Before [Picture 1] after.", (a_picture(form),))

    assert reading.text == "Before [Picture 1: on picture page 1] after."
    assert (reading.pages, len(reading.pictures), reading.remarks) == (1, 1, ())


def test_a_transparent_picture_stays_transparent() -> None:
    (written,) = reading_of("", (a_picture("TIFF", mode="RGBA"),)).pictures

    with Image.open(io.BytesIO(written)) as image:
        assert image.mode == "RGBA"


def test_a_tall_picture_names_all_its_pages() -> None:
    tall, small = a_picture("PNG", (400, 3_000), "L"), a_picture("PNG")

    reading = reading_of("[Picture 1] [Picture 2]", (tall, small))

    last = reading.pages - 1
    assert last > 3
    assert reading.text == (
        f"[Picture 1: on picture pages 1 to {last}] [Picture 2: on picture page {last + 1}]"
    )
    assert reading.remarks == (Remark.CUT,)


def test_a_picture_that_cannot_be_read_is_left_out_and_that_is_said() -> None:
    pictures = (b"no picture", a_picture("JPEG")[:200], a_picture("PNG"))

    reading = reading_of("[Picture 1] [Picture 2] [Picture 3]", pictures)

    assert reading.text == (
        "[Picture 1: could not be read] [Picture 2: could not be read] "
        "[Picture 3: on picture page 1]"
    )
    assert (reading.pages, reading.remarks) == (1, (Remark.PICTURE_LOST,))


def test_a_white_picture_of_a_document_needs_no_word() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 2), "white").save(buffer, "PNG")

    assert reading_of("A letter.[Picture 1]", (buffer.getvalue(),)).remarks == ()


def test_a_picture_that_is_too_large_refuses_the_document() -> None:
    with pytest.raises(AttachmentRefusedError) as refused:
        reading_of("", (a_picture("BMP", (8_000, 6_000), "1"),))

    assert refused.value.reason is Reason.PIXELS


def test_where_a_picture_of_a_document_was_taken_stays_behind_and_that_is_said() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0)})
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "JPEG", exif=exif.tobytes())

    reading = reading_of("", (buffer.getvalue(),))

    assert Remark.LOCATION in reading.remarks
    assert b"Exif" not in reading.pictures[0]

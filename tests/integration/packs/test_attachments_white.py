"""What comes out as white pages says so, whatever kind of file it is."""

import io

import pikepdf
import pytest
from PIL import Image, ImageDraw

from broker.packs.attachments import AttachmentRefusedError, Reason, Remark
from broker.packs.attachments.gate import inspect
from broker.packs.attachments.pictures import png

SIDE = 200
MARK = b"0 g 20 20 4 4 re f"


def a_pdf(*pages: bytes) -> bytes:
    document = pikepdf.Pdf.new()
    for drawn in pages:
        document.add_blank_page().obj.Contents = document.make_stream(drawn)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def a_picture(mode: str, ground: object, mark: object = None, form: str = "PNG") -> bytes:
    picture = Image.new(mode, (SIDE, SIDE), ground)  # type: ignore[arg-type]
    if mark is not None:
        ImageDraw.Draw(picture).rectangle((20, 20, 24, 24), fill=mark)  # type: ignore[arg-type]
    buffer = io.BytesIO()
    picture.save(buffer, form)
    return buffer.getvalue()


CLEAR, WHITE = (0, 0, 0, 0), (255, 255, 255, 255)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.pdf", a_pdf(b"", b""), id="pages without anything"),
        pytest.param("a.pdf", a_pdf(b"1 g 20 20 4 4 re f"), id="white on white"),
        pytest.param("a.png", a_picture("RGB", "white"), id="colours"),
        pytest.param("a.png", a_picture("L", 255), id="greys"),
        pytest.param("a.png", a_picture("1", 1), id="one bit"),
        pytest.param("a.png", a_picture("I;16", 65_535), id="16 bits"),
        pytest.param("a.png", a_picture("RGBA", CLEAR), id="transparent"),
        pytest.param("a.png", a_picture("RGBA", CLEAR, (9, 9, 9, 0)), id="ink without a body"),
        pytest.param("a.png", a_picture("RGBA", WHITE), id="with an idle transparency"),
        pytest.param("a.jpg", a_picture("RGB", "white", form="JPEG"), id="JPEG"),
    ],
)
def test_what_comes_out_white_says_so(name: str, content: bytes) -> None:
    assert Remark.BLANK in inspect(name, content).remarks


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.pdf", a_pdf(b"", MARK), id="a mark on the second page"),
        pytest.param("a.png", a_picture("RGB", "white", "navy"), id="colours"),
        pytest.param("a.png", a_picture("RGB", "white", "yellow"), id="yellow"),
        pytest.param("a.png", a_picture("L", 255, 200), id="greys"),
        pytest.param("a.png", a_picture("1", 1, 0), id="one bit"),
        pytest.param("a.png", a_picture("P", 0), id="palette"),
        pytest.param("a.png", a_picture("RGBA", CLEAR, WHITE), id="white letters on nothing"),
        pytest.param("a.png", a_picture("RGBA", WHITE, (9, 9, 9, 255)), id="idle transparency"),
        pytest.param("a.jpg", a_picture("RGB", "white", "navy", form="JPEG"), id="JPEG"),
        pytest.param("a.jpg", a_picture("RGB", "black", form="JPEG"), id="black"),
    ],
)
def test_what_shows_a_mark_says_nothing_of_the_kind(name: str, content: bytes) -> None:
    assert Remark.BLANK not in inspect(name, content).remarks


@pytest.mark.parametrize("content", [b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe\n\x00"])
def test_a_text_without_a_letter_is_empty(content: bytes) -> None:
    with pytest.raises(AttachmentRefusedError) as refused:
        inspect("a.txt", content)

    assert refused.value.reason is Reason.EMPTY


@pytest.mark.parametrize(
    ("mode", "colour"),
    [("RGB", "navy"), ("L", 200), ("I;16", 40_000), ("RGBA", (20, 90, 160, 120)), ("LA", (0, 9))],
)
def test_a_picture_whose_first_pixel_shows_is_not_decoded_to_find_out(
    mode: str, colour: object
) -> None:
    assert not png.rewritten(a_picture(mode, colour)).may_be_white

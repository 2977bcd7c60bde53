import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from broker.packs.attachments import AttachmentRefusedError, Reason, inspect

GPS = 0x8825


def a_picture(form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((40, 30), 50).convert("RGB").save(buffer, form, **options)
    return buffer.getvalue()


def with_position() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(GPS).update({1: "N", 2: (51.0, 30.0, 0.0)})
    return exif.tobytes()


def with_text(text: str) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", text)
    return info


def chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def a_png_of(width: int, height: int) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def reason(name: str, content: bytes) -> Reason:
    with pytest.raises(AttachmentRefusedError) as caught:
        inspect(name, content)
    return caught.value.reason


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.jpg", a_picture("JPEG"), id="jpeg"),
        pytest.param("a.jpeg", a_picture("JPEG", progressive=True), id="progressive jpeg"),
        pytest.param("a.jpg", a_picture("JPEG", restart_marker_rows=1), id="restart markers"),
        pytest.param("a.jpg", a_picture("JPEG", comment=b"x"), id="comment"),
        pytest.param("a.jpg", a_picture("JPEG") + bytes(40), id="block filled with zeros"),
        pytest.param(
            "a.jpg", a_picture("JPEG").replace(b"\xff\xdb", b"\xff\xff\xdb", 1), id="fill byte"
        ),
        pytest.param("a.png", a_picture("PNG"), id="png"),
        pytest.param("a.png", a_picture("PNG", pnginfo=with_text("<a/>")), id="png with a text"),
    ],
)
def test_a_sound_picture_is_one_page(name: str, content: bytes) -> None:
    assert inspect(name, content).pages == 1


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_something_behind_the_end_is_refused(form: str) -> None:
    ending = form.lower()

    assert reason(f"a.{ending}", a_picture(form) + b"PK\x03\x04") is Reason.TRAILING


def test_an_archive_that_ends_like_a_jpeg_is_still_behind_the_end() -> None:
    assert reason("a.jpg", a_picture("JPEG") + b"PK\x03\x04\xff\xd9") is Reason.TRAILING


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.jpg", a_picture("JPEG", exif=with_position()), id="jpeg"),
        pytest.param("a.png", a_picture("PNG", exif=with_position()), id="png"),
        pytest.param(
            "a.jpg", a_picture("JPEG", xmp=b"<x exif:GPSLatitude='51,30N'/>"), id="jpeg, XMP"
        ),
        pytest.param(
            "a.png", a_picture("PNG", pnginfo=with_text("exif:GPSLongitude")), id="png, XMP"
        ),
    ],
)
def test_a_picture_that_says_where_it_was_taken_is_refused(name: str, content: bytes) -> None:
    assert reason(name, content) is Reason.LOCATION


def test_a_picture_of_50_000_by_50_000_is_refused_before_it_is_unpacked() -> None:
    assert reason("a.png", a_png_of(50_000, 50_000)) is Reason.PIXELS


def test_a_jpeg_that_claims_too_many_pixels_is_refused() -> None:
    content = bytearray(a_picture("JPEG"))
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", 60_000, 60_000)

    assert reason("a.jpg", bytes(content)) is Reason.PIXELS


def test_a_moving_picture_is_refused() -> None:
    more = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]

    assert reason("a.png", a_picture("PNG", save_all=True, append_images=more)) is (
        Reason.UNREADABLE
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.jpg", a_picture("JPEG")[:-40], id="jpeg cut short"),
        pytest.param("a.png", a_picture("PNG")[:-40], id="png cut short"),
        pytest.param("a.jpg", b"\xff\xd8\xff\xe0\0\4ab\0\0", id="no marker where one must be"),
        pytest.param("a.jpg", b"\xff\xd8\xff\xd0\xff\xd9", id="markers only"),
        pytest.param("a.jpg", b"\xff\xd8\xff\xd9", id="no picture"),
        pytest.param("a.png", a_png_of(8, 8), id="no pixels"),
    ],
)
def test_a_damaged_picture_is_refused(name: str, content: bytes) -> None:
    assert reason(name, content) is Reason.UNREADABLE

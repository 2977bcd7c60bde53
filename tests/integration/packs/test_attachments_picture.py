import io
import struct
import zlib
from typing import Any

import pytest
from drawings import drawn
from PIL import Image, ImageFile, PngImagePlugin

from broker.packs.attachments import AttachmentRefusedError, Reason, Remark
from broker.packs.attachments.gate import inspect

GPS = 0x8825


def a_picture(form: str, **options: Any) -> bytes:
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


def a_png_of(
    width: int,
    height: int,
    pixels: bytes = b"",
    form: bytes = b"\1\0\0",
    tables: bytes = b"",
) -> bytes:
    """A PNG file; `form` is depth, colour type and interlacing."""
    fields = struct.pack(">IIBBBBB", width, height, form[0], form[1], 0, 0, form[2])
    chunks = (chunk(b"IHDR", fields), tables, chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def a_png_of_mode(mode: str) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((40, 30), 50).convert(mode).save(buffer, "PNG")
    return buffer.getvalue()


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
@pytest.mark.parametrize("behind", [b"PK\x03\x04", b"PK\x03\x04\xff\xd9", b"x" * 900_000])
def test_something_behind_the_end_stays_behind_and_that_is_said(form: str, behind: bytes) -> None:
    plain = a_picture(form)

    attachment = inspect(f"a.{form.lower()}", plain + behind)

    assert attachment.remarks == (Remark.TRAILING,)
    assert attachment.copy == plain


def test_a_second_picture_stays_behind_and_that_is_said() -> None:
    first, second = a_picture("JPEG"), a_picture("JPEG")

    attachment = inspect("a.jpg", first + second)

    assert (attachment.remarks, attachment.copy) == ((Remark.SECOND_PICTURE,), first)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.jpg", a_picture("JPEG", exif=with_position()), id="jpeg"),
        pytest.param("a.png", a_picture("PNG", exif=with_position()), id="png"),
        pytest.param(
            "a.jpg", a_picture("JPEG", xmp=b"<x exif:GPSLatitude='51,30N'/>"), id="jpeg, XMP"
        ),
        pytest.param(
            "a.jpg", a_picture("JPEG", xmp=b"<x exif:GP&#83;Latitude='51'/>"), id="jpeg, spelt"
        ),
        pytest.param(
            "a.png", a_picture("PNG", pnginfo=with_text("exif:GPSLongitude")), id="png, XMP"
        ),
    ],
)
def test_where_a_picture_was_taken_stays_behind_and_that_is_said(
    name: str, content: bytes
) -> None:
    attachment = inspect(name, content)

    assert Remark.LOCATION in attachment.remarks
    assert attachment.copy is not None
    assert b"GPS" not in attachment.copy
    assert b"Exif" not in attachment.copy


def test_a_block_for_a_position_without_one_says_nothing_of_a_place() -> None:
    exif = Image.Exif()
    exif.get_ifd(GPS).update({0: b"\2\3\0\0", 29: "2026:11:10"})

    assert Remark.LOCATION not in inspect("a.jpg", a_picture("JPEG", exif=exif.tobytes())).remarks


def secrets_of(form: str) -> bytes:
    exif = Image.Exif()
    exif.update({0x010F: "CanaryMaker", 0x013B: "CanaryArtist", 0x0112: 6})
    exif.get_ifd(0x8769).update({0x927C: b"CanaryMakerNote"})
    info = with_text("CanaryXmp")
    info.add_text("Author", "CanaryAuthor", zip=False)
    info.add(b"prVt", b"PK\x03\x04 CanaryArchive")
    profile = b"CanaryProfile" * 20
    options: dict[str, dict[str, Any]] = {
        "JPEG": {"comment": b"CanaryComment", "xmp": b"<CanaryXmp/>"},
        "PNG": {"pnginfo": info},
    }
    return a_picture(form, exif=exif.tobytes(), icc_profile=profile, **options[form])


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_nothing_of_what_a_camera_or_program_wrote_leaves_but_the_orientation(form: str) -> None:
    content = secrets_of(form)
    assert b"Canary" in content

    attachment = inspect(f"a.{form.lower()}", content)

    assert {Remark.DETAILS, Remark.COLOURS} <= set(attachment.remarks)
    assert attachment.copy is not None
    assert b"Canary" not in attachment.copy
    with Image.open(io.BytesIO(attachment.copy)) as copy, Image.open(io.BytesIO(content)) as given:
        assert dict(copy.getexif()) == {0x0112: 6}
        assert copy.tobytes() == given.tobytes()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.jpg", a_picture("JPEG"), id="jpeg"),
        pytest.param("a.jpg", a_picture("JPEG", progressive=True), id="progressive"),
        pytest.param("a.jpg", a_picture("JPEG", restart_marker_rows=1), id="restart markers"),
        pytest.param("a.png", a_picture("PNG"), id="png"),
        pytest.param("a.png", a_png_of_mode("P"), id="palette"),
        pytest.param("a.png", a_png_of_mode("1"), id="one bit"),
        pytest.param("a.png", a_png_of_mode("I;16"), id="16 bits"),
        pytest.param("a.png", a_png_of_mode("LA"), id="transparent"),
    ],
)
def test_a_picture_with_nothing_to_take_off_is_its_own_copy(name: str, content: bytes) -> None:
    attachment = inspect(name, content)

    assert attachment.unchanged
    assert attachment.remarks == ()


@pytest.mark.parametrize("more", [b"CanaryBehind", bytes(500)])
def test_what_is_packed_behind_the_last_line_of_a_png_stays_behind(more: bytes) -> None:
    lines = b"".join(b"\0" + bytes([y] * 24) for y in range(8))
    content = a_png_of(8, 8, zlib.compress(lines + more), b"\x08\2\0")
    behind = a_png_of(8, 8, zlib.compress(lines) + more, b"\x08\2\0")

    for hiding in (content, behind):
        attachment = inspect("a.png", hiding)

        assert attachment.remarks == (Remark.TRAILING,)
        assert attachment.copy is not None
        assert unpacked(attachment.copy) == lines


def unpacked(png: bytes) -> bytes:
    """The pixels of a PNG with one chunk of them, and nothing behind them."""
    start = png.index(b"IDAT")
    (length,) = struct.unpack_from(">I", png, start - 4)
    inflater = zlib.decompressobj()
    lines = inflater.decompress(png[start + 4 : start + 4 + length])
    assert inflater.unused_data == b""
    return lines


def test_an_interlaced_png_is_counted_pass_by_pass() -> None:
    # Pillow reads interlaced files and writes none: each pass of 5 by 3 pixels by hand.
    passes = [(1, 1), (1, 1), (2, 0), (1, 1), (3, 1), (2, 2), (5, 1)]
    lines = b"".join(b"\0" + bytes(width) for width, height in passes for _ in range(height))
    content = a_png_of(5, 3, zlib.compress(lines), b"\x08\0\1")

    assert inspect("a.png", content).unchanged


def test_a_jpeg_of_more_scans_than_any_program_writes_is_refused() -> None:
    content = a_picture("JPEG", progressive=True)
    scan = content.index(b"\xff\xda")
    more = content[:scan] + content[scan:-2] * 101 + b"\xff\xd9"

    assert reason("a.jpg", more) is Reason.BOMB


def test_a_jpeg_of_endless_segments_is_refused() -> None:
    content = a_picture("JPEG")

    assert reason("a.jpg", content[:2] + b"\xff\xfe\0\2" * 20_000 + content[2:]) is (
        Reason.UNREADABLE
    )


def test_a_jpeg_that_lacks_nothing_but_its_end_marker_is_whole() -> None:
    content = a_picture("JPEG")

    attachment = inspect("a.jpg", content[:-2])

    assert (attachment.copy, attachment.remarks) == (content, ())


def test_a_jpeg_whose_block_of_details_is_counted_short_is_read_as_viewers_read_it() -> None:
    whole = a_picture("JPEG")
    details = b"\xff\xe1" + struct.pack(">H", 20) + b"Exif\0\0" + b"secret camera\0" * 3

    attachment = inspect("a.jpg", whole[:2] + details + whole[2:])

    assert attachment.remarks == (Remark.DETAILS,)
    assert attachment.copy == inspect("a.jpg", whole).copy


def test_a_picture_of_50_000_by_50_000_is_refused_before_it_is_unpacked() -> None:
    assert reason("a.png", a_png_of(50_000, 50_000)) is Reason.PIXELS


def test_a_jpeg_that_claims_too_many_pixels_is_refused() -> None:
    content = bytearray(a_picture("JPEG"))
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", 60_000, 60_000)

    assert reason("a.jpg", bytes(content)) is Reason.PIXELS


def test_of_a_moving_picture_the_still_one_goes_and_that_is_said() -> None:
    more = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    moving = a_picture("PNG", save_all=True, append_images=more)

    found = inspect("a.png", moving)

    assert found.remarks == (Remark.MOVING,)
    assert found.copy is not None
    assert not {b"acTL", b"fcTL", b"fdAT"} & {found.copy[i : i + 4] for i in range(len(moving))}
    with Image.open(io.BytesIO(found.copy)) as still, Image.open(io.BytesIO(moving)) as first:
        assert still.tobytes() == first.convert(still.mode).tobytes()


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("colour", range(7))
@pytest.mark.parametrize("tables", [b"", chunk(b"PLTE", b"abcdef"), chunk(b"tRNS", b"ab")])
def test_whatever_head_a_png_has_it_is_refused_or_can_be_drawn(
    depth: int, colour: int, tables: bytes
) -> None:
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour, 1)
    lines = 30 * bytes(1 + -(-40 * depth * channels // 8))
    content = a_png_of(40, 30, zlib.compress(lines), bytes((depth, colour, 0)), tables)
    try:
        found = drawn("a.png", content)
    except AttachmentRefusedError:
        return
    assert len(found.images) == 1


@pytest.mark.parametrize("line", [0, 1, 7])
@pytest.mark.parametrize("interlaced", [0, 1])
def test_a_png_with_a_line_that_names_no_filter_is_refused(line: int, interlaced: int) -> None:
    lines = bytearray(8 * (1 + 8 * 3) if not interlaced else 15 + 8 * 8 * 3)
    lines[line * 25 if not interlaced else 0] = 5
    content = a_png_of(8, 8, zlib.compress(bytes(lines)), bytes((8, 2, interlaced)))

    assert reason("a.png", content) is Reason.UNREADABLE


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


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_is_decoded_once_from_its_arrival_to_its_pages(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[tuple[int, int]] = []
    load = ImageFile.ImageFile.load

    def counted(image: ImageFile.ImageFile) -> Any:
        if image.tile:  # what is loaded already is given as it is
            decoded.append(image.size)
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", counted)

    found = drawn("a.png", a_png_of_mode(mode))

    assert len(found.images) == 1
    assert [size for size in decoded if size[1] > 1] == [(40, 30)]

import io

import pikepdf
import pytest
from drawings import pages_of
from PIL import Image, ImageChops, ImageOps, ImageStat

from broker.packs.attachments.pictures.drawing import (
    LONGEST_SIDE,
    PAGE_PIXELS,
    strips,
)
from broker.packs.attachments.pictures.drawing import pages_of as strips_of


def a_jpeg(picture: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def a_png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def a_pdf(*sizes: tuple[int, int]) -> bytes:
    document = pikepdf.Pdf.new()
    for size in sizes:
        document.add_blank_page().obj.MediaBox = pikepdf.Array([0, 0, *size])
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def decoded(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg), formats=["JPEG"])


def test_each_page_of_a_pdf_becomes_an_image_at_150_dpi() -> None:
    pages = pages_of("a.pdf", a_pdf((288, 144), (144, 288)))

    assert [(page.width, page.height, page.wide) for page in pages] == [
        (600, 300, True),
        (300, 600, False),
    ]


def test_a_page_as_large_as_a_wall_comes_down_to_the_pixels_of_a_page() -> None:
    (page,) = pages_of("a.pdf", a_pdf((14_400, 14_400)))

    assert page.width * page.height == pytest.approx(PAGE_PIXELS, rel=0.01)


def test_a_page_as_long_as_a_road_comes_down_to_what_jpeg_can_hold() -> None:
    (page,) = pages_of("a.pdf", a_pdf((1, 200_000)))

    assert (page.width, page.height) == (1, LONGEST_SIDE)


@pytest.mark.parametrize("budget", [250_000, 60_000, 10_000])
def test_the_worst_picture_keeps_to_its_budget(budget: int) -> None:
    noise = Image.merge("RGB", [Image.effect_noise((1_400, 1_900), 120) for _ in range(3)])

    (page,) = pages_of("a.jpg", a_jpeg(noise, quality=60), budget)

    assert len(page.jpeg) <= budget
    assert decoded(page.jpeg).size == (page.width, page.height)


def test_a_small_picture_is_not_enlarged() -> None:
    (page,) = pages_of("a.png", a_png(Image.new("RGB", (30, 20), "red")))

    assert (page.width, page.height) == (30, 20)


def test_a_picture_as_thin_as_a_line_still_becomes_a_page() -> None:
    (page,) = pages_of("a.png", a_png(Image.new("L", (3_000_000, 1))))

    assert page.height == 1


def test_a_photograph_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = a_jpeg(Image.new("RGB", (40, 20), "red"), exif=exif.tobytes())

    (page,) = pages_of("a.jpg", content)

    assert (page.width, page.height) == (20, 40)


def test_what_is_transparent_becomes_white() -> None:
    content = a_png(Image.new("RGBA", (8, 8), (0, 0, 0, 0)))

    (page,) = pages_of("a.png", content)

    assert decoded(page.jpeg).getpixel((4, 4)) == 255


@pytest.mark.parametrize("alphas", [(0, 255), (120, 120), (255, 255)])
def test_a_large_transparent_picture_looks_as_it_does_point_by_point(
    alphas: tuple[int, int],
) -> None:
    slope, (least, most) = Image.linear_gradient("L"), alphas
    faded = slope.rotate(90).point(lambda x: min(most, max(least, x)))
    channels = [slope, slope.rotate(180), Image.radial_gradient("L"), faded]
    whole = Image.merge("RGBA", [channel.resize((2_600, 3_400)) for channel in channels])

    (page,) = strips_of(a_png(whole))

    seen = Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole)
    apart = ImageChops.difference(seen.convert("RGB").resize(page.size), page)
    assert max(ImageStat.Stat(apart).mean) < 1


def test_colour_is_kept_and_grey_stays_grey() -> None:
    modes = [
        decoded(page.jpeg).mode
        for colour in ("red", "grey")
        for page in pages_of("a.png", a_png(Image.new("RGB", (9, 9), colour)))
    ]

    assert modes == ["RGB", "L"]


def test_a_line_of_one_point_in_a_small_picture_keeps_its_colour() -> None:
    picture = Image.new("RGB", (60, 40), "white")
    picture.paste("red", (30, 0, 31, 40))

    (page,) = pages_of("a.png", a_png(picture))

    red, green, blue = decoded(page.jpeg).crop((30, 20, 31, 21)).tobytes()
    assert red > 200
    assert green < 60
    assert blue < 60


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tall_picture_is_cut_as_it_stands_however_it_is_stored(orientation: int) -> None:
    sideways = orientation > 4
    noise = Image.effect_noise((2_000, 60) if sideways else (60, 2_000), 90)
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    noise.save(buffer, "PNG", exif=exif.tobytes())
    with Image.open(buffer) as stored:
        upright = ImageOps.exif_transpose(stored)

    pages = list(strips_of(buffer.getvalue()))

    boxes = strips(*upright.size)
    assert len(pages) == len(boxes) > 20
    for page, box in zip(pages, boxes, strict=True):
        assert ImageChops.difference(page, upright.crop(box)).getbbox() is None

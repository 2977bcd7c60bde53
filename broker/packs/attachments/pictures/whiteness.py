"""Whether a picture comes out as a white page, on which nobody sees anything."""

from typing import Final, cast

from PIL import Image

_WITHOUT_INK: Final = {"1": 255, "L": 250, "RGB": 250, "I;16": 64_000}
"""The least value of every part at which a picture of each mode is white."""


def is_white(image: Image.Image) -> bool:
    """Say whether a loaded picture shows nothing: all of it white, or all of it transparent.

    Of a mode that is seldom white (a palette, inks) it says no.
    """
    if image.mode in {"RGBA", "LA"}:
        lowest, highest = _extremes(image.getchannel("A"))[0]
        return highest == 0 or (lowest == 255 and is_white(_without_alpha(image)))  # noqa: PLR2004
    least = _WITHOUT_INK.get(image.mode)
    return least is not None and all(low >= least for low, _ in _extremes(image))


def _without_alpha(image: Image.Image) -> Image.Image:
    return image.convert(image.mode.removesuffix("A"))


def _extremes(image: Image.Image) -> list[tuple[float, float]]:
    """Return the lowest and the highest value of each part."""
    found = image.getextrema()
    parts = found if isinstance(found[0], tuple) else (found,)
    return cast("list[tuple[float, float]]", list(parts))

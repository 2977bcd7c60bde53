"""Whether a picture comes out as a white page, on which nobody sees anything."""

from typing import Final, cast

from PIL import Image

LIGHT: Final = 250
"""The least of 8 bits of an ink at which nobody sees it."""

_WITHOUT_INK: Final = {
    "1": 255,
    **dict.fromkeys(("L", "LA", "RGB", "RGBA"), LIGHT),
    "I;16": LIGHT << 8,
}
"""The least value of every ink at which a picture of each mode is white."""

_OPAQUE: Final = 255


def is_white(image: Image.Image) -> bool:
    """Say whether a loaded picture shows nothing: all of it white, or all of it transparent.

    Of a mode that is seldom white (a palette, inks) it says no.
    """
    least = _WITHOUT_INK.get(image.mode)
    if least is None:
        return False
    inks = _extremes(image)
    if image.mode.endswith("A"):
        lowest, highest = inks.pop()
        if highest == 0:
            return True
        if lowest < _OPAQUE:
            return False
    return all(low >= least for low, _ in inks)


def _extremes(image: Image.Image) -> list[tuple[float, float]]:
    """Return the lowest and the highest value of each part."""
    found = image.getextrema()
    parts = found if isinstance(found[0], tuple) else (found,)
    return cast("list[tuple[float, float]]", list(parts))

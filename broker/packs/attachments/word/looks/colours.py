"""Whether letters of one colour can be seen on another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias
from xml.etree.ElementTree import Element

from broker.packs.attachments.word.parts.markup import child, whole, whole_hex

Colour: TypeAlias = tuple[int, int, int]
"""Red, green and blue, each 0 to 255."""

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
_LEAST_CONTRAST = 1.2
"""Below this ratio (WCAG 2, relative luminance) words count as hidden; pale grey is at 1.4."""

_LEAST_CONTRAST_LARGE = 1.08
"""The same for letters of 28 points and more, such as a watermark's."""

_OTHER_HUE = 100
"""So far apart in red, green or blue, equally bright colours differ, as yellow on white."""

_HEX_DIGITS = 6
_WHOLE_TINT = 255
_HIGHLIGHTS: dict[str, Colour] = {
    "black": BLACK,
    "blue": (0, 0, 255),
    "cyan": (0, 255, 255),
    "green": (0, 255, 0),
    "magenta": (255, 0, 255),
    "red": (255, 0, 0),
    "yellow": (255, 255, 0),
    "white": WHITE,
    "darkBlue": (0, 0, 128),
    "darkCyan": (0, 128, 128),
    "darkGreen": (0, 128, 0),
    "darkMagenta": (128, 0, 128),
    "darkRed": (128, 0, 0),
    "darkYellow": (128, 128, 0),
    "darkGray": (128, 128, 128),
    "lightGray": (192, 192, 192),
}
_SCHEME_NAMES = {
    "dark1": "dk1",
    "text1": "dk1",
    "tx1": "dk1",
    "light1": "lt1",
    "background1": "lt1",
    "bg1": "lt1",
    "dark2": "dk2",
    "text2": "dk2",
    "tx2": "dk2",
    "light2": "lt2",
    "background2": "lt2",
    "bg2": "lt2",
    "hyperlink": "hlink",
    "followedHyperlink": "folHlink",
}
_OTHER_FILLS = frozenset({"a:gradFill", "a:blipFill", "a:pattFill", "a:grpFill"})
_USUAL_SCHEME = {"dk1": BLACK, "lt1": WHITE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The colours that a file calls by name (ECMA-376 part 1, 20.1.6.2)."""

    colours: Mapping[str, Colour]

    @classmethod
    def of(cls, root: Element | None) -> "Theme":
        """Read a theme part; without one the usual black and white stand."""
        scheme = child(child(root, "a:themeElements"), "a:clrScheme")
        found: dict[str, Colour] = dict(_USUAL_SCHEME)
        for entry in scheme if scheme is not None else ():
            for inner in entry:
                colour = of_hex(inner.get("lastClr") or inner.get("val"))
                if colour is not None:
                    found[entry.tag.partition(":")[2]] = colour
        return cls(colours=found)

    def named(self, name: str) -> Colour | None:
        """Return a colour by its name in the theme, or None where it has none."""
        return self.colours.get(_SCHEME_NAMES.get(name, name))

    def of_attributes(self, element: Element | None, plain: str, theme: str) -> Colour | None:
        """Return the colour in the attributes `plain` and `theme`; None: automatic, or none."""
        if element is None:
            return None
        named = self.named(element.get(f"w:{theme}", ""))
        if named is not None:
            return _shaded(named, element, theme)
        return of_hex(element.get(f"w:{plain}"))

    def of_fill(self, properties: Element | None, behind: Colour | None) -> Colour | None:
        """Return the ground that a drawn shape makes; None: one that nobody works out.

        `properties` are the shape's own (20.1.8); without a fill it lets through what is behind.
        """
        if properties is None or child(properties, "a:noFill") is not None:
            return behind
        solid = child(properties, "a:solidFill")
        if solid is None:
            kinds = {prop.tag for prop in properties}
            return None if kinds & _OTHER_FILLS else behind
        for colour in solid:
            plain = colour.tag == "a:srgbClr"
            found = of_hex(colour.get("val")) if plain else self.named(colour.get("val", ""))
            return None if len(colour) else found
        return None

    def shading(self, shd: Element | None) -> Colour | None:
        """Return the ground that a shading makes, None if it makes none (17.3.5)."""
        pattern = "nil" if shd is None else shd.get("w:val", "clear")
        if pattern == "nil":
            return None
        fill = self.of_attributes(shd, "fill", "themeFill")
        if pattern == "clear":
            return fill
        drawn = self.of_attributes(shd, "color", "themeColor") or BLACK
        percent = 100 if pattern == "solid" else whole(pattern.removeprefix("pct"), 50)
        return _mixed(fill or WHITE, drawn, percent / 100)


def of_hex(text: str | None) -> Colour | None:
    """Return a colour written as six hexadecimal digits, or None for anything else."""
    digits = (text or "").removeprefix("#")
    if len(digits) != _HEX_DIGITS:
        return None
    try:
        red, green, blue = bytes.fromhex(digits)
    except ValueError:
        return None
    return red, green, blue


def highlight(name: str) -> Colour | None:
    """Return the ground of a highlighting pen, None for no pen."""
    return _HIGHLIGHTS.get(name)


def can_be_seen(letters: Colour, ground: Colour, *, large: bool) -> bool:
    """Say whether a person sees letters of one colour on the other."""
    if max(abs(one - other) for one, other in zip(letters, ground, strict=True)) >= _OTHER_HUE:
        return True
    bright, dark = sorted((_luminance(letters), _luminance(ground)), reverse=True)
    return (bright + 0.05) / (dark + 0.05) >= (_LEAST_CONTRAST_LARGE if large else _LEAST_CONTRAST)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        (part / 255 / 12.92) if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG 2
        for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _shaded(colour: Colour, element: Element, theme: str) -> Colour:
    stem = theme.removesuffix("Color")
    tint = element.get(f"w:{stem}Tint")
    shade = element.get(f"w:{stem}Shade")
    if tint:
        return _mixed(WHITE, colour, whole_hex(tint) / _WHOLE_TINT)
    if shade:
        return _mixed(BLACK, colour, whole_hex(shade) / _WHOLE_TINT)
    return colour


def _mixed(ground: Colour, drawn: Colour, share: float) -> Colour:
    kept = min(max(share, 0.0), 1.0)
    red, green, blue = (
        round(under * (1 - kept) + over * kept) for under, over in zip(ground, drawn, strict=True)
    )
    return red, green, blue

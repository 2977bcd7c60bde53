"""Make the document's fonts from those of the Noto project, as `make fonts` does.

Takes the folder into which Debian's fonts-noto-core and fonts-noto-cjk and the npm package
@expo-google-fonts/noto-emoji were unpacked. Each source must have the SHA-256 value of
`sources.txt`. What the page does not need is left out: hints for screens, vertical writing, and
letter shapes that only another language than the page's asks for.
"""

import hashlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable

FONTS = Path(__file__).parents[2] / "broker/packs/rendering/fonts"
CJK = "Noto Sans CJK SC"
CJK_FEATURES = ["ccmp", "ljmo", "vjmo", "tjmo", "mark", "mkmk"]
CJK_TABLES = ["VORG", "vhea", "vmtx", "BASE"]
FARTHEST = 1.5
"""How far a curve may move when it is drawn anew, in thousandths of the letter's height."""

NEVER_USED = (
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
)
NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]


def main(sources: Path) -> None:
    """Write every font, `letters.txt` and `SHA256SUMS` into the folder of the fonts."""
    lines, sums = [], []
    for digest, place in _listed(FONTS / "sources.txt"):
        source = sources / place
        if hashlib.sha256(source.read_bytes()).hexdigest() != digest:
            message = f"{place} is not the file that sources.txt names."
            raise SystemExit(message)
        font, target = _opened(source), FONTS / _name_of(source)
        letters = sorted(font.getBestCmap())
        _reduce(font, letters)
        if "CFF " in font:
            _draw_with_parabolas(font)
        font.save(target)
        sums.append(f"{hashlib.sha256(target.read_bytes()).hexdigest()}  {target.name}")
        if not target.stem.endswith("Bold"):
            lines.append(line_of(font, letters))
    (FONTS / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="ascii")
    (FONTS / "letters.txt").write_text("\n".join(lines) + "\n", encoding="ascii")


def line_of(font: TTFont, letters: Iterable[int]) -> str:
    """Return the line of `letters.txt` for a font."""
    return f"{_family(font)}: {' '.join(_ranges(letters))}"


def _listed(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="ascii").splitlines():
        if line and not line.startswith("#"):
            yield line.split()


def _opened(source: Path) -> TTFont:
    if source.suffix != ".ttc":
        return TTFont(source, recalcTimestamp=False)
    faces = TTCollection(source, recalcTimestamp=False).fonts
    return next(face for face in faces if _family(face) == CJK)


def _name_of(source: Path) -> str:
    name = source.name.replace("_400Regular", "-Regular")
    return name.replace("CJK-Regular.ttc", "CJKsc-Regular.ttf")


def _family(font: TTFont) -> str:
    return str(font["name"].getBestFamilyName())


def _reduce(font: TTFont, letters: Iterable[int]) -> None:
    options = subset.Options(hinting=False, glyph_names=False, notdef_outline=True)
    options.name_IDs = NAMES
    options.layout_features = ["*"]
    if _family(font) == CJK:
        options.layout_features = CJK_FEATURES
        options.drop_tables = [*options.drop_tables, *CJK_TABLES]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)


def _draw_with_parabolas(font: TTFont) -> None:
    """Turn a font of cubic curves into TrueType.

    typst leaves the widths out of the cubic ones that it embeds, which PDF/UA-1 forbids.
    """
    glyphs, shapes = font.getGlyphSet(), {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, max_err=FARTHEST, reverse_direction=True))
        shapes[name] = pen.glyph()
    glyf = font["glyf"] = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = font.getGlyphOrder(), shapes
    font["loca"] = newTable("loca")
    for name, shape in shapes.items():
        shape.recalcBounds(glyf)
        width, _ = font["hmtx"][name]
        font["hmtx"][name] = width, getattr(shape, "xMin", 0)
    del font["CFF "]
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in NEVER_USED:
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


def _ranges(letters: Iterable[int]) -> Iterator[str]:
    """Yield the letters as ranges of code points, such as 0020-007E."""
    first = last = None
    for code in sorted(letters):
        if last is None or code != last + 1:
            if first is not None:
                yield f"{first:04X}-{last:04X}"
            first = code
        last = code
    yield f"{first:04X}-{last:04X}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))

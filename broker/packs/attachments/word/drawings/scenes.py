"""What drawings show: pictures, text boxes, drawn words, diagrams, charts and plain shapes."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn
from xml.etree.ElementTree import Element

from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import WordRemark
from broker.packs.attachments.word.document import Document
from broker.packs.attachments.word.drawings.diagrams import chart_lines, diagram_lines, drawn_text
from broker.packs.attachments.word.links import link_words
from broker.packs.attachments.word.looks.colours import Colour, highlight, of_hex
from broker.packs.attachments.word.looks.places import is_anchored_away, is_placed_away
from broker.packs.attachments.word.parts.markup import child, whole, words_in
from broker.packs.attachments.word.pictures import Crop

_VML_SHAPES = frozenset(
    f"v:{name}"
    for name in ("shape", "rect", "oval", "line", "roundrect", "polyline", "arc", "curve", "image")
)
_LOOKED_THROUGH = _VML_SHAPES | {"wp:anchor", "wp:inline", "wps:wsp"}
_MOST_AROUND = 10  # shapes inside each other; each is looked through once for every one around it
_VML_FILLED = frozenset({"v:imagedata", "v:textpath", "v:textbox", "w:txbxContent"})
_INK = frozenset({"w:contentPart", "wpi:contentPart", "w14:contentPart"})
_SAYS_NOTHING = frozenset(
    {"v:shapetype", "a:extLst", "wps:style", "wps:bodyPr", "a:clrChange", "dsp:style", "a:ln"}
)
_LINE = 12_700  # one point, in English metric units
_FRACTION = 65_536  # VML writes parts of a whole in these, marked with an f


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A text box: its paragraphs, and the ground that they stand on (None: nobody knows)."""

    content: Element
    ground: Colour | None


@dataclass(slots=True, kw_only=True)
class Scene:
    """What one drawing shows: words and marks for its place, and text boxes."""

    words: list[str] = field(default_factory=list[str])
    boxes: list[Box] = field(default_factory=list[Box])
    shapes: Counter[str] = field(default_factory=Counter[str])

    def is_empty(self) -> bool:
        """Say whether it shows nothing."""
        return not (self.words or self.shapes or any(words_in(box.content) for box in self.boxes))


class Painter:
    """Reads the drawings of one part."""

    def __init__(self, document: Document, part: str) -> None:
        """Keep the document, and the part whose relationships drawings name."""
        self._document = document
        self._part = part
        self._leaves: dict[str, Callable[[Element, Scene], None]] = {
            "a:blipFill": self._filled,
            "pic:blipFill": self._filled,
            "a:blip": self._bare_picture,
            "am3d:blip": self._bare_picture,
            "v:imagedata": self._vml_picture,
            "v:fill": self._vml_picture,
            "v:textpath": _drawn_words,
            "dgm:relIds": self._diagram,
            "c:chart": self._chart,
            "cx:chart": self._chart,
            "a:p": _paragraph,
            "wp:docPr": self._link,
            "w:control": _refuse_control,
        }

    def scene(self, drawing: Element, ground: Colour | None) -> Scene:
        """Return what a drawing on `ground` shows, or raise `AttachmentRefusedError`."""
        scene = Scene()
        if len(drawing) == 0:
            spare = self._document.spare_picture(self._part)
            if spare is not None:
                scene.words.append(self._picture_mark(spare, Crop()))
            return scene
        self._walk(drawing, ground, scene, 0)
        if scene.shapes:
            self._document.remarks.add(WordRemark.DRAWN)
            told = (f"{name} x {n}" if n > 1 else name for name, n in scene.shapes.items())
            scene.words.append(f"[drawn: {', '.join(told)}]")
        return scene

    def _walk(self, element: Element, ground: Colour | None, scene: Scene, around: int) -> None:
        tag = element.tag
        if tag in _SAYS_NOTHING:
            return
        if tag == "w:txbxContent":
            scene.boxes.append(Box(content=element, ground=ground))
            return
        if self._says(element, scene):
            return
        if tag in _LOOKED_THROUGH:
            around += 1
            if around > _MOST_AROUND:
                raise AttachmentRefusedError(Reason.UNREADABLE)
        if tag in {"wp:anchor", "wp:inline"}:
            _refuse_unseen(element)
        elif tag == "wps:wsp":
            ground = self._shape(element, ground, scene)
        elif tag in _VML_SHAPES:
            ground = _vml_shape(element, ground, scene)
        for one in element:
            self._walk(one, ground, scene, around)

    def _says(self, element: Element, scene: Scene) -> bool:
        """Add what a leaf of a drawing says; False for one whose children are to be read."""
        if element.tag in _INK:
            scene.shapes["handwriting"] += 1
            return True
        read = self._leaves.get(element.tag)
        if read is not None:
            read(element, scene)
        return read is not None

    def _filled(self, fill: Element, scene: Scene) -> None:
        self._picture(child(fill, "a:blip"), _crop(child(fill, "a:srcRect")), scene)

    def _bare_picture(self, blip: Element, scene: Scene) -> None:
        self._picture(blip, Crop(), scene)

    def _diagram(self, pointer: Element, scene: Scene) -> None:
        self._lines_of("Diagram", pointer.get("r:dm", ""), diagram_lines, scene)

    def _chart(self, pointer: Element, scene: Scene) -> None:
        self._lines_of("Chart", pointer.get("r:id", ""), chart_lines, scene)

    def _picture(self, blip: Element | None, crop: Crop, scene: Scene) -> None:
        if blip is None:
            return
        embedded, linked = blip.get("r:embed", ""), blip.get("r:link", "")
        related = self._document.package.relationships(self._part)
        for identifier in (embedded, linked):
            if identifier not in related:
                continue
            if related[identifier].outside:
                self._document.remarks.add(WordRemark.PICTURE_ELSEWHERE)
                scene.words.append("[Picture that is kept elsewhere]")
            else:
                scene.words.append(self._picture_mark(related[identifier].part, crop))
            return

    def _vml_picture(self, element: Element, scene: Scene) -> None:
        identifier = element.get("r:id") or element.get("o:relid") or element.get("r:pict")
        if identifier:
            crop = Crop(
                left=_fraction(element.get("cropleft")),
                top=_fraction(element.get("croptop")),
                right=_fraction(element.get("cropright")),
                bottom=_fraction(element.get("cropbottom")),
            )
            self._picture(Element("a:blip", {"r:embed": identifier}), crop, scene)

    def _picture_mark(self, part: str, crop: Crop) -> str:
        if part in self._document.package:
            number = self._document.pictures.number(part, crop)
            if number is not None:
                return f"[Picture {number}]"
        self._document.remarks.add(WordRemark.PICTURE_FORMAT)
        return "[Picture that cannot be shown]"

    def _lines_of(
        self, noun: str, identifier: str, lines_of: Callable[[Element], list[str]], scene: Scene
    ) -> None:
        package = self._document.package
        related = package.relationships(self._part).get(identifier)
        if related is None or related.part not in package:
            scene.shapes[noun.lower()] += 1
            return
        lines = lines_of(package.markup(related.part))
        scene.words.append("\n".join([f"[{noun}:", *lines]) + "]")
        kinds = {
            relationship.kind for relationship in package.relationships(related.part).values()
        }
        if kinds & {"package", "oleobject"}:
            self._document.remarks.add(WordRemark.WORKBOOK)

    def _link(self, described: Element, scene: Scene) -> None:
        click = child(described, "a:hlinkClick")
        identifier = click.get("r:id", "") if click is not None else ""
        related = self._document.package.relationships(self._part).get(identifier)
        if related is not None and related.outside:
            said, remark = link_words(related.outside, "")
            scene.words.append(said.strip())
            if remark is not None:
                self._document.remarks.add(remark)

    def _shape(self, shape: Element, ground: Colour | None, scene: Scene) -> Colour | None:
        """Count a shape without words, and return the ground that it makes for its own."""
        properties = child(shape, "wps:spPr")
        if not words_in(shape):
            geometry = child(properties, "a:prstGeom")
            scene.shapes["shape" if geometry is None else geometry.get("prst", "shape")] += 1
        return self._document.theme.of_fill(properties, ground)


def _drawn_words(path: Element, scene: Scene) -> None:
    if text := " ".join(path.get("string", "").split()):
        scene.words.append(f"[drawn words: {text}]")


def _paragraph(paragraph: Element, scene: Scene) -> None:
    if text := drawn_text(paragraph):
        scene.words.append(text)


def _refuse_control(*_: object) -> NoReturn:
    raise AttachmentRefusedError(Reason.ACTIVE)


def _refuse_unseen(frame: Element) -> None:
    """Refuse a drawing that is hidden, off the page, or too small for the words that it holds."""
    described = child(frame, "wp:docPr")
    hidden = described is not None and described.get("hidden", "0") in {"1", "true", "on"}
    extent = child(frame, "wp:extent")
    grows = any(one.tag == "a:spAutoFit" for one in frame.iter())
    tiny = (
        not grows
        and extent is not None
        and (min(whole(extent.get("cx"), _LINE), whole(extent.get("cy"), _LINE)) < _LINE)
    )
    away = is_anchored_away(frame) and (
        words_in(frame) or any(one.tag == "a:blip" for one in frame.iter())
    )
    if hidden or away or (tiny and words_in(frame)):
        raise AttachmentRefusedError(Reason.HIDDEN)


def _vml_shape(shape: Element, ground: Colour | None, scene: Scene) -> Colour | None:
    style = shape.get("style", "").replace(" ", "").lower()
    shows = any(one.tag in _VML_FILLED for one in shape.iter())
    if ("visibility:hidden" in style or is_placed_away(style)) and shows:
        raise AttachmentRefusedError(Reason.HIDDEN)
    if not shows and shape.get("o:hr") is None:
        scene.shapes[shape.tag.removeprefix("v:")] += 1
    if shape.get("filled", "t").lower() in {"f", "false"}:
        return ground
    name = (shape.get("fillcolor") or "white").partition(" ")[0]
    return of_hex(name) or highlight(name)


def _crop(rectangle: Element | None) -> Crop:
    if rectangle is None:
        return Crop()
    left, top, right, bottom = (_thousandths(rectangle.get(side)) for side in "ltrb")
    return Crop(left=left, top=top, right=right, bottom=bottom)


def _thousandths(text: str | None) -> int:
    if text is not None and text.endswith("%"):
        return whole(text[:-1].partition(".")[0]) * 1_000
    return whole(text)


def _fraction(text: str | None) -> int:
    """Return a part of the whole as VML writes it, in thousandths of a percent."""
    if text is None:
        return 0
    if text.endswith("f"):
        return whole(text[:-1]) * 100_000 // _FRACTION
    try:
        return int(float(text[:9]) * 100_000)
    except (ValueError, OverflowError):
        return 0

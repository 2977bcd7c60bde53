"""The words of one paragraph, run by run: each is shown as it stands, marked, or refused."""

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import WordRemark
from broker.packs.attachments.word.document import Document
from broker.packs.attachments.word.drawings.scenes import Box, Painter
from broker.packs.attachments.word.fields import Field, OpenFields, link_of
from broker.packs.attachments.word.formula import linear
from broker.packs.attachments.word.links import link_words
from broker.packs.attachments.word.looks import symbols
from broker.packs.attachments.word.looks.colours import Colour
from broker.packs.attachments.word.looks.styles import Look
from broker.packs.attachments.word.parts.markup import child, is_on, whole_hex, words_in
from broker.packs.attachments.word.results import left_to_word, own_result

_STRUCK = "struck out"
_HIGHLIGHTED = "highlighted"
_UNFILLED = "nothing entered"
_BACKWARDS = "written backwards"
_BESIDE_WORDS = frozenset({"w:pPr", "w:rPr", "w:sdtPr", "w:sdtEndPr", "w:rubyPr", "w:ffData"})
_INSTEAD = {
    "w:tab": "\t",
    "w:ptab": " ",
    "w:br": "\n",
    "w:cr": "\n",
    "w:noBreakHyphen": "-",
    "w:pgNum": "[page number]",
}
_MOMENTS = frozenset(
    f"w:{part}{form}" for part in ("day", "month", "year") for form in ("Short", "Long")
)
_LAST_PLANE = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a paragraph stands: on which ground, in a table of which style, and if it is cut off.

    `ground` None is one that nobody works out; `table` None is no table.
    """

    ground: Colour | None
    table: str | None = None
    cut_off: bool = False
    unfilled: bool = False


class Story:
    """What the paragraphs of one part, or of one text box in it, share."""

    def __init__(self, document: Document, part: str, root: Element) -> None:
        """Begin with a part and the element of it that is read."""
        self.document = document
        self.part = part
        self.fields = OpenFields(root)
        self.painter = Painter(document, part)


class Line:
    """Reads one paragraph; `text` and `boxes` are what it shows."""

    def __init__(self, story: Story, place: Place, style: str) -> None:
        """Begin a paragraph of that style at that place."""
        self.boxes: list[Box] = []
        self._story = story
        self._document = story.document
        self._place = place
        self._style = style
        self._pieces: list[tuple[str, str]] = []
        self._marks: list[str] = [_UNFILLED] if place.unfilled else []
        self._look = self._look_of(None)
        self._reads: dict[str, Callable[[Element], None]] = {
            "w:sym": self._named_symbol,
            "w16se:symEx": self._named_symbol,
            "w:fldChar": self._field_character,
            "w:instrText": self._instruction,
            "w:drawing": self._drawing,
            "w:pict": self._drawing,
            "w:object": self._drawing,
            "w:footnoteReference": self._note,
            "w:endnoteReference": self._note,
            "w:ruby": self._ruby,
        }

    @property
    def text(self) -> str:
        """What was read, with marks around what the page shows in another way than letters."""
        joined: list[str] = []
        at = 0
        while at < len(self._pieces):
            mark = self._pieces[at][0]
            end = at
            while end < len(self._pieces) and self._pieces[end][0] == mark:
                end += 1
            words = _joined("".join(text for _, text in self._pieces[at:end]))
            joined.append(_marked(mark, words))
            at = end
        return "".join(joined)

    def read(self, element: Element) -> None:
        """Add what an element of the paragraph shows, or raise `AttachmentRefusedError`."""
        match element.tag:
            case tag if tag in _BESIDE_WORDS:
                pass
            case "w:r":
                self._run(element)
            case "w:hyperlink":
                self._link(element)
            case "w:fldSimple":
                self._simple_field(element)
            case "w:sdt":
                self._control(element)
            case "w:bdo" if element.get("w:val") == "rtl":
                self._within(element, _BACKWARDS)
            case "m:oMath":
                if formula := linear(element).strip():
                    self._refuse_hidden_formula(element)
                    self._say(f"[formula: {formula}]")
            case _:
                self._inside(element)

    def _inside(self, element: Element) -> None:
        for one in element:
            self.read(one)

    def _within(self, element: Element, mark: str) -> None:
        self._marks.append(mark)
        self._inside(element)
        self._marks.pop()

    def _run(self, run: Element) -> None:
        before = self._look
        self._look = self._look_of(child(run, "w:rPr"))
        for one in run:
            self._piece(one)
        self._look = before

    def _piece(self, one: Element) -> None:
        tag = one.tag
        if tag == "w:t":
            self._letters(one.text or "")
        elif tag in _INSTEAD:
            self._say(_INSTEAD[tag])
        elif tag in _MOMENTS:
            self._document.remarks.add(WordRemark.FIELD)
            self._say("[date of reading]")
        elif tag in self._reads:
            self._reads[tag](one)
        elif tag.endswith(":r"):
            self.read(one)
        elif tag not in _BESIDE_WORDS:
            for inner in one:
                self._piece(inner)

    def _say(self, text: str) -> None:
        if not text or not self._story.fields.show:
            return
        seen = self._look.is_seen_on(self._place.ground) and not self._place.cut_off
        if not seen and not text.isspace():
            raise AttachmentRefusedError(Reason.HIDDEN)
        if self._look.web_hidden and any(map(str.isalpha, text)):
            self._document.remarks.add(WordRemark.WEB_HIDDEN)
        self._document.count(len(text))
        self._story.fields.heard(text)
        mark = _STRUCK if self._look.struck else _HIGHLIGHTED if self._look.highlighted else ""
        self._pieces.append((self._marks[-1] if self._marks and not mark else mark, text))

    def _letters(self, text: str) -> None:
        font, high = self._look.font, self._look.high_font
        if symbols.is_symbol_font(font) or symbols.is_symbol_font(high):
            name = font if symbols.is_symbol_font(font) else high
            text, known = symbols.of_symbol_font(text, name)
            if not known:
                self._document.remarks.add(WordRemark.SYMBOL)
        if self._look.raised and text.strip().isdigit():
            text = f"^{text.strip()}"
        self._say(symbols.with_boxes(text))

    def _named_symbol(self, one: Element) -> None:
        prefix = one.tag.partition(":")[0]
        self._symbol(one.get(f"{prefix}:font", ""), whole_hex(one.get(f"{prefix}:char")))

    def _note(self, reference: Element) -> None:
        if self._story.fields.show:
            self._say(self._document.note(reference))

    def _instruction(self, one: Element) -> None:
        self._story.fields.instruct(one.text or "")

    def _symbol(self, font: str, code: int) -> None:
        drawn = symbols.sign(font, code) if 0 < code <= _LAST_PLANE else None
        if drawn is None:
            self._document.remarks.add(WordRemark.SYMBOL)
            drawn = f"[symbol {code:X}]"
        self._say(symbols.with_boxes(drawn))

    def _ruby(self, ruby: Element) -> None:
        for name, before, after in (("w:rubyBase", "", ""), ("w:rt", " (", ")")):
            inner = child(ruby, name)
            if inner is not None and words_in(inner):
                self._say(before)
                self._inside(inner)
                self._say(after)

    def _drawing(self, element: Element) -> None:
        if not self._story.fields.show:
            return
        scene = self._story.painter.scene(element, self._place.ground)
        if scene.is_empty():
            return
        if self._look.hidden or self._place.cut_off:
            raise AttachmentRefusedError(Reason.HIDDEN)
        for words in scene.words:
            self._document.count(len(words))
            self._story.fields.heard(words)
            self._pieces.append(("", words))
        self.boxes.extend(scene.boxes)

    def _field_character(self, one: Element) -> None:
        fields = self._story.fields
        if not fields.counts(one):
            return
        match one.get("w:fldCharType"):
            case "begin":
                fields.begin(Field(form=child(one, "w:ffData")))
            case "separate":
                fields.separate()
            case _:
                self._closed(fields.end())

    def _simple_field(self, element: Element) -> None:
        instruction = element.get("w:instr", "")
        self._story.fields.begin(Field(instruction=[instruction], in_result=True))
        self._inside(element)
        self._closed(self._story.fields.end())

    def _link(self, element: Element) -> None:
        related = self._document.package.relationships(self._story.part)
        found = related.get(element.get("r:id", ""))
        target = found.outside if found is not None else ""
        self._story.fields.begin(Field(target=target, in_result=True))
        self._inside(element)
        self._closed(self._story.fields.end())

    def _closed(self, one: Field) -> None:
        """Add what Word shows of a field beside its stored result."""
        if not self._story.fields.show:
            return
        if not one.shown:
            self._say(own_result(one))
            if left := left_to_word(one):
                self._say(left[0])
                self._document.remarks.add(left[1])
        said, remark = link_words(link_of(one), "".join(one.words))
        self._say(said)
        if remark is not None:
            self._document.remarks.add(remark)

    def _control(self, control: Element) -> None:
        properties = child(control, "w:sdtPr")
        if is_on(child(properties, "w:showingPlcHdr")):
            self._within(control, _UNFILLED)
            return
        before = len(self._pieces)
        self._inside(control)
        filled = self._document.bindings.filled(control)
        if filled is not None and self._story.fields.show:
            del self._pieces[before:]
            self._say(filled)
            self._document.remarks.add(WordRemark.BOUND)
        box = child(properties, "w14:checkbox")
        if box is not None and len(self._pieces) == before:
            ticked = child(box, "w14:checked")
            on = ticked is not None and ticked.get("w14:val", "1") not in {"0", "false", "off"}
            self._say("[x]" if on else "[ ]")

    def _refuse_hidden_formula(self, formula: Element) -> None:
        for run in formula.iter("m:r"):
            look = self._look_of(child(run, "w:rPr"))
            if words_in(run) and not look.is_seen_on(self._place.ground):
                raise AttachmentRefusedError(Reason.HIDDEN)

    def _look_of(self, properties: Element | None) -> Look:
        return self._document.styles.look(
            table=self._place.table, paragraph=self._style, run=properties
        )


def _marked(mark: str, text: str) -> str:
    inner = text.strip()
    if not mark or not inner:
        return text
    start = text.index(inner)
    return f"{text[:start]}[{mark}: {inner}]{text[start + len(inner) :]}"


def _joined(text: str) -> str:
    """Return text with the halves of a sign beyond U+FFFF put together, and lone ones named."""
    if not any(ord(one) in _SURROGATES for one in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

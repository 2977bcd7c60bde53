"""Generated Word files: each word that a person sees comes out once, no hidden one ever does."""

import contextlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from xml.parsers.expat import ExpatError

from hypothesis import given, settings
from hypothesis import strategies as st
from rounds import rounds
from word_packages import a_docx, field, table, text_box, zipped

from broker.packs.attachments import AttachmentRefusedError, Reason
from broker.packs.attachments.word import examine

STYLES = (
    '<w:style w:type="paragraph" w:styleId="Plain"><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Hid"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="HidBelow"><w:basedOn w:val="Hid"/></w:style>'
    '<w:style w:type="character" w:styleId="HidWords"><w:rPr><w:vanish/></w:rPr></w:style>'
)
LOOKS = {
    "": False,
    "<w:b/>": False,
    "<w:strike/>": False,
    '<w:highlight w:val="yellow"/>': False,
    '<w:color w:val="FF0000"/>': False,
    '<w:vanish w:val="0"/>': False,
    "<w:webHidden/>": False,
    "<w:vanish/>": True,
    '<w:rStyle w:val="HidWords"/>': True,
    '<w:color w:val="FFFFFF"/>': True,
    '<w:sz w:val="2"/>': True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run before its words have numbers: how it looks, how it is wrapped, how it is cut."""

    look: str
    wrapping: str
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some runs in a paragraph of a style, and what stands around them."""

    pieces: list[Piece]
    style: str
    around: str


PIECES = st.builds(
    Piece,
    look=st.sampled_from(list(LOOKS)),
    wrapping=st.sampled_from(
        ["", "hyperlink", "smartTag", "sdt", "field", "code", "fallback", "choice", "ruby"]
    ),
    cut=st.booleans(),
)
BLOCKS = st.builds(
    Block,
    pieces=st.lists(PIECES, max_size=4),
    style=st.sampled_from(["", "Plain", "Nowhere", "Hid", "HidBelow"]),
    around=st.sampled_from(["", "cell", "box", "sdt", "customXml"]),
)


class Writer:
    """Gives each run a word of its own, and remembers which of them are seen and which hidden."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.hidden: list[str] = []
        self.elsewhere: list[str] = []
        self._numbers = count(1)

    def block(self, block: Block) -> str:
        runs = "".join(self._run(piece, block.style) for piece in block.pieces)
        paragraph = f'<w:p><w:pPr><w:pStyle w:val="{block.style}"/></w:pPr>{runs}</w:p>'
        match block.around:
            case "cell":
                return table([paragraph, "<w:p/>"])
            case "box":
                return f"<w:p>{text_box(paragraph)}</w:p>"
            case "sdt":
                return f"<w:sdt><w:sdtContent>{paragraph}</w:sdtContent></w:sdt>"
            case "customXml":
                return f"<w:customXml>{paragraph}</w:customXml>"
            case _:
                return paragraph

    def _run(self, piece: Piece, style: str) -> str:
        word = f"word{next(self._numbers)}x"
        shown = f"<w:t>{word}</w:t>"
        if piece.cut:
            shown = f"<w:t>{word[:3]}</w:t><w:lastRenderedPageBreak/><w:t>{word[3:]}</w:t>"
        run = f"<w:r><w:rPr>{piece.look}</w:rPr>{shown}</w:r>"
        hides = LOOKS[piece.look] or (
            style.startswith("Hid") and piece.look != '<w:vanish w:val="0"/>'
        )
        if style.startswith("Hid") and piece.look == '<w:rStyle w:val="HidWords"/>':
            hides = False  # two kinds of style toggle it: 17.7.3
        if piece.wrapping in {"code", "fallback"}:
            self.elsewhere.append(word)
        else:
            (self.hidden if hides else self.seen).append(word)
        return WRAPPINGS[piece.wrapping](run)


END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
CHOICE = '<mc:AlternateContent><mc:Choice Requires="w14">{}</mc:Choice>'
FALLBACK = "<mc:Fallback>{}</mc:Fallback></mc:AlternateContent>"
WRAPPINGS: dict[str, Callable[[str], str]] = {
    "": str,
    "hyperlink": "<w:hyperlink>{}</w:hyperlink>".format,
    "smartTag": "<w:smartTag>{}</w:smartTag>".format,
    "sdt": "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>".format,
    "ruby": "<w:r><w:ruby><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>".format,
    "field": lambda run: field("REF a", run),
    "code": lambda run: field("REF a").replace(END, run + END),
    "fallback": lambda run: CHOICE.format("") + FALLBACK.format(run),
    "choice": lambda run: CHOICE.format(run) + FALLBACK.format(run),
}


def refusal_or_text(content: bytes) -> tuple[Reason | None, str]:
    try:
        return None, examine(content).text
    except AttachmentRefusedError as error:
        return error.reason, ""


@settings(max_examples=rounds(300), deadline=None)
@given(st.lists(BLOCKS, max_size=5))
def test_seen_words_come_out_once_and_in_order_and_hidden_ones_refuse(blocks: list[Block]) -> None:
    writer = Writer()
    content = a_docx("".join(map(writer.block, blocks)), styles=STYLES)
    reason, text = refusal_or_text(content)

    assert reason is (Reason.HIDDEN if writer.hidden else None)
    if reason is not None:
        return
    places = [text.index(word) for word in writer.seen]
    assert places == sorted(places)
    assert all(text.count(word) == 1 for word in writer.seen)
    assert not any(word in text for word in writer.elsewhere)


ORDINARY = (
    *(AttachmentRefusedError, ExpatError, zipfile.BadZipFile, zlib.error),
    *(EOFError, NotImplementedError, UnicodeDecodeError, struct.error),
)
"""What a damaged container or damaged markup may raise; the gate makes a refusal of any."""


@settings(max_examples=rounds(150), deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
    st.booleans(),
)
def test_a_damaged_file_is_read_or_refused_or_breaks_its_parser(
    damage: list[tuple[float, int]],
    stored: bool,  # noqa: FBT001 - drawn by Hypothesis
) -> None:
    content = bytearray(SOUND[stored])
    for place, octet in damage:
        content[int(place * len(content))] = octet
    with contextlib.suppress(*ORDINARY):
        examine(bytes(content))


def _sound(method: int) -> bytes:
    writer = Writer()
    pieces = [Piece(look=look, wrapping="", cut=False) for look in LOOKS if not LOOKS[look]]
    body = writer.block(Block(pieces=pieces, style="Plain", around="cell"))
    with zipfile.ZipFile(io.BytesIO(a_docx(body, styles=STYLES))) as own:
        return zipped({name: own.read(name) for name in own.namelist()}, method)


SOUND = {True: _sound(zipfile.ZIP_STORED), False: _sound(zipfile.ZIP_DEFLATED)}

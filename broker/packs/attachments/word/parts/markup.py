"""Read the markup of a part: bounded while it is read, under short names, as Word chooses.

The names of the strict and the transitional form of ECMA-376 become one (`w:p`, `a:blip`); what
stands there for other programs only (part 3, markup compatibility) is left out and reported.
"""

from typing import NoReturn, TypeGuard
from xml.etree.ElementTree import Element
from xml.parsers import expat

from broker.packs.attachments.refusals import AttachmentRefusedError, Reason

MAX_NODES = 1_000_000
"""The most nodes in all parts that are read of one file: an element is two, an attribute one."""

MAX_DEPTH = 160
"""The most elements inside each other."""

_MAX_ALTERNATES = 8  # inside each other; each is compared once more for every one around it
_OPENXML = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_MICROSOFT = "http://schemas.microsoft.com/office/"
_PREFIXES = {
    _OPENXML + "wordprocessingml/2006/main": "w",
    _STRICT + "wordprocessingml/main": "w",
    _OPENXML + "officeDocument/2006/relationships": "r",
    _STRICT + "officeDocument/relationships": "r",
    _OPENXML + "officeDocument/2006/math": "m",
    _STRICT + "officeDocument/math": "m",
    _OPENXML + "drawingml/2006/main": "a",
    _STRICT + "drawingml/main": "a",
    _OPENXML + "drawingml/2006/wordprocessingDrawing": "wp",
    _STRICT + "drawingml/wordprocessingDrawing": "wp",
    _OPENXML + "drawingml/2006/picture": "pic",
    _STRICT + "drawingml/picture": "pic",
    _OPENXML + "drawingml/2006/chart": "c",
    _STRICT + "drawingml/chart": "c",
    _OPENXML + "drawingml/2006/diagram": "dgm",
    _STRICT + "drawingml/diagram": "dgm",
    _OPENXML + "drawingml/2006/lockedCanvas": "lc",
    _STRICT + "drawingml/lockedCanvas": "lc",
    _OPENXML + "drawingml/2006/chartDrawing": "cdr",
    _STRICT + "drawingml/chartDrawing": "cdr",
    _OPENXML + "officeDocument/2006/customXml": "ds",
    _STRICT + "officeDocument/customXml": "ds",
    _OPENXML + "package/2006/relationships": "rel",
    _OPENXML + "package/2006/content-types": "ct",
    _OPENXML + "markup-compatibility/2006": "mc",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "urn:schemas-microsoft-com:office:word": "w10",
    "urn:schemas-microsoft-com:office:excel": "x",
    _MICROSOFT + "word/2006/wordml": "wne",
    _MICROSOFT + "word/2010/wordml": "w14",
    _MICROSOFT + "word/2012/wordml": "w15",
    _MICROSOFT + "word/2015/wordml/symex": "w16se",
    _MICROSOFT + "word/2016/wordml/cid": "w16cid",
    _MICROSOFT + "word/2018/wordml": "w16",
    _MICROSOFT + "word/2018/wordml/cex": "w16cex",
    _MICROSOFT + "word/2020/wordml/sdtdatahash": "w16sdtdh",
    _MICROSOFT + "word/2023/wordml/word16du": "w16du",
    _MICROSOFT + "word/2024/wordml/sdtformatlock": "w16sdtfl",
    _MICROSOFT + "word/2010/wordprocessingShape": "wps",
    _MICROSOFT + "word/2010/wordprocessingGroup": "wpg",
    _MICROSOFT + "word/2010/wordprocessingCanvas": "wpc",
    _MICROSOFT + "word/2010/wordprocessingInk": "wpi",
    _MICROSOFT + "word/2010/wordprocessingDrawing": "wp14",
    _MICROSOFT + "drawing/2008/diagram": "dsp",
    _MICROSOFT + "drawing/2010/main": "a14",
    _MICROSOFT + "drawing/2012/chart": "c15",
    _MICROSOFT + "drawing/2014/main": "a16",
    _MICROSOFT + "drawing/2014/chartex": "cx",
    _MICROSOFT + "drawing/2015/9/8/chartex": "cx1",
    _MICROSOFT + "drawing/2016/ink": "aink",
    _MICROSOFT + "drawing/2016/SVG/main": "asvg",
    _MICROSOFT + "drawing/2017/model3d": "am3d",
    _MICROSOFT + "drawing/2007/8/2/chart": "c14",
}
_CHARTS_OF_WORD = _MICROSOFT + "drawing/"  # chartex came in many versions: cx1, cx2, ...
_WORDS = frozenset({"w:t", "a:t", "m:t"})
_KEPT_BLANKS = _WORDS | {"w:instrText", "w:delText"}
_SYMBOL = "w16se:symEx"
_ALTERNATES = "mc:AlternateContent"
_UNDERSTOOD = "understood"


class Budget:
    """How many nodes may still be read, over all parts of one file."""

    def __init__(self, nodes: int = MAX_NODES) -> None:
        """Begin with `nodes` left."""
        self._left = nodes

    def spend(self, nodes: int) -> None:
        """Count `nodes`, or raise `AttachmentRefusedError` when none are left."""
        self._left -= nodes
        if self._left < 0:
            raise AttachmentRefusedError(Reason.TOO_LONG)

    def foresee(self, content: bytes) -> None:
        """Raise `AttachmentRefusedError` for markup that must pass what is left.

        The parser reads all attributes of an element before it tells of any. Each takes an equals
        sign, and each element or remark a bracket or two.
        """
        if max(content.count(b"="), content.count(b"<")) > self._left:
            raise AttachmentRefusedError(Reason.TOO_LONG)


class Part:
    """The markup of one part; `differs` where it holds other words for other programs."""

    def __init__(self, root: Element, *, differs: bool) -> None:
        """Keep what was read."""
        self.root = root
        self.differs = differs


def parsed(content: bytes, budget: Budget, *, of_word: bool = True) -> Part:
    """Return the markup of a part, or raise `AttachmentRefusedError`.

    `of_word` False keeps elements in any namespace: a part of data, not of a document.

    Damaged markup makes the parser raise an error of its own. Expat stands here by itself, without
    defusedxml: all that this adds is a refusal of document types, which stands below, and its
    parser calls Python four times for each element.
    """
    budget.foresee(content)
    builder = _Builder(budget, of_word=of_word)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartNamespaceDeclHandler = builder.start_namespace
    parser.EndNamespaceDeclHandler = builder.end_namespace
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.CommentHandler = parser.ProcessingInstructionHandler = builder.beside
    parser.Parse(content, True)  # noqa: FBT003 - the library takes no names
    if builder.root is None:
        raise AttachmentRefusedError(Reason.UNREADABLE)
    return Part(builder.root, differs=builder.differs)


def child(element: Element | None, tag: str) -> Element | None:
    """Return the first child of that name."""
    if element is not None:
        for one in element:
            if one.tag == tag:
                return one
    return None


def value(element: Element | None, tag: str, attribute: str = "w:val") -> str | None:
    """Return an attribute of the first child of that name, or None without either."""
    found = child(element, tag)
    return None if found is None else found.get(attribute)


def is_on(element: Element | None) -> TypeGuard[Element]:
    """Say whether a switch stands there and is not off (ECMA-376 part 1, 17.17.4)."""
    return element is not None and element.get("w:val", "true").lower() not in _OFF


def whole(text: str | None, default: int = 0) -> int:
    """Return a whole number of bearable size, or `default` for anything else."""
    if text is None or len(text) > _LONGEST_NUMBER:
        return default
    try:
        return int(text)
    except ValueError:
        return default


def words_in(element: Element) -> str:
    """Return all words below `element` without blanks, to compare or to see if there are any."""
    found: list[str] = []
    for one in element.iter():
        if one.tag in _WORDS:
            found.append(one.text or "")
        elif one.tag == _SYMBOL:
            found.append(chr(min(whole_hex(one.get("w16se:char")), _LAST_CHARACTER)))
    return "".join("".join(found).split())


def whole_hex(text: str | None) -> int:
    """Return a hexadecimal number of bearable size, or 0."""
    try:
        return int(text or "", 16) if len(text or "") <= _LONGEST_NUMBER else 0
    except ValueError:
        return 0


_OFF = frozenset({"0", "false", "off"})
_LONGEST_NUMBER = 9
_LAST_CHARACTER = 0x10FFFF


def _refuse_document_type(*_: object) -> NoReturn:
    raise AttachmentRefusedError(Reason.UNREADABLE)


def short_name(uri: str, local: str) -> str:
    """Return the name under which an element or attribute of that namespace is read."""
    known = _PREFIXES.get(uri)
    if known:
        return f"{known}:{local}"
    return f"{{{uri}}}{local}" if uri else local


class _Builder:
    """What the parser calls; a tree of elements under short names comes out."""

    def __init__(self, budget: Budget, *, of_word: bool) -> None:
        self.root: Element | None = None
        self.differs = False
        self._budget = budget
        self._of_word = of_word
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._prefixes: dict[str, list[str]] = {}
        self._names: dict[str, str] = {}
        self._alternates = 0

    def start_namespace(self, prefix: str | None, uri: str | None) -> None:
        self._budget.spend(1)
        self._prefixes.setdefault(prefix or "", []).append(uri or "")

    def end_namespace(self, prefix: str | None) -> None:
        self._prefixes[prefix or ""].pop()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._budget.spend(2 + len(attributes))
        if len(self._open) >= MAX_DEPTH:
            raise AttachmentRefusedError(Reason.UNREADABLE)
        names = self._names
        named = {names.get(name) or self._short(name): text for name, text in attributes.items()}
        element = Element(names.get(tag) or self._short(tag), named)
        if element.tag == "mc:Choice" and self._is_understood(element.get("Requires", "")):
            element.set(_UNDERSTOOD, "")
        elif element.tag == _ALTERNATES:
            self._alternates += 1
            if self._alternates > _MAX_ALTERNATES:
                raise AttachmentRefusedError(Reason.UNREADABLE)
        self._open.append(element)
        self._texts.append([])

    def data(self, text: str) -> None:
        self._texts[-1].append(text)

    def beside(self, *_: str) -> None:
        """Count a comment or an instruction to another program."""
        self._budget.spend(1)

    def end(self, _: str) -> None:
        element = self._open.pop()
        text = "".join(self._texts.pop())
        if text and (element.tag in _KEPT_BLANKS or not text.isspace()):
            element.text = text
        if not self._open:
            self.root = element
        elif element.tag == _ALTERNATES:
            self._alternates -= 1
            self._open[-1].extend(self._chosen(element))
        elif self._of_word and element.tag.startswith(
            "{"
        ):  # Word passes over what it does not know
            self.differs = self.differs or bool(words_in(element))
        else:
            self._open[-1].append(element)

    def _short(self, name: str) -> str:
        if name not in self._names:
            uri, _, local = name.rpartition("}")
            self._names[name] = short_name(uri, local)
        return self._names[name]

    def _is_understood(self, requires: str) -> bool:
        prefixes = requires.split()
        uris = [(self._prefixes.get(prefix) or [""])[-1] for prefix in prefixes]
        return bool(uris) and all(
            uri in _PREFIXES or uri.startswith(_CHARTS_OF_WORD) for uri in uris
        )

    def _chosen(self, alternates: Element) -> list[Element]:
        """Return what Word shows of several: the first that it understands, else the fallback."""
        choices = [alternate for alternate in alternates if alternate.tag == "mc:Choice"]
        fallbacks = [alternate for alternate in alternates if alternate.tag == "mc:Fallback"]
        understood = [choice for choice in choices if _UNDERSTOOD in choice.attrib]
        shown = (understood or fallbacks)[:1]
        words = "".join(map(words_in, shown))
        others = [words_in(choice) for choice in (*choices, *fallbacks) if choice not in shown]
        if any(other not in words for other in others):
            self.differs = True
        return [inner for one in shown for inner in one]

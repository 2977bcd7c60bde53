"""Fields: which words are instructions, which are results, and which fields act."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from broker.packs.attachments.refusals import AttachmentRefusedError, Reason

MAX_OPEN = 40
"""The most fields inside each other."""

ACTING = frozenset(
    {
        *("DDE", "DDEAUTO", "LINK", "IMPORT", "DATABASE", "RD"),
        *("INCLUDE", "INCLUDETEXT"),
        "QUOTE",  # can spell any of the others from numbers
    }
)
"""Fields that fetch or run when Word works them out."""

_PICTURE = "INCLUDEPICTURE"
_WORDS = re.compile(r'"([^"]*)"|(\S+)')
_WIDTHLESS = frozenset({"begin", "separate", "end"})


@dataclass(slots=True, kw_only=True)
class Field:
    """A field that is being read; `words` are those of its result that were shown.

    A link is read like a field whose `target` is known.
    """

    form: Element | None = None
    target: str = ""
    instruction: list[str] = field(default_factory=list[str])
    in_result: bool = False
    words: list[str] = field(default_factory=list[str])

    @property
    def shown(self) -> bool:
        """Say whether its result has words."""
        return bool("".join(self.words).strip())

    def parts(self) -> list[str]:
        """Return the instruction's words, the quoted ones without quotation marks."""
        text = "".join(self.instruction)
        return [quoted or plain for quoted, plain in _WORDS.findall(text)]

    def name(self) -> str:
        """Return the field's name in capitals, "" if it has none."""
        return next(iter(self.parts()), "").upper()

    def refuse_acting(self) -> None:
        """Return unless Word would fetch or run something for this field.

        A picture that was fetched once and is kept in the file is shown from there.
        """
        name = self.name()
        if name in ACTING or (name == _PICTURE and not self.shown):
            raise AttachmentRefusedError(Reason.ACTIVE)


class OpenFields:
    """The fields that are open at a place of one story, from the outermost in."""

    def __init__(self, root: Element) -> None:
        """Begin a story whose element is `root`."""
        self._whole = whole_fields(root)
        self._open: list[Field] = []
        self._in_code = 0

    @property
    def show(self) -> bool:
        """Say whether words here are shown: no open field is still in its instruction."""
        return self._in_code == 0

    def begin(self, one: Field) -> None:
        """Open a field, or raise `AttachmentRefusedError` where too many are open."""
        if len(self._open) >= MAX_OPEN:
            raise AttachmentRefusedError(Reason.UNREADABLE)
        self._open.append(one)
        self._in_code += not one.in_result

    def instruct(self, text: str) -> None:
        """Add to the instruction of the innermost field."""
        if self._open and not self._open[-1].in_result:
            self._open[-1].instruction.append(text)

    def separate(self) -> None:
        """Begin the result of the innermost field."""
        if not self._open[-1].in_result:
            self._open[-1].in_result = True
            self._in_code -= 1

    def end(self) -> Field:
        """Close and return the innermost field, or raise `AttachmentRefusedError` if it acts."""
        one = self._open.pop()
        self._in_code -= not one.in_result
        one.refuse_acting()
        return one

    def heard(self, text: str) -> None:
        """Tell the open fields that words of their results were shown."""
        for one in self._open:
            one.words.append(text)

    def counts(self, character: Element) -> bool:
        """Say whether a field character belongs to a whole field."""
        return id(character) in self._whole


def link_of(one: Field) -> str:
    """Return the address that a link leads to, "" if it stays in the file."""
    parts = one.parts()
    if one.target or one.name() != "HYPERLINK":
        return one.target
    target = next(iter(parts[1:]), "")
    return "" if target.startswith("\\") else target


def whole_fields(root: Element) -> set[int]:
    """Return the identities of the field characters below `root` that belong to whole fields.

    Word passes over a begin without an end; else all that follows would count as instruction.
    Text boxes are stories of their own.
    """
    found: set[int] = set()
    stories: list[list[list[int]]] = [[]]
    _match(root, stories, found)
    return found


def _match(element: Element, stories: list[list[list[int]]], found: set[int]) -> None:
    if element.tag == "w:fldChar":
        kind = element.get("w:fldCharType")
        if kind == "begin":
            stories[-1].append([id(element)])
        elif kind in _WIDTHLESS and stories[-1]:
            stories[-1][-1].append(id(element))
            if kind == "end":
                found.update(stories[-1].pop())
        return
    boxed = element.tag == "w:txbxContent"
    if boxed:
        stories.append([])
    for one in element:
        _match(one, stories, found)
    if boxed:
        stories.pop()

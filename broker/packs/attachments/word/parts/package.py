"""The parts of a Word file and what binds them (ECMA-376 part 2, open packaging conventions)."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from broker.packs.attachments.archive import Archive
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.word.parts.markup import Budget, Part, parsed

_TYPES = "[content_types].xml"
_RELATIONSHIPS = ".rels"
_MAIN = "officedocument"
_MAIN_TYPES = ("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml")
_MACRO = "macroenabled"
MAX_MARKUP = 60_000_000
"""The most bytes of markup that are read of one file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """What one part says of another: `part` is its name, or `outside` where it lies elsewhere.

    `kind` is the last word of the relationship's type, in small letters. One of `part` and
    `outside` is "".
    """

    kind: str
    part: str
    outside: str


class Package:
    """A Word file opened as a package; parts are read when they are asked for, each once."""

    def __init__(self, archive: Archive) -> None:
        """Find the main part, or raise `AttachmentRefusedError`."""
        self._archive = archive
        self._names = {name.lower(): name for name in archive}
        self._budget = Budget()
        self._bytes_left = MAX_MARKUP
        self._markup: dict[str, Element] = {}
        self._data: dict[str, Element] = {}
        self._relationships: dict[str, dict[str, Relationship]] = {}
        self.holds_other_words = False
        if _TYPES not in self._names:
            raise AttachmentRefusedError(Reason.CONTENT)
        types = self.markup(_TYPES)
        self._types = _types(types, "ct:Override", "PartName")
        self._types_by_ending = _types(types, "ct:Default", "Extension")
        self.main = self._found_main()

    def __iter__(self) -> Iterator[str]:
        """Go through the names of all parts, in small letters and without a leading slash."""
        return iter(self._names)

    def __contains__(self, part: object) -> bool:
        """Say whether there is a part of that name."""
        return part in self._names

    def markup(self, part: str) -> Element:
        """Return the root of a part's markup.

        Raises `AttachmentRefusedError` where it passes a limit, and the parser's own errors where
        it is no markup, or declares a document type.
        """
        if part not in self._markup:
            read = self._parsed(part, of_word=True)
            self._markup[part] = read.root
            self.holds_other_words = self.holds_other_words or read.differs
        return self._markup[part]

    def data(self, part: str) -> Element:
        """Return the root of a part of data with all its elements, raising as `markup` does."""
        if part not in self._data:
            self._data[part] = self._parsed(part, of_word=False).root
        return self._data[part]

    def _parsed(self, part: str, *, of_word: bool) -> Part:
        content = self.content(part)
        self._bytes_left -= len(content)
        if self._bytes_left < 0:
            raise AttachmentRefusedError(Reason.TOO_LONG)
        return parsed(content, self._budget, of_word=of_word)

    def content(self, part: str) -> bytes:
        """Return the bytes of a part, or raise `AttachmentRefusedError`."""
        return self._archive.read(self._names[part])

    def type_of(self, part: str) -> str:
        """Return the media type of a part in small letters, "" if none is declared."""
        declared = self._types.get(part)
        return declared or self._types_by_ending.get(part.rpartition(".")[2], "")

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Return what a part (or "", the package) says of others, by identifier."""
        if part not in self._relationships:
            folder, name = posixpath.split(part)
            listed = posixpath.join(folder, "_rels", name + _RELATIONSHIPS)
            entries = self.markup(listed) if listed in self._names else ()
            self._relationships[part] = {
                entry.get("Id", ""): _relationship(folder, entry) for entry in entries
            }
        return self._relationships[part]

    def sources(self) -> Iterator[str]:
        """Go through the parts that say something of others, and "" for the package."""
        for name in self._names:
            folder, listed = posixpath.split(name)
            if listed.endswith(_RELATIONSHIPS) and posixpath.basename(folder) == "_rels":
                source = listed.removesuffix(_RELATIONSHIPS)
                yield posixpath.join(posixpath.dirname(folder), source) if source else ""

    def related(self, part: str, kind: str) -> list[str]:
        """Return the names of the parts that `part` relates to as `kind`, those that exist."""
        found = self.relationships(part).values()
        return [one.part for one in found if one.kind == kind and one.part in self._names]

    def mains(self) -> list[str]:
        """Return the main part and all others that are said to be one, each by its own entry."""
        declared = {name for name, said in self._types.items() if said.endswith(_MAIN_TYPES)}
        return [name for name in self._names if name in declared or name == self.main]

    def _found_main(self) -> str:
        found = set(self.related("", _MAIN))
        if not found:
            raise AttachmentRefusedError(Reason.CONTENT)
        if len(found) > 1:  # one, says part 2; which of two a program shows is chance
            raise AttachmentRefusedError(Reason.UNREADABLE)
        main = found.pop()
        declared = self.type_of(main)
        if _MACRO in declared:
            raise AttachmentRefusedError(Reason.ACTIVE)
        if not declared.endswith(_MAIN_TYPES):
            raise AttachmentRefusedError(Reason.CONTENT)
        return main


def _types(root: Element, tag: str, key: str) -> dict[str, str]:
    return {
        unquote(one.get(key, "")).removeprefix("/").lower(): one.get("ContentType", "").lower()
        for one in root
        if one.tag == tag
    }


def _relationship(folder: str, entry: Element) -> Relationship:
    kind = entry.get("Type", "").rpartition("/")[2].lower()
    target = entry.get("Target", "").strip()
    if entry.get("TargetMode", "").lower() == "external":
        return Relationship(kind=kind, part="", outside=target or "#")
    path = unquote(target).partition("#")[0].replace("\\", "/")
    absolute = posixpath.normpath(posixpath.join("/", folder, path))
    return Relationship(kind=kind, part=absolute.strip("/").lower(), outside="")

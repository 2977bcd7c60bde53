"""What all stories of one Word file share while they are read in order."""

from xml.etree.ElementTree import Element

from broker.packs.attachments.kinds import MAX_CHARACTERS
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import WordRemark
from broker.packs.attachments.word.bindings import Bindings
from broker.packs.attachments.word.looks.colours import WHITE, Colour, Theme
from broker.packs.attachments.word.looks.counting import counted
from broker.packs.attachments.word.looks.numbering import Numbering
from broker.packs.attachments.word.looks.styles import Styles
from broker.packs.attachments.word.parts.markup import child, is_on, value
from broker.packs.attachments.word.parts.package import Package
from broker.packs.attachments.word.pictures import Pictures

_NOTES = {"w:footnoteReference": "footnote", "w:endnoteReference": "endnote"}
_USUAL_FORMS = {"footnote": "decimal", "endnote": "lowerRoman"}
_POINTING = ("r:embed", "r:id", "r:link", "r:pict", "o:relid")


class Document:
    """A Word file while it is read: its parts, what was counted, and what is to be said of it."""

    def __init__(self, package: Package) -> None:
        """Read styles, numbering, theme and settings."""
        self.package = package
        self.theme = Theme.of(self._part("theme"))
        self.styles = Styles(self._part("styles"), self.theme)
        self.numbering = Numbering(self._part("numbering"), self.styles)
        self.settings = self._part("settings")
        self.page = self._page()
        """The colour of the page."""
        self._note_forms = {
            kind: value(child(self.settings, f"w:{kind}Pr"), "w:numFmt") or usual
            for kind, usual in _USUAL_FORMS.items()
        }
        self.pictures = Pictures(package)
        self.bindings = Bindings(package)
        self.remarks: set[WordRemark] = set()
        self.notes: dict[str, dict[str, int]] = {"footnote": {}, "endnote": {}}
        self._spare: dict[str, list[str]] = {}
        self._characters = 0

    @property
    def main(self) -> Element:
        """The main part's root."""
        return self.package.markup(self.package.main)

    def count(self, characters: int) -> None:
        """Count what is shown, or raise `AttachmentRefusedError` when it becomes too much."""
        self._characters += characters
        if self._characters > MAX_CHARACTERS:
            raise AttachmentRefusedError(Reason.TOO_LONG)

    def note(self, reference: Element) -> str:
        """Return the mark of a note at its reference, and remember that it is shown."""
        kind = _NOTES[reference.tag]
        known = self.notes[kind]
        number = known.setdefault(reference.get("w:id", ""), len(known) + 1)
        return self.note_mark(kind, number)

    def note_mark(self, kind: str, number: int) -> str:
        """Return the mark of the note of that number."""
        return f"[{kind} {counted(number, self._note_forms[kind])}]"

    def spare_picture(self, part: str) -> str | None:
        """Return the next picture that a part keeps without saying where it stands."""
        left = self._spares(part)
        return left.pop(0) if left else None

    def close(self, part: str) -> None:
        """Say what of a part that was read stays behind."""
        if self._spares(part):
            self.remarks.add(WordRemark.PICTURE_UNPLACED)

    def _spares(self, part: str) -> list[str]:
        if part not in self._spare:
            root = self.package.markup(part)
            used = {
                one.get(name) for one in root.iter() for name in _POINTING if name in one.attrib
            }
            relationships = self.package.relationships(part).items()
            self._spare[part] = [
                one.part
                for identifier, one in relationships
                if one.kind == "image" and identifier not in used and one.part in self.package
            ]
        return self._spare[part]

    def _page(self) -> Colour:
        shown = is_on(child(self.settings, "w:displayBackgroundShape"))
        background = child(self.main, "w:background")
        colour = self.theme.of_attributes(background, "color", "themeColor") if shown else None
        return colour or WHITE

    def _part(self, kind: str) -> Element | None:
        found = self.package.related(self.package.main, kind)
        return self.package.markup(found[0]) if found else None

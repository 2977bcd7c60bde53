"""The forms that exist on paper, box by box, and which field of ours each box stands for.

Data beside this module, one file a form; `FORM` of `broker.domain.form` is what we ask and send.
A label that nobody could read on the form itself says so.

>>> printed_form("vtr").boxes[0].fields
('individual.name',)
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import groupby

from broker.domain.json_values import as_array, as_object, text, texts


class Paper(StrEnum):
    """A printed form, in the word that the command line has for it."""

    VTR = "vtr"
    NATIONAL = "national"


_FILES = {Paper.VTR: "vtr-essex-2016", Paper.NATIONAL: "national"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box: its label as printed (or ours, if not verified), and the fields that it holds.

    A box without fields is for somebody else to fill in. `spellings` are other ways in which the
    label is met.
    """

    section: str
    label: str
    spellings: tuple[str, ...]
    fields: tuple[str, ...]
    verified: bool

    @classmethod
    def of_document(cls, document: object) -> "Box":
        """Return the box of a document; raises `TypeError` for another shape."""
        box = as_object(document)
        verified = box.get("verified")
        if not isinstance(verified, bool) or box.keys() != set(cls.__slots__):
            raise TypeError("A box has section, label, spellings, fields, and verified.")
        return cls(
            section=text(box["section"]),
            label=text(box["label"]),
            spellings=texts(box["spellings"]),
            fields=texts(box["fields"]),
            verified=verified,
        )

    def document(self) -> dict[str, object]:
        """Return the box as JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedForm:
    """A form as it is printed somewhere, with what was read of it."""

    id: str
    title: str
    read: str
    note: str
    boxes: tuple[Box, ...]

    def document(self) -> dict[str, object]:
        """Return the form as JSON for people and machines."""
        return {
            "id": self.id,
            "title": self.title,
            "read": self.read,
            "note": self.note,
            "boxes": [box.document() for box in self.boxes],
        }

    def under_its_headings(
        self, values: Mapping[str, str]
    ) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
        """Yield each section with the label and text of its boxes that hold something.

        `values` are texts by the identifiers of our fields; what this form has no box for comes
        last, under a heading of its own, so that nothing is lost by printing it this way.
        """
        left = {id_: words for id_, words in values.items() if words}
        for section, boxes in groupby(self.boxes, key=lambda box: box.section):
            held = ((box.label, _taken_from(left, box.fields)) for box in boxes)
            filled = tuple((label, words) for label, words in held if words)
            if filled:
                yield section, filled
        if left:
            yield "Not on this form", tuple(left.items())


def _taken_from(left: dict[str, str], fields: tuple[str, ...]) -> str:
    """Return what fields hold, and take it away, so that no later box prints it again."""
    return "; ".join(left.pop(field) for field in fields if field in left)


@cache
def printed_form(paper: str) -> PrintedForm:
    """Return a printed form by its word; raises `ValueError` for a word that there is not."""
    name = _FILES[Paper(paper)]
    document = tomllib.loads(
        (files("broker.domain.printed_forms") / f"{name}.toml").read_text("utf-8")
    )
    return PrintedForm(
        id=f"{name}/1",
        title=text(document["title"]),
        read=text(document["read"]),
        note=text(document["note"]),
        boxes=tuple(map(Box.of_document, as_array(document["box"]))),
    )


def printed_forms() -> Mapping[Paper, PrintedForm]:
    """Return every printed form."""
    return {paper: printed_form(paper) for paper in Paper}

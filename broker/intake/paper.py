"""A printed form that somebody filled in becomes a draft: each box with its text, the rest listed.

Nothing here is sent or kept. A box counts only once a person has said yes to it; what no box was
found for is listed, so that nothing that was written is lost.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.form import FIELD_BY_ID, LIMITS, Kind
from broker.domain.printed_forms import Box, PrintedForm

_CELL = " | "
_DAY_FIRST = re.compile(r"\s*(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4})\b[\s,;:]*")
_MONTH_IN_WORDS = re.compile(r"\s*(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\s+(\d{4})\b[\s,;:]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledBox:
    """A box that was found, and the text of each of our fields that it stands for."""

    box: Box
    values: dict[str, str]

    def document(self) -> dict[str, object]:
        """Return the box as JSON; nobody has confirmed it yet."""
        return {
            "label": self.box.label,
            "label_verified": self.box.verified,
            "fields": self.values,
            "confirmed": False,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMapped:
    """Words that are in no field, and why: a label that was found, or none."""

    label: str | None
    words: str
    why: str

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {"label": self.label, "words": self.words, "why": self.why}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDraft:
    """What a filled-in form says, box by box, in the order of the form; and all the rest."""

    form: str
    boxes: tuple[FilledBox, ...]
    not_mapped: tuple[NotMapped, ...]

    @property
    def values(self) -> dict[str, str]:
        """Return the text of each field; what stands in two boxes is joined by an empty line."""
        joined: dict[str, str] = {}
        for filled in self.boxes:
            for id_, words in filled.values.items():
                joined[id_] = f"{joined[id_]}\n\n{words}" if id_ in joined else words
        return joined

    def document(self) -> dict[str, object]:
        """Return the draft as JSON."""
        return {
            "form": self.form,
            "boxes": [box.document() for box in self.boxes],
            "not_mapped": [rest.document() for rest in self.not_mapped],
        }


@dataclass(slots=True, kw_only=True)
class _Written:
    box: Box | None
    lines: list[str] = field(default_factory=list[str])

    @property
    def words(self) -> str:
        return "\n".join(self.lines).strip()


def read_paper(form: PrintedForm, text: str) -> PaperDraft:
    """Return the draft that `text`, read out of a file, makes under `form`.

    Raises `FaultyDocumentError` where no box of the form is found, or one is filled in twice.
    """
    boxes: dict[str, FilledBox] = {}
    rest: list[NotMapped] = []
    for written in _written(form, text):
        if not written.words:
            continue
        if written.box is None:
            rest.append(NotMapped(label=None, words=written.words, why="no box of the form"))
            continue
        if written.box.label in boxes:
            raise FaultyDocumentError((_twice(written.box),))
        filled, left = _mapped(written.box, written.words)
        rest.extend(left)
        boxes[written.box.label] = filled
    if not boxes:
        problem = f"holds no box of {form.title}; check the file, or type what it says"
        raise FaultyDocumentError.at("file", problem)
    filled_in = tuple(boxes[box.label] for box in form.boxes if box.label in boxes)
    return PaperDraft(
        form=form.id, boxes=tuple(one for one in filled_in if one.values), not_mapped=tuple(rest)
    )


def _twice(box: Box) -> Fault:
    problem = f"fills in the box '{box.label}' twice; send one form about one person"
    return Fault(place="file", problem=problem)


def _written(form: PrintedForm, text: str) -> Iterator[_Written]:
    """Yield what stands under each label that is met, and what stands under none."""
    labels = {_plain(label): box for box in form.boxes for label in (box.label, *box.spellings)}
    current = _Written(box=None)
    for line in text.splitlines():
        cells = line.split(_CELL)
        found = _begins(labels, cells[0])
        if found is None and len(cells) == 1:
            current.lines.append(line)
            continue
        yield current
        current = _Written(box=None)
        for cell in cells:
            begun = _begins(labels, cell)
            if begun is None:
                current.lines.append(cell)
                continue
            yield current
            box, words = begun
            current = _Written(box=box, lines=[words])
    yield current


def _begins(labels: dict[str, Box], cell: str) -> tuple[Box, str] | None:
    """Return the box whose label a cell is or begins with, and what follows a colon after it."""
    if (box := labels.get(_plain(cell))) is not None:
        return box, ""
    colons = [match.start() for match in re.finditer(":", cell)]
    for at in reversed(colons):
        if (box := labels.get(_plain(cell[:at]))) is not None:
            return box, cell[at + 1 :].strip()
    return None


def _plain(label: str) -> str:
    """Return a label without what differs from copy to copy: case, spaces, quotes, end marks."""
    plain = unicodedata.normalize("NFKC", label).casefold().replace("\u2019", "'")
    plain = re.sub(r"\s*/\s*", "/", " ".join(plain.split()))
    return re.sub(r"^\d+[.)]\s*", "", plain).rstrip(" :?.")


def _mapped(box: Box, words: str) -> tuple[FilledBox, tuple[NotMapped, ...]]:
    filled = FilledBox(box=box, values={})
    if not box.fields:
        why = "for the police to fill in"
        return filled, (NotMapped(label=box.label, words=words, why=why),)
    first, *others = box.fields
    if FIELD_BY_ID[first].kind is Kind.DATE:
        day, after = _day_and_rest(words)
        if day is None:
            why = "no day that can be read; type it as day, month and year"
            return filled, (NotMapped(label=box.label, words=words, why=why),)
        values = {first: day.isoformat()}
        if after and not others:
            return replace(filled, values=values), (
                NotMapped(label=box.label, words=after, why="stands behind the day"),
            )
        return replace(filled, values=values | {id_: after for id_ in others if after}), ()
    most = LIMITS[FIELD_BY_ID[first].kind]
    if len(words) > most:
        why = f"longer than {most:,} characters; shorten it"
        return filled, (NotMapped(label=box.label, words=words, why=why),)
    return replace(filled, values={first: words}), ()


def _day_and_rest(words: str) -> tuple[date | None, str]:
    """Return the day that a text begins with, written day first, and what follows it."""
    try:
        if (match := _DAY_FIRST.match(words)) is not None:
            day, month, year = map(int, match.groups())
            return date(year, month, day), words[match.end() :].strip()
        if (match := _MONTH_IN_WORDS.match(words)) is not None:
            return _in_words(*match.groups()), words[match.end() :].strip()
    except ValueError:
        pass
    return None, words


def _in_words(day: str, month: str, year: str) -> date:
    written = f"{day} {month[:3].title()} {year}"
    return datetime.strptime(written, "%d %b %Y").date()  # noqa: DTZ007 - a day has no zone

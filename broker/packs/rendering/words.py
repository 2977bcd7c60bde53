"""Turn a document into the plain lists and words that the template lays out."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias, assert_never
from unicodedata import east_asian_width

from broker.domain.times import uk_time
from broker.packs.rendering.document import Enclosure, Entry, PackDocument

Words: TypeAlias = "str | list[Words] | dict[str, Words]"
"""What the template gets of texts: texts, lists and tables of texts."""

GIVEN_LATER = "given when you send"
"""What a preview says where reference and moment will stand."""

_COLUMN = 62
"""About how many letters stand in a row of the column beside the labels."""

_MOST_ROWS = 4
"""A longer answer takes the whole width, under its label; an address still stands beside it."""

_MEGABYTE = 1_000_000
_KILOBYTE = 1_000


def words_of(document: PackDocument, enclosures: Sequence[Enclosure]) -> dict[str, Words]:
    """Return everything that people read, under the names that the template uses."""
    return {
        "reference": document.reference or GIVEN_LATER,
        "title": document.title,
        "alarm": document.alarm,
        "purpose": document.purpose,
        "basis": document.basis,
        "sender": document.sender,
        "recipient": document.recipient,
        "made": _uk_time(document.created_at) if document.reference else GIVEN_LATER,
        "contact": document.contact,
        "sections": [
            {"title": section.title, "entries": [_entry(entry) for entry in section.entries]}
            for section in document.sections
        ],
        "held_back": document.held_back,
        "obligations": list(document.obligations),
        "attachments": [
            _enclosure(number, enclosure) for number, enclosure in enumerate(enclosures, start=1)
        ],
    }


def written_with(showing: Callable[[str], str], words: Words) -> Words:
    """Return `words` with `showing` applied to every text."""
    match words:
        case str():
            return showing(words)
        case dict():
            return {key: written_with(showing, one) for key, one in words.items()}
        case list():
            return [written_with(showing, word) for word in words]
        case _:
            assert_never(words)


def _entry(entry: Entry) -> Words:
    layout = "wide" if _rows_beside_a_label(entry.value) > _MOST_ROWS else "beside"
    return {"label": entry.label, "value": entry.value, "note": entry.note, "layout": layout}


def _rows_beside_a_label(value: str) -> int:
    """Return about how many rows a text takes in the column beside its label."""
    return sum(1 + _width(line) // _COLUMN for line in value.strip().splitlines())


def _width(line: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in line)


def _enclosure(number: int, enclosure: Enclosure) -> Words:
    attachment = enclosure.attachment
    return {
        "number": str(number),
        "kind": attachment.kind.words,
        "name": attachment.neutral_name(number),
        "size": _size(attachment.size),
        "carries": list(enclosure.carries),
        "remarks": " ".join(enclosure.remarks),
        "text": attachment.text,
    }


def _uk_time(moment: datetime) -> str:
    local = uk_time(moment)
    return f"{local.day} {local:%B %Y at %H:%M}"


def _size(size: int) -> str:
    if size >= _MEGABYTE:
        return f"{size / _MEGABYTE:.1f} MB"
    return f"{max(1, round(size / _KILOBYTE))} kB"

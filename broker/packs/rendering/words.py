"""Turn a document into the plain lists and words that the template lays out."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias, assert_never
from unicodedata import east_asian_width

from broker.domain.times import uk_time
from broker.packs.attachments import Attachment
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
        "decided": "yes" if document.decided else "",
        "files": "yes" if any(one.attachment.goes_along for one in enclosures) else "",
        "attachments": [
            _enclosure(number, enclosure) for number, enclosure in enumerate(enclosures, start=1)
        ],
    }


def digests_of(attachment: Attachment) -> list[tuple[str, str]]:
    """Return whose SHA-256 value a page lists, and the value: the sender's file, the copy of it.

    The copy is not listed where it is the same, or where no file goes along.
    """
    listed = [("of the sender's file", attachment.sha256)]
    along = attachment.goes_along
    if along is not None and along != attachment.content:
        listed.append(("of the copy", hashlib.sha256(along).hexdigest()))
    return listed


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
        "size": _size(attachment.size),
        "along": _along(attachment, attachment.neutral_name(number)),
        "carries": list(enclosure.carries),
        "remarks": " ".join(enclosure.remarks),
        "text": attachment.text,
    }


def _along(attachment: Attachment, name: str) -> str:
    match attachment.goes_along:
        case None:
            return "Only what stands on these pages goes: the file itself stays with the sender."
        case same if same == attachment.content:
            return f"Goes along as {name}, byte for byte as the sender has it."
        case _:
            return f"A copy goes along as {name}, written anew; the file itself stays behind."


def _uk_time(moment: datetime) -> str:
    local = uk_time(moment)
    return f"{local.day} {local:%B %Y at %H:%M}"


def _size(size: int) -> str:
    if size >= _MEGABYTE:
        return f"{size / _MEGABYTE:.1f} MB"
    return f"{max(1, round(size / _KILOBYTE))} kB"

"""One entry of the ledger as its page shows it: in words, as bytes, with what it committed to."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from audit.format.event_table import EVENT_TYPES, OF_THE_LEDGER
from audit.format.merkle.tree import leaf_hash
from broker.domain.model import Person
from broker.ledger.explorer.listing import moment_in
from broker.ledger.explorer.reader import Reader, Stored
from broker.ledger.own_log import OwnLog
from broker.ledger.shares import NotYoursError

_COMMITMENT: Final = re.compile(r"[0-9a-f]{64}")
_LABELS: Final[Mapping[str, str]] = {
    "agency": "Body",
    "again": "Told before",
    "attachments": "Files",
    "by": "By",
    "case": "Case",
    "cause": "Why it was looked at",
    "courier": "Sent by",
    "engine": "Engine that judged",
    "fields": "Fields that go",
    "how": "Way in",
    "look_back": "A Guardian looks back because",
    "message_id": "Message, as a digest",
    "principles": "Caldicott Principles",
    "recipient": "Mailbox it is for",
    "ref": "Reference",
    "row_mac": "What vouches for the row",
    "second": "And by",
    "sender": "Body that sends",
    "sha256": "Document, as a digest",
    "tls": "Protection on the way",
    "vkey": "Key that verifies",
    "what": "What",
}


def words_of(kind: str) -> str:
    """Return what an entry of a kind says, as a sentence without its full stop.

    >>> words_of("replied"), words_of("made.up")
    ("The sender replied to the Guardian's question", 'Made.up')
    """
    known = EVENT_TYPES.get(kind)
    said = kind if known is None else known.when.partition(";")[0]
    return said[:1].upper() + said[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What an entry holds of something that stands elsewhere, sealed: its field and its hash."""

    name: str
    digest: str

    @property
    def label(self) -> str:
        """The field in words.

        >>> Commitment(name="facts_c", digest="").label
        'Facts'
        """
        return label_of(self.name.removesuffix("_c"))


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One entry; `is_as_written` says whether its bytes still give the leaf hash beside them.

    `said` are its fields: each by its name, in words, and its value; `before` and `after` the
    reader's neighbours of it.
    """

    stored: Stored
    at: datetime | None
    words: str
    said: tuple[tuple[str, str, str], ...]
    commitments: tuple[Commitment, ...]
    leaf: str
    is_as_written: bool
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryViews:
    """Gives single entries to those whose they are."""

    log: OwnLog

    def view(self, number: int, person: Person) -> EntryView:
        """Return an entry; raises `NotYoursError` alike for another's and for none."""
        with self.log.transaction.database.reading(brief=True) as connection:
            reader = Reader.of(self.log, connection, person)
            size = reader.size()
            found = reader.at(number) if number < size else None
            if found is None or not reader.may_read(found):
                raise NotYoursError
            leaf = b"".join(reader.tx.ledger.leaves(number, number + 1))
            before, after = _neighbours(reader, found, size)
        entry = found.entry
        event = found.event
        return EntryView(
            stored=found,
            at=moment_in(found),
            words="" if entry is None else words_of(entry.type),
            said=tuple(_said(event)),
            commitments=tuple(commitments_in(event)),
            leaf=leaf_hash(found.raw).hex(),
            is_as_written=entry is not None and leaf_hash(found.raw) == leaf,
            before=before,
            after=after,
        )


def _neighbours(reader: Reader, found: Stored, size: int) -> tuple[int | None, int | None]:
    if reader.reads_all:
        before = found.seq - 1 if found.seq else None
        return before, found.seq + 1 if found.seq + 1 < size else None
    reference = None if found.entry is None else found.entry.reference
    theirs = sorted(reader.numbers_of(reference or ""))
    place = theirs.index(found.seq)
    return (
        theirs[place - 1] if place else None,
        theirs[place + 1] if place + 1 < len(theirs) else None,
    )


def commitments_in(event: Mapping[str, object]) -> Iterator[Commitment]:
    """Yield what an event commits to, in the order of its fields."""
    for name, value in event.items():
        if name.endswith("_c") and isinstance(value, str) and _COMMITMENT.fullmatch(value):
            yield Commitment(name=name, digest=value)


def _said(event: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """Yield the fields that say something of their own: no stamp of the ledger, no commitment."""
    hidden = {"id", "type", *OF_THE_LEDGER, *(one.name for one in commitments_in(event))}
    for name, value in event.items():
        if name not in hidden:
            yield name, label_of(name), value_of(value)


def label_of(name: str) -> str:
    """Return what a field of an event is called on a page."""
    words = name.replace("_", " ")
    return _LABELS.get(name, words[:1].upper() + words[1:])


def value_of(value: object) -> str:
    """Return a value of an event as one line of text."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, cast("Sequence[object]", value))) or "none"
    return str(value)

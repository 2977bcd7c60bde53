"""What the sealed document says: words that are ready for people, nothing to look up."""

from dataclasses import dataclass
from datetime import datetime

from broker.packs.attachments import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One field that leaves: its label, its text, and a note such as "Reported" ("": none)."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and the fields under it, in order."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """An attachment that leaves, the labels of the fields that it carries, and what was changed.

    `remarks` are sentences for the recipient, such as what was taken off before it left.
    """

    attachment: Attachment
    carries: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackDocument:
    """Everything on paper except the attachments.

    `created_at` is aware of its time zone; the page shows it in UK time. `contact` says whom the
    recipient asks, and how. `obligations` are sentences. `alarm` is the heading of an emergency
    ("": none), in which the sections stand before all that is said about the document.
    `held_back` is one sentence, or "". Without a reference it is a preview: where reference and
    moment will stand, the page says so. `decided` says that its sharing was decided, and that the
    receipt of that goes along.
    """

    reference: str
    title: str
    purpose: str
    sender: str
    recipient: str
    created_at: datetime
    contact: str
    sections: tuple[Section, ...]
    basis: str = ""
    alarm: str = ""
    held_back: str = ""
    obligations: tuple[str, ...] = ()
    decided: bool = True

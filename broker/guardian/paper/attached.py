"""A file beside a pack as a Guardian sees it: its pages, its words, what was taken off it.

It is seen whether it goes or stays, since nobody can weigh what they have not seen.
"""

from dataclasses import dataclass, field

from broker.domain.errors import UnknownReferenceError
from broker.domain.model import AttachmentNote, Disclosure, Person
from broker.domain.references import Reference
from broker.guardian.before_opening import disclosure_to_open, must_have_been_for_a_guardian
from broker.guardian.paper.at_hand import AtHand
from broker.ledger.readings import Content, Entrance, record_reading
from broker.packs.assembly import Draw
from broker.packs.attachments import Attachment, page_budget
from broker.packs.attachments.case_parts import attachment_of
from broker.storage.transaction import Transaction, Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFile:
    """A file as its note says, the words that were read in it, and its pages as JPEG pictures.

    `is_kept` is False for a file of a pack that was refused at once: nobody needs it.
    """

    note: AttachmentNote
    text: str
    remarks: tuple[str, ...]
    pages: tuple[bytes, ...] = field(repr=False)
    is_kept: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFiles:
    """Shows a Guardian the files of what they may read; what is at hand is in memory alone."""

    transaction: Transactions
    draw: Draw
    kept: AtHand[SeenFile]

    def read(self, reference: Reference, guardian: Person, number: int, how: Entrance) -> SeenFile:
        """Return file `number`, counted from 1; that it is read is recorded first.

        Drawing takes seconds and happens outside of the transaction. Raises
        `UnknownReferenceError` where there is no such file, and as `disclosure_to_open`.
        """
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, guardian)
            must_have_been_for_a_guardian(tx, disclosure)
            note, attachment = _file(tx, disclosure, number)
            record_reading(tx, guardian, Content.FILES, how, reference)
        seen = _gone(note) if attachment is None else self._drawn(note, attachment)
        self.kept.keep((guardian.id, reference, number), seen)
        return seen

    def at_hand(self, reference: Reference, guardian: Person, number: int) -> SeenFile:
        """Return what was drawn last for this Guardian; raises `UnknownReferenceError`."""
        # Whose it is may have changed since it was drawn.
        disclosure_to_open(self.transaction, reference, guardian)
        found = self.kept.find((guardian.id, reference, number))
        if found is None:
            raise UnknownReferenceError
        return found

    def _drawn(self, note: AttachmentNote, attachment: Attachment) -> SeenFile:
        drawn = self.draw(attachment, page_budget([attachment]))
        return SeenFile(
            note=note,
            text=attachment.text,
            remarks=tuple(one.sentence for one in attachment.remarks),
            pages=drawn.images,
        )


def _file(
    tx: Transaction, disclosure: Disclosure, number: int
) -> tuple[AttachmentNote, Attachment | None]:
    file = tx.case_file(disclosure)
    notes = file.pack().attachments
    if not 1 <= number <= len(notes):
        raise UnknownReferenceError
    try:
        return notes[number - 1], attachment_of(number, file.get)
    except KeyError:
        return notes[number - 1], None


def _gone(note: AttachmentNote) -> SeenFile:
    return SeenFile(note=note, text="", remarks=(), pages=(), is_kept=False)

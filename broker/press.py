"""From a decided disclosure to a sealed PDF: gather in a transaction, press with none open."""

from dataclasses import dataclass

from broker.attachments import Attachment, inspect
from broker.casefile import CaseFile
from broker.model import Disclosure, Pack
from broker.packing import Parties, Released, enclosures_of, pack_of
from broker.rendering import Enclosure, PackDocument, render
from broker.sealing import RECEIPT, Original, Sealed, seal
from broker.transaction import Transaction
from broker.values import members


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything that the press needs, out of the database and decrypted."""

    document: PackDocument
    enclosures: tuple[Enclosure, ...]
    decided: int
    """The number of the ledger entry that decided it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """The record copy, which opens without a passphrase and stays here, and the sealed pack."""

    record: bytes
    sealed: Sealed


def gather(tx: Transaction, disclosure: Disclosure) -> Material:
    """Return what leaves of a disclosure, read in the caller's transaction."""
    file = tx.case_file(disclosure)
    pack = Pack.of_document(file.committed("pack"))
    released = Released.of(members(file.decision()))
    mailbox = tx.directory.mailbox(disclosure.recipient)
    parties = Parties(
        sender=tx.directory.agency(disclosure.sender),
        recipient=tx.directory.agency(mailbox.agency),
        mailbox=mailbox,
    )
    return Material(
        document=pack_of(pack, released, disclosure, parties),
        enclosures=enclosures_of(pack, released, _attachments(file, pack)),
        decided=_decided(tx, disclosure),
    )


def press(material: Material, receipt: bytes, passphrase: str) -> Pressed:
    """Render, seal and prove a pack; takes seconds, so no transaction may be open.

    `receipt` proves the entry that decided it, and goes along inside the sealed file.

    Raises `PackTooLargeError`, `CannotRenderError`, `SealNotProvedError`.
    """
    record = render(material.document, material.enclosures)
    originals = [
        Original(name=one.attachment.neutral_name(number), content=one.attachment.content)
        for number, one in enumerate(material.enclosures, start=1)
    ]
    originals.append(Original(name=RECEIPT, content=receipt))
    sealed = seal(record, originals, passphrase, material.document.reference)
    return Pressed(record=record, sealed=sealed)


def _decided(tx: Transaction, disclosure: Disclosure) -> int:
    entries = tx.ledger.entries_about(str(disclosure.reference))
    return max(entry.seq for entry in entries if entry.type == "decided")


def _attachments(file: CaseFile, pack: Pack) -> tuple[Attachment, ...]:
    contents = (file.get(f"attachment/{n}") for n in range(1, len(pack.attachments) + 1))
    return tuple(
        inspect(note.name, content or b"")
        for note, content in zip(pack.attachments, contents, strict=True)
    )

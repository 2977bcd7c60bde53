"""From a decided disclosure to a sealed PDF: gather in a transaction, press with none open."""

from dataclasses import dataclass

from broker.packs.rendering import Enclosure, PackDocument, render
from broker.packs.sealing import RECEIPT, Original, Sealed, seal


@dataclass(frozen=True, slots=True, kw_only=True)
class PackParts:
    """Everything that the press needs, out of the database and decrypted."""

    document: PackDocument
    enclosures: tuple[Enclosure, ...]
    decided: int
    """The number of the ledger entry that decided it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssembledPack:
    """The record copy, which opens without a passphrase and stays here, and the sealed pack."""

    record: bytes
    sealed: Sealed


def assemble_pack(material: PackParts, receipt: bytes, passphrase: str) -> AssembledPack:
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
    return AssembledPack(record=record, sealed=sealed)

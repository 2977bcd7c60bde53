"""From a decided disclosure to a sealed PDF: gather in a transaction, press with none open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from broker.packs.attachments import Attachment, page_budget
from broker.packs.rendering import Enclosure, PackDocument, render
from broker.packs.sealing import RECEIPT, Original, Sealed, seal
from keys import AgencyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What stands on paper: the document, and the attachments that go with it."""

    document: PackDocument
    enclosures: tuple[Enclosure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackParts(Pages):
    """Everything that the press needs, out of the database and decrypted."""

    decided: int
    """The number of the ledger entry that decided it."""
    body: AgencyId
    released: Mapping[str, str]
    """To whose body what fields go, as they were typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssembledPack:
    """The record copy, which opens without a passphrase and stays here, and the sealed pack."""

    record: bytes
    sealed: Sealed


Draw = Callable[[Attachment, int], Attachment]
"""Returns an attachment with its page images, each of at most so many bytes."""


def assemble_pack(
    material: PackParts, receipt: bytes, passphrase: str, draw: Draw
) -> AssembledPack:
    """Draw, render, seal and prove a pack; takes seconds, so no transaction may be open.

    `receipt` proves the entry that decided it, and goes along inside the sealed file.

    Raises `PackTooLargeError`, `CannotRenderError`, `SealNotProvedError`, and what `draw` raises.
    """
    enclosures = _drawn(material, draw)
    record = render(material.document, enclosures)
    originals = [
        Original(name=enclosure.attachment.neutral_name(number), content=enclosure.attachment.copy)
        for number, enclosure in enumerate(enclosures, start=1)
        if enclosure.attachment.copy is not None
    ]
    originals.append(Original(name=RECEIPT, content=receipt))
    sealed = seal(record, originals, passphrase, material.document.reference)
    return AssembledPack(record=record, sealed=sealed)


def on_paper(pages: Pages, draw: Draw) -> bytes:
    """Return the document of a pack as it would be sealed, to be read before anything is decided.

    It is the record copy, byte for byte, where the same parts are assembled. Takes seconds; raises
    as `assemble_pack`.
    """
    return render(pages.document, _drawn(pages, draw))


def _drawn(material: Pages, draw: Draw) -> tuple[Enclosure, ...]:
    sections = material.document.sections
    written = (entry.value for section in sections for entry in section.entries)
    budget = page_budget([enclosure.attachment for enclosure in material.enclosures], written)
    return tuple(
        replace(enclosure, attachment=draw(enclosure.attachment, budget))
        for enclosure in material.enclosures
    )

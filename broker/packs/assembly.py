"""From a decided disclosure to a sealed file: gather in a transaction, press with none open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from broker.domain.directory.profiles import PLAIN, RecipientProfile, SealedAs
from broker.packs.attachments import Attachment, page_budget
from broker.packs.opening import pages_in
from broker.packs.passphrase import draw_passphrase, draw_words_of_a_zip
from broker.packs.rendering import Enclosure, PackDocument, render
from broker.packs.rendering.word_file import word_file
from broker.packs.sealing import RECEIPT, Original, Sealed, seal
from broker.packs.sealing.forms.agile import seal_word
from broker.packs.sealing.forms.zipped import seal_zip
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
    profile: RecipientProfile = PLAIN
    """How the recipient takes it."""


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
    enclosures = _drawn(material, draw, material.profile.most_bytes)
    unsealed = Unsealed(document=material.document, enclosures=enclosures, receipt=receipt)
    record = render(material.document, enclosures)
    sealed = sealed_as(material.profile.sealed_as, unsealed, record, passphrase)
    return AssembledPack(record=record, sealed=sealed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsealed:
    """What a sealed file is made of; `receipt` is empty where nothing was decided."""

    document: PackDocument
    enclosures: Sequence[Enclosure] = ()
    receipt: bytes = b""

    @property
    def originals(self) -> list[Original]:
        """The files that go along, then the receipt."""
        files = [
            Original(name=one.attachment.neutral_name(number), content=goes_along)
            for number, one in enumerate(self.enclosures, start=1)
            if (goes_along := one.attachment.goes_along) is not None
        ]
        return [*files, Original(name=RECEIPT, content=self.receipt)] if self.receipt else files


def words_for(form: SealedAs) -> str:
    """Return new words that lock a file of a form: six, seven for a zip."""
    return draw_words_of_a_zip() if form is SealedAs.ZIP else draw_passphrase()


def sealed_as(form: SealedAs, unsealed: Unsealed, record: bytes, passphrase: str) -> Sealed:
    """Return a pack sealed as its recipient takes it, proved by a second reader.

    `record` is the rendered document. Raises `SealNotProvedError`, and refuses words that are
    unfit for the form.
    """
    reference = unsealed.document.reference
    match form:
        case SealedAs.PDF:
            return seal(record, unsealed.originals, passphrase, reference)
        case SealedAs.ZIP:
            pages = pages_in(record)
            return seal_zip(record, unsealed.originals, passphrase, reference, pages)
        case SealedAs.WORD:
            document = word_file(unsealed.document, unsealed.enclosures, unsealed.receipt)
            return seal_word(document, passphrase, pages_in(record))
        case _:
            assert_never(form)


def on_paper(pages: Pages, draw: Draw) -> bytes:
    """Return the document of a pack as it would be sealed, to be read before anything is decided.

    It is the record copy, byte for byte, where the same parts are assembled. Takes seconds; raises
    as `assemble_pack`.
    """
    return render(pages.document, _drawn(pages, draw))


def _drawn(material: Pages, draw: Draw, most: int | None = None) -> tuple[Enclosure, ...]:
    sections = material.document.sections
    written = (entry.value for section in sections for entry in section.entries)
    attachments = [enclosure.attachment for enclosure in material.enclosures]
    budget = page_budget(attachments, written, most)
    return tuple(
        replace(enclosure, attachment=draw(enclosure.attachment, budget))
        for enclosure in material.enclosures
    )

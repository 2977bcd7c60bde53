"""Check a pack that somebody holds: whole to the last bit, and ours, by the words that open it."""

import io
import re
from dataclasses import dataclass
from enum import StrEnum

from audit.errors import LedgerError
from audit.format.entry import parse_entry
from audit.format.receipt import Receipt
from broker.domain.directory.profiles import SealedAs
from broker.packs import pdfium
from broker.packs.file_kinds import form_of
from broker.packs.sealing.forms.agile import (
    CannotOpenWordError,
    WordChangedError,
    opened_word,
)
from broker.packs.sealing.forms.zip_reading import CannotOpenZipError
from broker.packs.sealing.forms.zipped import files_of
from broker.packs.sealing.mac import is_spelt_as_ours
from broker.packs.sealing.parts import RECEIPT

_REFERENCE = re.compile(r"[A-Z]{3}-[0-9A-Z]{4}-[0-9A-Z]{4}")
_MOST_BYTES = 64 << 20


class Finding(StrEnum):
    """What a check found, in words for whoever holds the file."""

    WHOLE = "It is whole: every byte is as the broker wrote it."
    WHOLE_INSIDE = (
        "What is inside is whole: every byte of it is as the broker wrote it. What is wrapped "
        "around it, which says nothing, is not bound."
    )
    NOT_A_PDF = (
        "This is no PDF that can be read, and no Word or zip file of ours, so it is no document "
        "of a broker."
    )
    SHUT = (
        "These words do not open it. Read them once more, letter by letter. If they are right, "
        "the file was changed on its way: ask the sender for it again."
    )
    CHANGED = (
        "IT WAS CHANGED after the broker wrote it. Do not rely on a word of it. Ring the sender, "
        "on a number that you know."
    )
    UNBOUND = (
        "Nothing binds its bytes to these words: it is not as a broker writes it, or a release of "
        "before made it. Ask the sender for its SHA-256 value."
    )
    NOT_OURS = (
        "It opens and is bound to these words, but it is built otherwise than a broker builds a "
        "document. Ring the sender, on a number that you know."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found, the reference on the first page, and the receipt inside."""

    finding: Finding
    reference: str | None = None
    receipt: bytes | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing that it says was changed."""
        return self.finding in {Finding.WHOLE, Finding.WHOLE_INSIDE}


def check(content: bytes, passphrase: str) -> Checked:
    """Return what a file is, to whoever has the words that open it; never raises for its bytes."""
    if len(content) > _MOST_BYTES:
        return Checked(finding=Finding.NOT_A_PDF)
    match form_of(content):
        case SealedAs.WORD:
            return _check_word(content, passphrase)
        case SealedAs.ZIP:
            return _check_zip(content, passphrase)
        case SealedAs.PDF:
            return _check_pdf(content, passphrase)


def _check_pdf(content: bytes, passphrase: str) -> Checked:
    if not content.startswith(b"%PDF-"):
        return Checked(finding=Finding.NOT_A_PDF)
    bound = is_bound(content, passphrase)
    if bound is not None:
        return Checked(finding=bound)
    try:
        with pdfium.opened(content, passphrase) as document:
            found = _REFERENCE.search(document.text(0))
            receipt = document.embedded().get(RECEIPT)
    except pdfium.CannotOpenPdfError:
        return Checked(finding=Finding.NOT_OURS)
    return _ours(Finding.WHOLE, found, receipt)


def _ours(whole: Finding, found: re.Match[str] | None, receipt: bytes | None) -> Checked:
    """Return that it is whole where the receipt inside is of the reference that it shows."""
    if found is None or receipt is None or _about(receipt) != found[0]:
        return Checked(finding=Finding.NOT_OURS)
    return Checked(finding=whole, reference=found[0], receipt=receipt)


def _check_zip(content: bytes, passphrase: str) -> Checked:
    try:
        files = files_of(content, passphrase)
    except CannotOpenZipError:
        return Checked(finding=Finding.SHUT)
    found = _REFERENCE.search(" ".join(files))
    return _ours(Finding.WHOLE_INSIDE, found, files.get(RECEIPT))


def _check_word(content: bytes, passphrase: str) -> Checked:
    try:
        document = opened_word(content, passphrase)
    except WordChangedError:
        return Checked(finding=Finding.CHANGED)
    except CannotOpenWordError:
        return Checked(finding=Finding.SHUT)
    # Loaded here alone: it is slow to load, and most packs are PDFs.
    from broker.packs.rendering.word_file import said_and_receipt  # noqa: PLC0415

    said, receipt = said_and_receipt(document)
    return _ours(Finding.WHOLE_INSIDE, _REFERENCE.search(said), receipt)


def _about(receipt: bytes) -> object:
    """Return the reference of the entry that a receipt is of, None where it is none."""
    try:
        return parse_entry(Receipt.parse(receipt).raw).event.get("ref")
    except LedgerError:
        return None


def is_bound(content: bytes, passphrase: str) -> Finding | None:
    """Return None where a file is bound to the words, bit for bit as we write it; else why not."""
    # Loaded here alone: it takes a second, and most commands check nothing.
    from pyhanko.pdf_utils.crypt.api import AuthStatus, PdfMacStatus  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    try:
        reader = PdfFileReader(io.BytesIO(content))
        answer = reader.decrypt(passphrase) if reader.encrypted else None
    except Exception:  # noqa: BLE001  # a hostile or broken file may fail anywhere in a parser
        return Finding.CHANGED
    handler = reader.security_handler
    if answer is None or handler is None:
        return Finding.UNBOUND
    if answer.mac_status is PdfMacStatus.SUCCESSFUL:
        key, salt = handler.get_file_encryption_key(), handler.get_kdf_salt()
        return None if is_spelt_as_ours(content, key, salt) else Finding.CHANGED
    if answer.mac_status is PdfMacStatus.FAILED:
        return Finding.CHANGED
    return Finding.SHUT if answer.status is AuthStatus.FAILED else Finding.UNBOUND

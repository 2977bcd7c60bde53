"""Prove a sealed pack before it counts: it opens with the passphrase, and with nothing else."""

import hashlib
import io
from collections.abc import Iterable
from contextlib import suppress

from broker.packs import pdfium
from broker.packs.sealing.check import is_bound
from broker.packs.sealing.parts import Expected, SealNotProvedError, wrong_passphrases

_REVISION = 6  # AES-256 with the hardened key derivation (ISO 32000-2, 7.6.4.3.4)
_KEY_BITS = 256


def prove(sealed: bytes, expected: Expected, passphrase: str) -> None:
    """Return if the pack holds what is `expected` and is shut, or raise `SealNotProvedError`.

    PDFium, which had no part in the sealing, reads the content. pikepdf and pypdf try the doors:
    these two notice an empty owner password, PDFium does not.
    """
    _prove_content(sealed, expected, passphrase)
    others = wrong_passphrases(passphrase)
    if _opens_in_pikepdf(sealed, others) or _opens_in_pypdf(sealed, others):
        raise SealNotProvedError("it opens without the right passphrase")
    _prove_cipher(sealed, passphrase)
    if is_bound(sealed, passphrase) is not None:
        raise SealNotProvedError("its bytes are not bound to the passphrase")


def _prove_content(sealed: bytes, expected: Expected, passphrase: str) -> None:
    try:
        with pdfium.opened(sealed, passphrase) as document:
            pages, first_page = document.pages, document.text(0)
            embedded = document.embedded()
    except pdfium.CannotOpenPdfError:
        raise SealNotProvedError("a second reader could not open it") from None
    if pages != expected.pages:
        raise SealNotProvedError("a second reader counts other pages")
    if expected.reference not in first_page:
        raise SealNotProvedError("its reference cannot be read on the first page")
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in embedded.items()}
    if digests != expected.embedded:
        raise SealNotProvedError("the embedded files are not those that were put in")


def _prove_cipher(sealed: bytes, passphrase: str) -> None:
    import pikepdf  # noqa: PLC0415 - slow to load, and few commands need it

    with pikepdf.open(io.BytesIO(sealed), password=passphrase) as document:
        encryption = document.encryption
        if (encryption.R, encryption.bits) != (_REVISION, _KEY_BITS):
            raise SealNotProvedError("it is not encrypted with AES-256, revision 6")


def _opens_in_pikepdf(sealed: bytes, passphrases: Iterable[str]) -> bool:
    import pikepdf  # noqa: PLC0415 - slow to load, and few commands need it

    for passphrase in passphrases:
        with suppress(pikepdf.PasswordError):
            pikepdf.open(io.BytesIO(sealed), password=passphrase).close()
            return True
    return False


def _opens_in_pypdf(sealed: bytes, passphrases: Iterable[str]) -> bool:
    import pypdf  # noqa: PLC0415 - slow to load, and few commands need it

    # It is read once for all of them: that takes as long as trying two.
    reader = pypdf.PdfReader(io.BytesIO(sealed))
    answers = map(reader.decrypt, passphrases)
    return any(answer != pypdf.PasswordType.NOT_DECRYPTED for answer in answers)

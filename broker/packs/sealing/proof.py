"""Prove a sealed pack before it counts: it opens with the passphrase, and with nothing else."""

import hashlib
import io
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from broker.packs import pdfium
from broker.packs.sealing.check import is_bound
from broker.packs.sealing.parts import Expected, SealNotProvedError, wrong_passphrases

if TYPE_CHECKING:
    from pypdf import PdfReader

_HARDENED: Final = {"/V": 5, "/R": 6, "/StmF": "/StdCF", "/StrF": "/StdCF"}
_AES_256: Final = "/AESV3"
"""The cipher of streams and strings, its key derived as ISO 32000-2 hardened it (7.6.4.3.4)."""


def prove(sealed: bytes, expected: Expected, passphrase: str) -> None:
    """Return if the pack holds what is `expected` and is shut, or raise `SealNotProvedError`.

    PDFium, which had no part in the sealing, reads the content. pikepdf and pypdf try the doors:
    these two notice an empty owner password, PDFium does not. What pypdf read says the cipher as
    well: to open it with the passphrase for that costs five hardened hashes.
    """
    _prove_content(sealed, expected, passphrase)
    others, read = wrong_passphrases(passphrase), _read_by_pypdf(sealed)
    if _opens_in_pikepdf(sealed, others) or _opens_in_pypdf(read, others):
        raise SealNotProvedError("it opens without the right passphrase")
    _prove_cipher(read)
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


def _prove_cipher(read: "PdfReader") -> None:
    written: dict[str, Any] = dict(read.trailer["/Encrypt"])  # type: ignore[call-overload]  # only a dictionary stands there
    said = {name: written.get(name) for name in _HARDENED}
    filters = written.get("/CF", {})
    if said != _HARDENED or filters.get("/StdCF", {}).get("/CFM") != _AES_256:
        raise SealNotProvedError("it is not encrypted with AES-256, revision 6")


def _opens_in_pikepdf(sealed: bytes, passphrases: Iterable[str]) -> bool:
    import pikepdf  # noqa: PLC0415 - slow to load, and few commands need it

    for passphrase in passphrases:
        with suppress(pikepdf.PasswordError):
            pikepdf.open(io.BytesIO(sealed), password=passphrase).close()
            return True
    return False


def _read_by_pypdf(sealed: bytes) -> "PdfReader":
    import pypdf  # noqa: PLC0415 - slow to load, and few commands need it

    return pypdf.PdfReader(io.BytesIO(sealed))


def _opens_in_pypdf(read: "PdfReader", passphrases: Iterable[str]) -> bool:
    # Its type of a passphrase is 0 where that does not open it.
    return any(map(read.decrypt, passphrases))

"""A pack as a zip file under AES-256 (AE-2): it holds one stored zip and shows no other name."""

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final

from broker.packs.sealing.forms.zip_reading import CannotOpenZipError, opened
from broker.packs.sealing.parts import (
    Original,
    Sealed,
    SealNotProvedError,
    refuse_passphrase_of_a_zip,
    wrong_passphrases,
)

INNER: Final = "pack.zip"
_SAME_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""The one moment that stands in clear in every zip of ours: the earliest that the format knows."""

_AES_BITS: Final = 256


def seal_zip(
    pdf: bytes, originals: Sequence[Original], passphrase: str, reference: str, pages: int
) -> Sealed:
    """Return a rendered pack with its files as a locked zip, proved to open and to stay shut.

    Raises `TooFewWordsError` and `SealNotProvedError`.
    """
    refuse_passphrase_of_a_zip(passphrase)
    files = {f"document-{reference}.pdf": pdf, **{one.name: one.content for one in originals}}
    content = _locked(_stored(files), passphrase)
    _prove(content, files, passphrase)
    return Sealed(content=content, sha256=hashlib.sha256(content).hexdigest(), pages=pages)


def _stored(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as inner:
        for name, content in files.items():
            inner.writestr(zipfile.ZipInfo(name, _SAME_DAY), content)
    return buffer.getvalue()


def _locked(inner: bytes, passphrase: str) -> bytes:
    # Loaded here alone: most packs are PDFs. It says little of its types.
    pyzipper: Any = import_module("pyzipper")
    buffer = io.BytesIO()
    with pyzipper.AESZipFile(buffer, "w", compression=pyzipper.ZIP_STORED) as outer:
        outer.setpassword(passphrase.encode("ascii"))
        outer.setencryption(pyzipper.WZ_AES, nbits=_AES_BITS)
        outer.writestr(pyzipper.zipfile_aes.AESZipInfo(INNER, _SAME_DAY), inner)
    return buffer.getvalue()


def _prove(content: bytes, files: Mapping[str, bytes], passphrase: str) -> None:
    """Open it by other code than made it, then try the doors with what is nearly right."""
    try:
        found = files_of(content, passphrase)
    except CannotOpenZipError:
        raise SealNotProvedError("a second reader could not open the zip") from None
    if found != files:
        raise SealNotProvedError("the zip does not hold what was put in")
    for other in wrong_passphrases(passphrase):
        if _opens(content, other) or _opens_in_pyzipper(content, other):
            raise SealNotProvedError("it opens without the right passphrase")


def files_of(content: bytes, passphrase: str) -> dict[str, bytes]:
    """Return what a locked zip of ours holds, by name; raises `CannotOpenZipError`."""
    name, inner = opened(content, passphrase)
    if name != INNER:
        raise CannotOpenZipError
    try:
        with zipfile.ZipFile(io.BytesIO(inner)) as found:
            return {one: found.read(one) for one in found.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError):
        raise CannotOpenZipError from None


def _opens(content: bytes, passphrase: str) -> bool:
    try:
        opened(content, passphrase)
    except CannotOpenZipError:
        return False
    return True


def _opens_in_pyzipper(content: bytes, passphrase: str) -> bool:
    pyzipper: Any = import_module("pyzipper")
    with pyzipper.AESZipFile(io.BytesIO(content)) as outer:
        try:
            outer.read(INNER, pwd=passphrase.encode("ascii"))
        except (RuntimeError, ValueError, pyzipper.BadZipFile):
            return False
    return True

"""A Word file under AES-256 with the Agile encryption of ECMA-376, and a second look at it.

The library locks it; what proves it reads the published format ([MS-OFFCRYPTO], 2.3.4.10 to 15) by
other code: SHA-512, 100,000 rounds, AES-256 in CBC mode by pieces of 4,096 bytes, and an HMAC over
all of it.
"""

import base64
import binascii
import hashlib
import hmac
import io
import re
import struct
from importlib import import_module
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from broker.packs.sealing.parts import (
    Sealed,
    SealNotProvedError,
    refuse_passphrase,
    wrong_passphrases,
)

_ROUNDS: Final = 100_000
_PIECE: Final = 4_096
_BLOCK: Final = 16
_VERSION: Final = b"\x04\x00\x04\x00\x40\x00\x00\x00"
_FOR_CHECK: Final = bytes.fromhex("fea7d2763b4b9e79")
_FOR_CHECK_VALUE: Final = bytes.fromhex("d7aa0f6d3061344e")
_FOR_KEY: Final = bytes.fromhex("146e0be7abacd0d6")
_FOR_CODE_KEY: Final = bytes.fromhex("5fb2ad010cb9e1f6")
_FOR_CODE: Final = bytes.fromhex("a0677f02b22c8433")
_AS_WE_LOCK: Final = {
    "cipherAlgorithm": {"AES"},
    "cipherChaining": {"ChainingModeCBC"},
    "hashAlgorithm": {"SHA512"},
    "keyBits": {"256"},
    "hashSize": {"64"},
    "spinCount": {str(_ROUNDS)},
}
_ATTRIBUTE: Final = re.compile(r'(?P<name>[A-Za-z]+)="(?P<value>[^"]*)"')
_ELEMENT: Final = re.compile(r"<(?:[a-z]+:)?(?P<name>[A-Za-z]+)(?P<rest>[^<>]*)>")


class CannotOpenWordError(Exception):
    """Raised for what is no locked Word file of ours, or does not open with these words."""


class WordChangedError(CannotOpenWordError):
    """Raised for a locked Word file that opens, and whose content is not what was locked."""


def seal_word(document: bytes, passphrase: str, pages: int) -> Sealed:
    """Return a Word file locked under `passphrase`, proved to open and to stay shut.

    `pages` are those of the record copy. Raises `UnfitPassphraseError`, `SealNotProvedError`.
    """
    refuse_passphrase(passphrase)
    # Loaded here alone: most packs are PDFs. It says little of its types.
    library: Any = import_module("msoffcrypto.format.ooxml")
    buffer = io.BytesIO()
    library.OOXMLFile(io.BytesIO(document)).encrypt(passphrase, buffer)
    content = buffer.getvalue()
    _prove(content, document, passphrase)
    return Sealed(content=content, sha256=hashlib.sha256(content).hexdigest(), pages=pages)


def _prove(content: bytes, document: bytes, passphrase: str) -> None:
    try:
        found = opened_word(content, passphrase)
    except CannotOpenWordError:
        raise SealNotProvedError("a second reader could not open the Word file") from None
    if found != document:
        raise SealNotProvedError("the Word file does not hold what was put in")
    for other in wrong_passphrases(passphrase):
        try:
            opened_word(content, other)
        except CannotOpenWordError:
            continue
        raise SealNotProvedError("it opens without the right passphrase")


def opened_word(content: bytes, passphrase: str) -> bytes:
    """Return the Word file inside a locked one.

    Raises `CannotOpenWordError`, and `WordChangedError` where the words are right and the HMAC
    over the content is not.
    """
    try:
        return _opened(*_streams(content), passphrase)
    except (struct.error, binascii.Error, KeyError, ValueError):
        raise CannotOpenWordError from None


def _streams(content: bytes) -> tuple[bytes, bytes]:
    """Return what says how it is locked, and what is locked."""
    olefile: Any = import_module("olefile")
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as container:
            return tuple(
                container.openstream(name).read()
                for name in ("EncryptionInfo", "EncryptedPackage")
            )
    except Exception:  # noqa: BLE001  # a hostile or broken container may fail anywhere in a parser
        raise CannotOpenWordError from None


def _opened(information: bytes, package: bytes, passphrase: str) -> bytes:
    if not information.startswith(_VERSION):
        raise CannotOpenWordError
    elements = _elements(information[len(_VERSION) :].decode("utf-8"))
    data, check, code = elements["keyData"], elements["encryptedKey"], elements["dataIntegrity"]
    if any(
        one.get(name, wanted.copy().pop()) not in wanted
        for one in (data, check)
        for name, wanted in _AS_WE_LOCK.items()
    ):
        raise CannotOpenWordError
    salt = _bytes(check["saltValue"])
    hashed = _hashed(salt, passphrase)

    def unlocked(name: str, block: bytes) -> bytes:
        key = hashlib.sha512(hashed + block).digest()[:32]
        return _decrypted(key, salt, _bytes(check[name]))

    told = hashlib.sha512(unlocked("encryptedVerifierHashInput", _FOR_CHECK)).digest()
    if not hmac.compare_digest(told, unlocked("encryptedVerifierHashValue", _FOR_CHECK_VALUE)):
        raise CannotOpenWordError
    key = unlocked("encryptedKeyValue", _FOR_KEY)
    _refuse_changed(key, _bytes(data["saltValue"]), code, package)
    return _content(key, _bytes(data["saltValue"]), package)


def _hashed(salt: bytes, passphrase: str) -> bytes:
    hashed = hashlib.sha512(salt + passphrase.encode("utf-16-le")).digest()
    for number in range(_ROUNDS):
        hashed = hashlib.sha512(number.to_bytes(4, "little") + hashed).digest()
    return hashed


def _refuse_changed(key: bytes, salt: bytes, code: dict[str, str], package: bytes) -> None:
    def unlocked(name: str, block: bytes) -> bytes:
        start = hashlib.sha512(salt + block).digest()[:_BLOCK]
        return _decrypted(key, start, _bytes(code[name]))

    expected = unlocked("encryptedHmacValue", _FOR_CODE)
    told = hmac.new(unlocked("encryptedHmacKey", _FOR_CODE_KEY), package, "sha512").digest()
    if not hmac.compare_digest(told, expected):
        raise WordChangedError


def _content(key: bytes, salt: bytes, package: bytes) -> bytes:
    (size,) = struct.unpack_from("<Q", package)
    sealed = package[8:]
    pieces = (
        _decrypted(
            key,
            hashlib.sha512(salt + number.to_bytes(4, "little")).digest()[:_BLOCK],
            sealed[number * _PIECE : (number + 1) * _PIECE],
        )
        for number in range(-(-len(sealed) // _PIECE))
    )
    return b"".join(pieces)[:size]


def _decrypted(key: bytes, start: bytes, sealed: bytes) -> bytes:
    decryptor = Cipher(AES(key), CBC(start)).decryptor()
    return decryptor.update(sealed) + decryptor.finalize()


def _elements(written: str) -> dict[str, dict[str, str]]:
    """Return the attributes of each element by its name; there is nothing else in it."""
    return {
        found["name"]: {one["name"]: one["value"] for one in _ATTRIBUTE.finditer(found["rest"])}
        for found in _ELEMENT.finditer(written)
    }


def _bytes(encoded: str) -> bytes:
    return base64.b64decode(encoded, validate=True)

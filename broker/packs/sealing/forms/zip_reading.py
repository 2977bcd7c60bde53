"""Read a locked zip of ours by its published format alone: a second look, by other code.

WinZip's AE-2: PBKDF2 with HMAC-SHA-1 (1,000 rounds) gives both keys and two bytes of check;
AES-256 in counter mode from 1, the counter little-endian; HMAC-SHA-1 over the sealed bytes.
"""

import hashlib
import hmac
import struct
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

_HEADER: Final = struct.Struct("<4s5H3L2H")
_SIGNATURE: Final = b"PK\x03\x04"
_EXTRA: Final = struct.Struct("<2HH2sBH")
_EXTRA_OF: Final = (0x9901, 7, 2, b"AE", 3, 0)
"""AES, seven bytes, AE-2, the vendor, 256 bits, and stored inside."""

_ENCRYPTED: Final = 0x1
_LATER: Final = 0x8
"""Sizes stand behind the content, and not before it."""

_METHOD: Final = 99
_SALT: Final = 16
_CHECK: Final = 2
_CODE: Final = 10
_KEY: Final = 32
_ROUNDS: Final = 1_000
_BLOCK: Final = 16


class CannotOpenZipError(Exception):
    """Raised for what is no locked zip of ours, or does not open with these words, or changed."""


def opened(content: bytes, passphrase: str) -> tuple[str, bytes]:
    """Return name and bytes of the one file in a locked zip; raises `CannotOpenZipError`."""
    try:
        return _opened(content, passphrase)
    except (struct.error, UnicodeDecodeError):
        raise CannotOpenZipError from None


def _opened(content: bytes, passphrase: str) -> tuple[str, bytes]:
    found = _HEADER.unpack_from(content)
    signature, _, flags, method, _, _, _, size, _, name_length, extra_length = found
    is_ours = signature == _SIGNATURE and method == _METHOD
    if not is_ours or not flags & _ENCRYPTED or flags & _LATER:
        raise CannotOpenZipError
    start = _HEADER.size + name_length + extra_length
    name = content[_HEADER.size : _HEADER.size + name_length].decode("ascii")
    if _EXTRA.unpack_from(content, _HEADER.size + name_length) != _EXTRA_OF:
        raise CannotOpenZipError
    body = content[start : start + size]
    if len(body) != size or size < _SALT + _CHECK + _CODE:
        raise CannotOpenZipError
    salt, check = body[:_SALT], body[_SALT : _SALT + _CHECK]
    sealed, code = body[_SALT + _CHECK : -_CODE], body[-_CODE:]
    keys = hashlib.pbkdf2_hmac("sha1", passphrase.encode(), salt, _ROUNDS, dklen=2 * _KEY + _CHECK)
    told = hmac.new(keys[_KEY : 2 * _KEY], sealed, "sha1").digest()[:_CODE]
    if keys[2 * _KEY :] != check or not hmac.compare_digest(told, code):
        raise CannotOpenZipError
    return name, _in_counter_mode(keys[:_KEY], sealed)


def _in_counter_mode(key: bytes, sealed: bytes) -> bytes:
    blocks = -(-len(sealed) // _BLOCK)
    counters = b"".join(number.to_bytes(_BLOCK, "little") for number in range(1, blocks + 1))
    encryptor = Cipher(AES(key), ECB()).encryptor()  # noqa: S305  # a block each, as AE-2 has it
    stream = encryptor.update(counters)[: len(sealed)]
    return (int.from_bytes(sealed, "big") ^ int.from_bytes(stream, "big")).to_bytes(
        len(sealed), "big"
    )

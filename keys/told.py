"""Keys of a page that opens with what was mailed and what was told, and with neither alone.

>>> key = told_key(CaseId("page"), b"mailed", "7Q4KM2XH", bytes(16))
>>> key.material == told_key(CaseId("page"), b"mailed", "7Q4KM2XJ", bytes(16)).material
False
>>> joined(b"ab", joined(b"ab", b"xy"))
b'xy'
"""

import hashlib
import hmac
from typing import Final

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from keys.encoding import framed
from keys.envelope import KEY_ID_LENGTH, CaseId, CaseKey

_TOLD: Final = b"disclosure-broker page, told v1"
_USE: Final = b"disclosure-broker page, use v1"
_KEY_ID: Final = b"disclosure-broker page key id v1"
_COST: Final = 1 << 14
"""A guess costs 16 MiB and some tens of milliseconds."""


def told_key(page: CaseId, token: bytes, code: str, salt: bytes) -> CaseKey:
    """Return the key that a mailed token and a told code make together, for one page."""
    scrypt = Scrypt(salt=salt, length=32, n=_COST, r=8, p=1)
    return _key(page, scrypt.derive(framed(_TOLD, token, code.encode())))


def key_for(page: CaseId, secret: bytes, use: str) -> CaseKey:
    """Return the key that a secret gives for one use on a page; no two uses share one."""
    material = hmac.digest(secret, framed(_USE, page.encode(), use.encode()), hashlib.sha256)
    return _key(page, material)


def joined(one: bytes, other: bytes) -> bytes:
    """Return what two halves of a secret make; either half alone says nothing of it.

    Joined with one half once more, it gives the other. Raises `ValueError` for unequal lengths.
    """
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _key(page: CaseId, material: bytes) -> CaseKey:
    key_id = hashlib.sha256(framed(_KEY_ID, page.encode())).digest()[:KEY_ID_LENGTH]
    return CaseKey(case=page, key_id=key_id, material=material)

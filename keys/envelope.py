"""Sealing of one field of one case with AES-256-GCM, bound to the place where it is stored.

The bytes are described in docs/formats/sealed-store.md.

A field opens where it was sealed, and nowhere else:

>>> key = CaseKey(case=CaseId("c-example"), key_id=bytes(16), material=bytes(32))
>>> place = Place(case=key.case, field="pack", version=1)
>>> sealed = seal_field(key, b"what was said", place)
>>> open_field(key, sealed, place)
b'what was said'
>>> later = Place(case=key.case, field="pack", version=2)
>>> open_field(key, sealed, later)  # doctest: +ELLIPSIS
Traceback (most recent call last):
...
keys.errors.CannotOpenError: The sealed content cannot...
"""

import os
from dataclasses import dataclass, field
from typing import NewType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from keys.encoding import framed
from keys.entropy import Entropy
from keys.errors import CannotOpenError, WrongCaseError

CaseId = NewType("CaseId", str)

KEY_ID_LENGTH = 16
_MAGIC = b"DBSF"
_FORMAT = b"\x01"
_AES_256_GCM = b"\x01"
_PREFIX = _MAGIC + _FORMAT + _AES_256_GCM
_NONCE_LENGTH = 12
_NONCE_AT = len(_PREFIX) + KEY_ID_LENGTH
_HEADER_LENGTH = _NONCE_AT + _NONCE_LENGTH
_LABEL = b"disclosure-broker field v1"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CaseKey:
    """The key of one case: everything stored about the case is sealed by it and lost with it.

    `key_id` is 16 public random bytes, `material` the 32 secret ones.
    """

    case: CaseId
    key_id: bytes
    material: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a sealed field is stored: a field of a case, and its version (0 to 2**64 - 1)."""

    case: CaseId
    field: str
    version: int

    def bound_to(self, header: bytes) -> bytes:
        """Return the associated data that ties sealed bytes with this header to this place."""
        return framed(
            _LABEL,
            header,
            self.case.encode(),
            self.field.encode(),
            self.version.to_bytes(8, "big"),
        )


def seal_field(
    key: CaseKey, plaintext: bytes, place: Place, *, entropy: Entropy = os.urandom
) -> bytes:
    """Return `plaintext` sealed so that it opens only with `key` and only at `place`.

    Raises `WrongCaseError` for a place in another case than the key's.
    """
    if place.case != key.case:
        raise WrongCaseError
    header = _PREFIX + key.key_id + entropy(_NONCE_LENGTH)
    nonce = header[_NONCE_AT:]
    return header + AESGCM(key.material).encrypt(nonce, plaintext, place.bound_to(header))


def open_field(key: CaseKey, blob: bytes, place: Place) -> bytes:
    """Return what `seal_field` sealed, or raise `CannotOpenError` if anything at all differs."""
    header = blob[:_HEADER_LENGTH]
    if len(header) < _HEADER_LENGTH or not header.startswith(_PREFIX + key.key_id):
        raise CannotOpenError
    if place.case != key.case:
        raise CannotOpenError
    nonce = header[_NONCE_AT:]
    try:
        return AESGCM(key.material).decrypt(nonce, blob[_HEADER_LENGTH:], place.bound_to(header))
    except InvalidTag as error:
        raise CannotOpenError from error

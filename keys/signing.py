"""Ed25519 signing keys, one for each purpose (RFC 8032).

>>> now = datetime.fromisoformat("2026-03-16T12:00:00Z")
>>> key = SigningKey.from_seed(bytes(32), purpose=Purpose.LEDGER, created_at=now)
>>> verify(b"a head", key.sign(b"a head"), key.public_key)
>>> verify(b"another head", key.sign(b"a head"), key.public_key)  # doctest: +ELLIPSIS
Traceback (most recent call last):
...
keys.errors.InvalidSignatureError: The signature does not fit...
>>> key.kid == thumbprint(key.public_key)
True
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from typing import NewType, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from keys.encoding import base64url
from keys.errors import InvalidSignatureError

KeyId = NewType("KeyId", str)


@unique
class Purpose(StrEnum):
    """What a signing key may sign; a key never serves two purposes."""

    LEDGER = "ledger"
    TOKEN = "token"  # noqa: S105 - the name of a purpose, not a secret
    POLICY = "policy"


@unique
class KeyState(StrEnum):
    """The life of a signing key: made, signing, signing beside its successor, and afterwards.

    What was signed is still believed under a key that is retired where the signature itself is
    bound to its time, as a head of the ledger is; under one that was compromised, never.
    """

    PENDING = "pending"
    ACTIVE = "active"
    OUTGOING = "outgoing"
    VERIFY_ONLY = "verify-only"
    RETIRED = "retired"
    COMPROMISED = "compromised"

    @property
    def has_seed(self) -> bool:
        """Whether the keystore still holds the private half."""
        return self in {KeyState.PENDING, KeyState.ACTIVE, KeyState.OUTGOING}

    @property
    def is_over(self) -> bool:
        """Whether nothing new may rest on the key: it was retired or compromised."""
        return self in {KeyState.RETIRED, KeyState.COMPROMISED}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """The public half of a signing key: `public_key` is 32 bytes, `kid` their thumbprint."""

    kid: KeyId
    purpose: Purpose
    state: KeyState
    created_at: datetime
    public_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SigningKey:
    """A key that signs: `public_key` (32 bytes) and `sign` are all that a ledger signer needs.

    Two objects are never equal, so that comparing cannot touch the private half.
    """

    kid: KeyId
    purpose: Purpose
    created_at: datetime
    public_key: bytes
    _private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def from_seed(cls, seed: bytes, *, purpose: Purpose, created_at: datetime) -> Self:
        """Return the key of a 32-byte secret `seed`."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        public_key = private.public_key().public_bytes_raw()
        return cls(
            kid=thumbprint(public_key),
            purpose=purpose,
            created_at=created_at,
            public_key=public_key,
            _private=private,
        )

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of `message`; the same message gives the same signature."""
        return self._private.sign(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """The keys of one purpose at one moment.

    `signing` are those that still can sign, the active one first; `public` are the public halves
    of all, oldest first.
    """

    signing: tuple[SigningKey, ...]
    public: tuple[PublicKey, ...]


def thumbprint(public_key: bytes) -> KeyId:
    """Return the JWK thumbprint of a 32-byte public key, base64url (RFC 7638, RFC 8037)."""
    jwk = f'{{"crv":"Ed25519","kty":"OKP","x":"{base64url(public_key)}"}}'
    return KeyId(base64url(hashlib.sha256(jwk.encode("ascii")).digest()))


def verify(message: bytes, signature: bytes, public_key: bytes) -> None:
    """Accept `signature` of `message` by the 32-byte `public_key`, or raise.

    Raises `InvalidSignatureError`, also for a key or a signature of the wrong length.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise InvalidSignatureError from error

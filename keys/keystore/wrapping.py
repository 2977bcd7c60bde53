"""Wrapping of keys by keys: AES-256-GCM, bound to what the wrapped key is and where it stands."""

import os
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from keys.encoding import framed
from keys.errors import CannotOpenError

KEY_LENGTH = 32
ID_LENGTH = 16
NONCE_LENGTH = 12
LABEL = b"disclosure-broker key v1"


class Wrapping(Protocol):
    """What wraps keys."""

    def wrap(self, secret: bytes, *place: str) -> bytes:
        """Return `secret` wrapped, so that it unwraps only by the same and at the same `place`."""
        ...

    def unwrap(self, wrapped: bytes, *place: str) -> bytes:
        """Return what `wrap` wrapped, or raise `CannotOpenError`."""
        ...


class Root(Wrapping, Protocol):
    """What wraps the key-encryption key; `key_id` is 16 public bytes."""

    @property
    def key_id(self) -> bytes:
        """Return its name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WrappingKey:
    """A key that wraps other keys: `key_id` is 16 public bytes, `material` 32 secret ones."""

    key_id: bytes
    material: bytes = field(repr=False)

    def wrap(self, secret: bytes, *place: str) -> bytes:
        """Return `secret` wrapped, so that it unwraps only with this key and the same `place`."""
        nonce = os.urandom(NONCE_LENGTH)
        return nonce + AESGCM(self.material).encrypt(nonce, secret, self._bound_to(place))

    def unwrap(self, wrapped: bytes, *place: str) -> bytes:
        """Return what `wrap` wrapped, or raise `CannotOpenError`."""
        nonce, sealed = wrapped[:NONCE_LENGTH], wrapped[NONCE_LENGTH:]
        if len(nonce) < NONCE_LENGTH:
            raise CannotOpenError
        try:
            return AESGCM(self.material).decrypt(nonce, sealed, self._bound_to(place))
        except InvalidTag as error:
            raise CannotOpenError from error

    def _bound_to(self, place: tuple[str, ...]) -> bytes:
        return framed(LABEL, self.key_id, *(part.encode() for part in place))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WrappingKeys:
    """The key-encryption key, and the one of before while keys that it wrapped are left."""

    newest: WrappingKey
    former: WrappingKey | None = None

    def wrap(self, secret: bytes, *place: str) -> bytes:
        """Return `secret` wrapped by the newest."""
        return self.newest.wrap(secret, *place)

    def unwrap(self, wrapped: bytes, *place: str) -> bytes:
        """Return what either wrapped, or raise `CannotOpenError`."""
        try:
            return self.newest.unwrap(wrapped, *place)
        except CannotOpenError:
            if self.former is None:
                raise
            return self.former.unwrap(wrapped, *place)


def new_wrapping_key() -> WrappingKey:
    """Return a fresh random key with a fresh random identifier."""
    return WrappingKey(key_id=os.urandom(ID_LENGTH), material=os.urandom(KEY_LENGTH))

"""Signing keys as the keystore holds them: the seed while active, the public key afterwards."""

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from keys.columns import blob, text
from keys.encoding import moment_text
from keys.errors import (
    CannotOpenError,
    KeyInUseError,
    KeystoreDamagedError,
    UnknownKeyError,
)
from keys.signing import KeyId, KeyState, PublicKey, Purpose, SigningKey, thumbprint
from keys.wrapping import KEY_LENGTH, WrappingKey

SCHEMA: Final = """
CREATE TABLE signing_key (
    kid TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at TEXT NOT NULL,
    wrapped BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_active_key ON signing_key (purpose) WHERE state = 'active';
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    kid: KeyId
    purpose: Purpose
    state: KeyState
    created_at: datetime
    wrapped: bytes

    @property
    def place(self) -> tuple[str, ...]:
        """What the wrapped bytes are bound to: every other column."""
        return "signing", self.kid, self.purpose, self.state, moment_text(self.created_at)


class SigningShelf:
    """Signing keys in the transaction of `connection`, wrapped by `kek`; never commits."""

    def __init__(self, connection: sqlite3.Connection, kek: WrappingKey) -> None:
        self._connection = connection
        self._kek = kek

    def active(self, purpose: Purpose) -> SigningKey:
        """Return the key that signs for `purpose`, or raise `KeystoreDamagedError`."""
        for row in self._rows():
            if (row.purpose, row.state) == (purpose, KeyState.ACTIVE):
                seed = self._secret(row)
                return SigningKey.from_seed(seed, purpose=purpose, created_at=row.created_at)
        raise KeystoreDamagedError(f"the {purpose} key is missing")

    def public(self, purpose: Purpose) -> tuple[PublicKey, ...]:
        """Return the public half of every key of `purpose`, oldest first.

        Raises `KeystoreDamagedError`.
        """
        rows = (row for row in self._rows() if row.purpose is purpose)
        return tuple(_public_key(row, self._secret(row)) for row in rows)

    def add(self, purpose: Purpose, now: datetime) -> SigningKey:
        """Make the key that signs for a purpose which has none."""
        seed = os.urandom(KEY_LENGTH)
        key = SigningKey.from_seed(seed, purpose=purpose, created_at=now)
        row = _Row(
            kid=key.kid, purpose=purpose, state=KeyState.ACTIVE, created_at=now, wrapped=b""
        )
        self._write(row, seed)
        return key

    def rotate(self, purpose: Purpose, now: datetime) -> SigningKey:
        """Let a fresh key sign for `purpose`; the one before only verifies, its seed forgotten."""
        old = self.active(purpose)
        row = _Row(
            kid=old.kid,
            purpose=purpose,
            state=KeyState.VERIFY_ONLY,
            created_at=old.created_at,
            wrapped=b"",
        )
        self._write(row, old.public_key)
        return self.add(purpose, now)

    def retire(self, kid: KeyId) -> None:
        """Stop believing a rotated key; raises `UnknownKeyError` or `KeyInUseError`."""
        row = {row.kid: row for row in self._rows()}.get(kid)
        if row is None:
            raise UnknownKeyError("The keystore holds no signing key of this name.")
        if row.state is KeyState.ACTIVE:
            raise KeyInUseError
        self._write(replace(row, state=KeyState.RETIRED), self._secret(row))

    def rewrap(self, kek: WrappingKey) -> None:
        """Wrap every key by `kek` instead."""
        rows = tuple((row, self._secret(row)) for row in self._rows())
        self._kek = kek
        for row, secret in rows:
            self._write(row, secret)

    def _write(self, row: _Row, secret: bytes) -> None:
        self._connection.execute(
            "INSERT INTO signing_key VALUES (?, ?, ?, ?, ?) ON CONFLICT (kid) DO UPDATE"
            " SET state = excluded.state, wrapped = excluded.wrapped",
            (
                row.kid,
                row.purpose,
                row.state,
                moment_text(row.created_at),
                self._kek.wrap(secret, *row.place),
            ),
        )

    def _rows(self) -> Iterator[_Row]:
        columns = self._connection.execute(
            "SELECT kid, purpose, state, created_at, wrapped FROM signing_key"
            " ORDER BY created_at, rowid"
        ).fetchall()
        for kid, purpose, state, created_at, wrapped in columns:
            yield _Row(
                kid=KeyId(text(kid)),
                purpose=Purpose(text(purpose)),
                state=KeyState(text(state)),
                created_at=datetime.fromisoformat(text(created_at)),
                wrapped=blob(wrapped),
            )

    def _secret(self, row: _Row) -> bytes:
        try:
            return self._kek.unwrap(row.wrapped, *row.place)
        except CannotOpenError as error:
            raise KeystoreDamagedError("a signing key") from error


def _public_key(row: _Row, secret: bytes) -> PublicKey:
    public_key = secret
    if row.state is KeyState.ACTIVE:
        key = SigningKey.from_seed(secret, purpose=row.purpose, created_at=row.created_at)
        public_key = key.public_key
    return PublicKey(
        kid=thumbprint(public_key),
        purpose=row.purpose,
        state=row.state,
        created_at=row.created_at,
        public_key=public_key,
    )

"""Signing keys as the keystore holds them: the seed while it signs, the public key afterwards."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from keys.encoding import rfc3339
from keys.errors import CannotOpenError, KeyInUseError, KeystoreDamagedError, UnknownKeyError
from keys.keystore.tables.column_types import blob, text
from keys.keystore.wrapping import KEY_LENGTH, Wrapping
from keys.signing import KeyId, KeyRing, KeyState, PublicKey, Purpose, SigningKey, thumbprint

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
_BESIDE_THE_ACTIVE: Final = frozenset({KeyState.OUTGOING, KeyState.PENDING})


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
        return "signing", self.kid, self.purpose, self.state, rfc3339(self.created_at)


class SigningKeyRows:
    """Signing keys in the transaction of `connection`, wrapped by `kek`; never commits."""

    def __init__(self, connection: sqlite3.Connection, kek: Wrapping) -> None:
        self._connection = connection
        self._kek = kek
        self._public: dict[_Row, PublicKey] = {}
        self._signing: dict[_Row, SigningKey] = {}

    def active(self, purpose: Purpose) -> SigningKey:
        """Return the key that signs for `purpose`, or raise `KeystoreDamagedError`."""
        return self._active(purpose, self._rows(purpose))

    def ring(self, purpose: Purpose) -> KeyRing:
        """Return every key of `purpose`; raises `KeystoreDamagedError`."""
        rows = tuple(self._rows(purpose))
        active = self._active(purpose, rows)
        others = (row for row in rows if row.state in _BESIDE_THE_ACTIVE)
        return KeyRing(
            signing=(active, *map(self._signing_key, others)),
            public=tuple(map(self._public_key, rows)),
        )

    def public(self, purpose: Purpose) -> tuple[PublicKey, ...]:
        """Return the public half of every key of `purpose`, oldest first.

        Raises `KeystoreDamagedError`.
        """
        return tuple(self._public_key(row) for row in self._rows(purpose))

    def add(
        self, purpose: Purpose, now: datetime, state: KeyState = KeyState.ACTIVE
    ) -> SigningKey:
        """Make a key for `purpose`, which has none in this state, or none that it waits for."""
        seed = os.urandom(KEY_LENGTH)
        # Keys follow each other by their age, also where the clock went back.
        made_at = max((now, *(row.created_at for row in self._rows(purpose))))
        key = SigningKey.from_seed(seed, purpose=purpose, created_at=made_at)
        row = _Row(kid=key.kid, purpose=purpose, state=state, created_at=made_at, wrapped=b"")
        self._write(row, seed)
        return key

    def prepare(self, purpose: Purpose, now: datetime) -> SigningKey:
        """Return the key that waits to sign for `purpose`; make it if none does."""
        for row in self._rows(purpose):
            if row.state is KeyState.PENDING:
                return self._signing_key(row)
        return self.prepare_another(purpose, now)

    def prepare_another(self, purpose: Purpose, now: datetime) -> SigningKey:
        """Make a key that waits to sign for `purpose`, whether or not one waits already."""
        return self.add(purpose, now, KeyState.PENDING)

    def activate(self, kid: KeyId) -> SigningKey:
        """Let a prepared key sign for its purpose; doing so again changes nothing.

        The key before it signs on beside it where heads must bear both signatures, and otherwise
        verifies only, its seed forgotten. Raises `UnknownKeyError`.
        """
        fresh = self._row(kid)
        if fresh.state is KeyState.PENDING:
            for row in self._rows(fresh.purpose):
                if row.state in {KeyState.ACTIVE, KeyState.OUTGOING}:
                    self._move(row, _after_activation(row))
            self._move(fresh, KeyState.ACTIVE)
        return self.active(fresh.purpose)

    def supersede(self, kid: KeyId) -> SigningKey:
        """Let a prepared key alone sign for its purpose: every other ends, its seed forgotten.

        Doing so again changes nothing. Raises `UnknownKeyError`.
        """
        fresh = self._row(kid)
        for row in self._rows(fresh.purpose):
            if row.kid != kid and not row.state.is_over:
                self._move(row, KeyState.RETIRED)
        self._move(fresh, KeyState.ACTIVE)
        return self.active(fresh.purpose)

    def retire(self, kid: KeyId, *, compromised: bool) -> PublicKey:
        """Let a key that another followed end, its seed forgotten; return its public half.

        Doing so again changes nothing, except that a retired key may be found compromised.
        Raises `UnknownKeyError` or `KeyInUseError`.
        """
        row = self._row(kid)
        if row.state in {KeyState.ACTIVE, KeyState.PENDING}:
            raise KeyInUseError
        if row.state is not KeyState.COMPROMISED:
            self._move(row, KeyState.COMPROMISED if compromised else KeyState.RETIRED)
        return self._public_key(self._row(kid))

    def forget_former_purposes(self) -> bool:
        """Delete the keys of purposes that there are no longer; say whether there were any."""
        query = "DELETE FROM signing_key WHERE purpose = 'registry'"
        return self._connection.execute(query).rowcount > 0

    def rewrap(self, kek: Wrapping) -> None:
        """Wrap every key by `kek` instead."""
        rows = tuple((row, self._secret(row)) for row in self._rows())
        self._kek = kek
        for row, secret in rows:
            self._write(row, secret)

    def _active(self, purpose: Purpose, rows: Iterable[_Row]) -> SigningKey:
        for row in rows:
            if row.state is KeyState.ACTIVE:
                return self._signing_key(row)
        raise KeystoreDamagedError(f"the {purpose} key is missing")

    def _write(self, row: _Row, secret: bytes) -> None:
        self._connection.execute(
            "INSERT INTO signing_key VALUES (?, ?, ?, ?, ?) ON CONFLICT (kid) DO UPDATE"
            " SET state = excluded.state, wrapped = excluded.wrapped",
            (
                row.kid,
                row.purpose,
                row.state,
                rfc3339(row.created_at),
                self._kek.wrap(secret, *row.place),
            ),
        )

    def _move(self, row: _Row, state: KeyState) -> None:
        secret = self._secret(row) if state.has_seed else self._public_key(row).public_key
        self._write(replace(row, state=state), secret)

    def _row(self, kid: KeyId) -> _Row:
        for row in self._rows():
            if row.kid == kid:
                return row
        raise UnknownKeyError("The keystore holds no signing key of this name.")

    def _rows(self, purpose: Purpose | None = None) -> Iterator[_Row]:
        columns = self._connection.execute(
            "SELECT kid, purpose, state, created_at, wrapped FROM signing_key"
            " ORDER BY created_at, rowid"
        ).fetchall()
        for kid, serves, state, created_at, wrapped in columns:
            row = _Row(
                kid=KeyId(text(kid)),
                purpose=Purpose(text(serves)),
                state=KeyState(text(state)),
                created_at=datetime.fromisoformat(text(created_at)),
                wrapped=blob(wrapped),
            )
            if purpose in {None, row.purpose}:
                yield row

    def _secret(self, row: _Row) -> bytes:
        try:
            return self._kek.unwrap(row.wrapped, *row.place)
        except CannotOpenError as error:
            raise KeystoreDamagedError("a signing key") from error

    def _signing_key(self, row: _Row) -> SigningKey:
        if row not in self._signing:
            self._signing[row] = SigningKey.from_seed(
                self._secret(row), purpose=row.purpose, created_at=row.created_at
            )
        return self._signing[row]

    def _public_key(self, row: _Row) -> PublicKey:
        if row not in self._public:
            self._public[row] = self._derived(row)
        return self._public[row]

    def _derived(self, row: _Row) -> PublicKey:
        has_seed = row.state.has_seed
        public_key = self._signing_key(row).public_key if has_seed else self._secret(row)
        return PublicKey(
            kid=thumbprint(public_key),
            purpose=row.purpose,
            state=row.state,
            created_at=row.created_at,
            public_key=public_key,
        )


def _after_activation(row: _Row) -> KeyState:
    """Return the state of a key that signed until now, once another is active."""
    overlaps = row.purpose is Purpose.LEDGER and row.state is KeyState.ACTIVE
    return KeyState.OUTGOING if overlaps else KeyState.VERIFY_ONLY

"""The keystore's first record: which keystore this is, and how its root unwraps all other keys."""

import os
import sqlite3
from dataclasses import dataclass, replace
from typing import Self

from keys.errors import CannotOpenError, KeystoreDamagedError
from keys.keystore.root_key import Derivation, ScryptCost
from keys.keystore.tables.column_types import blob, number, text
from keys.keystore.wrapping import ID_LENGTH, Root, WrappingKey, new_wrapping_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The one row of table `head`.

    `identity` is the keystore's random name (32 hexadecimal digits); `derivation` is None where
    the root lies in a file; `wrapped` is the key-encryption key `kek_id`, wrapped by `root_id`.
    """

    identity: str
    derivation: Derivation | None
    root_id: bytes
    kek_id: bytes
    wrapped: bytes
    scrub_due: bool

    @classmethod
    def new(cls, derivation: Derivation | None, root: Root) -> Self:
        """Return the header of a new keystore, with a fresh key-encryption key and no rows yet."""
        empty = cls(
            identity=os.urandom(ID_LENGTH).hex(),
            derivation=derivation,
            root_id=b"",
            kek_id=b"",
            wrapped=b"",
            scrub_due=False,
        )
        return empty.holding(new_wrapping_key(), root)

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> Self:
        """Return the stored header, or raise `KeystoreDamagedError` when it is not there."""
        row = connection.execute(
            "SELECT identity, salt, scrypt_n, scrypt_r, scrypt_p, root_id, kek_id, wrapped,"
            " scrub_due FROM head"
        ).fetchone()
        if row is None:
            raise KeystoreDamagedError("its first record is missing")
        identity, salt, n, r, p, root_id, kek_id, wrapped, scrub_due = row
        return cls(
            identity=text(identity),
            derivation=None if salt is None else _derivation(salt, n, r, p),
            root_id=blob(root_id),
            kek_id=blob(kek_id),
            wrapped=blob(wrapped),
            scrub_due=bool(number(scrub_due)),
        )

    def write(self, connection: sqlite3.Connection) -> None:
        """Store this header in the place of the one before."""
        way = self.derivation
        parts = (None,) * 4 if way is None else (way.salt, way.cost.n, way.cost.r, way.cost.p)
        connection.execute(
            "INSERT OR REPLACE INTO head VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self.identity, *parts, self.root_id, self.kek_id, self.wrapped, self.scrub_due),
        )

    def holding(self, kek: WrappingKey, root: Root) -> Self:
        """Return the header of the same keystore with `kek` wrapped by `root`."""
        wrapped = root.wrap(kek.material, "kek", self.identity, kek.key_id.hex())
        return replace(self, root_id=root.key_id, kek_id=kek.key_id, wrapped=wrapped)

    def kek(self, root: Root) -> WrappingKey:
        """Return the key-encryption key, or raise `KeystoreDamagedError`."""
        try:
            material = root.unwrap(self.wrapped, "kek", self.identity, self.kek_id.hex())
        except CannotOpenError as error:
            raise KeystoreDamagedError("the key that wraps all others") from error
        return WrappingKey(key_id=self.kek_id, material=material)


def _derivation(salt: object, n: object, r: object, p: object) -> Derivation:
    cost = ScryptCost(n=number(n), r=number(r), p=number(p))
    return Derivation(salt=blob(salt), cost=cost)

"""The keystore while it is open for one operation: its header, its keys and their root."""

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from keys.index import IndexPurpose
from keys.keystore.case_keys import CaseKeys
from keys.keystore.draft_keys import DraftKeys
from keys.keystore.header import Header
from keys.keystore.index_keys import IndexKeyRows
from keys.keystore.signing_keys import SigningKeyRows
from keys.keystore.wrapping import WrappingKey, new_wrapping_key
from keys.signing import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    """All parts of a keystore in the transaction of `connection`; never commits."""

    connection: sqlite3.Connection
    header: Header
    root: WrappingKey
    signing: SigningKeyRows
    cases: CaseKeys
    drafts: DraftKeys
    indexes: IndexKeyRows

    @classmethod
    def within(cls, connection: sqlite3.Connection, header: Header, root: WrappingKey) -> Self:
        """Unwrap what wraps all keys; raises `KeystoreDamagedError`."""
        kek = header.kek(root)
        return cls(
            connection=connection,
            header=header,
            root=root,
            signing=SigningKeyRows(connection, kek),
            cases=CaseKeys(connection, kek),
            drafts=DraftKeys(connection, kek),
            indexes=IndexKeyRows(connection, kek),
        )

    def fill(self, now: datetime) -> None:
        """Make the keys that every keystore has."""
        for purpose in Purpose:
            self.signing.add(purpose, now)
        for index_purpose in IndexPurpose:
            self.indexes.add(index_purpose)

    def unwrap_all(self) -> None:
        """Accept the keystore if every key unwraps, or raise `KeystoreDamagedError`."""
        for purpose in Purpose:
            self.signing.active(purpose)
            self.signing.public(purpose)
        for index_purpose in IndexPurpose:
            self.indexes.key(index_purpose)
        self.cases.unwrap_all()
        self.drafts.unwrap_all()

    def rewrap_all(self, root: WrappingKey) -> None:
        """Wrap all keys by a fresh key-encryption key, and that one by `root`."""
        kek = new_wrapping_key()
        self.signing.rewrap(kek)
        self.cases.rewrap(kek)
        self.drafts.rewrap(kek)
        self.indexes.rewrap(kek)
        replace(self.header.holding(kek, root), scrub_due=True).write(self.connection)

    def owe_scrub(self) -> None:
        """Note that traces of what this transaction deletes are still to be removed."""
        replace(self.header, scrub_due=True).write(self.connection)

"""The keystore while it is open for one operation: its header, its keys and their root."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from keys.envelope import CaseId
from keys.index import IndexPurpose
from keys.keystore.case_keys import CaseKeys
from keys.keystore.draft_keys import DraftKeys
from keys.keystore.field_keys import FieldKeys
from keys.keystore.header import Header
from keys.keystore.index_keys import IndexKeyRows
from keys.keystore.signing_keys import SigningKeyRows
from keys.keystore.sqlite_file import upgrade
from keys.keystore.standing import Standing, StandingRow
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
    fields: FieldKeys
    indexes: IndexKeyRows
    standing: StandingRow

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
            fields=FieldKeys(connection, kek),
            indexes=IndexKeyRows(connection, kek),
            standing=StandingRow(connection, kek),
        )

    def fill(self, now: datetime) -> None:
        """Make the keys that every keystore has."""
        for purpose in Purpose:
            self.signing.add(purpose, now)
        for index_purpose in IndexPurpose:
            self.indexes.add(index_purpose)
        self.standing.write(Standing())

    def complete(self) -> None:
        """Bring a keystore of an earlier release to this one."""
        if upgrade(self.connection):
            self.standing.write(Standing(fields_owed=True))
        self.indexes.complete()
        self.drafts.complete()
        if self.signing.forget_former_purposes():
            self.owe_scrub()

    def erase_case(self, case: CaseId, now: datetime) -> None:
        """Forget the key of a case and those of its fields; raises `UnknownKeyError`."""
        self.cases.erase(case, now)
        self.fields.destroy_all_of(case, now)
        self.owe_scrub()

    @contextmanager
    def changing_keys(self) -> Generator[SigningKeyRows]:
        """Lend the signing keys; whatever is written meanwhile counts as one change of keys."""
        before = self.connection.total_changes
        yield self.signing
        if self.connection.total_changes != before:
            self.standing.raise_epoch()
        self.owe_scrub()

    def unwrap_all(self) -> None:
        """Accept the keystore if every key unwraps, or raise `KeystoreDamagedError`."""
        for purpose in Purpose:
            self.signing.active(purpose)
            self.signing.public(purpose)
        for index_purpose in IndexPurpose:
            self.indexes.key(index_purpose)
        self.cases.unwrap_all()
        self.drafts.unwrap_all()
        self.fields.unwrap_all()
        self.standing.read()

    def rewrap_all(self, root: WrappingKey) -> None:
        """Wrap all keys by a fresh key-encryption key, and that one by `root`."""
        kek = new_wrapping_key()
        self.signing.rewrap(kek)
        self.cases.rewrap(kek)
        self.drafts.rewrap(kek)
        self.fields.rewrap(kek)
        self.indexes.rewrap(kek)
        self.standing.rewrap(kek)
        self.standing.raise_epoch()
        replace(self.header.holding(kek, root), scrub_due=True).write(self.connection)

    def owe_scrub(self) -> None:
        """Note that traces of what this transaction deletes are still to be removed."""
        replace(self.header, scrub_due=True).write(self.connection)

"""The keystore while it is open for one operation: its header, its keys and their root."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from keys.envelope import CaseId
from keys.index import IndexPurpose
from keys.keystore.sqlite_file import upgrade
from keys.keystore.tables.case_keys import CaseKeys
from keys.keystore.tables.draft_keys import DraftKeys
from keys.keystore.tables.field_keys import FieldKeys
from keys.keystore.tables.header import Header
from keys.keystore.tables.index_keys import IndexKeyRows
from keys.keystore.tables.rotation import Progress, RotationRow
from keys.keystore.tables.signing_keys import SigningKeyRows
from keys.keystore.tables.standing import Standing, StandingRow
from keys.keystore.wrapping import Root, WrappingKeys, new_wrapping_key
from keys.signing import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    """All parts of a keystore in the transaction of `connection`; never commits."""

    connection: sqlite3.Connection
    header: Header
    root: Root
    kek: WrappingKeys
    rotation: RotationRow
    signing: SigningKeyRows
    cases: CaseKeys
    drafts: DraftKeys
    fields: FieldKeys
    indexes: IndexKeyRows
    standing: StandingRow

    @classmethod
    def within(cls, connection: sqlite3.Connection, header: Header, root: Root) -> Self:
        """Unwrap what wraps all keys; raises `KeystoreDamagedError`."""
        rotation = RotationRow(connection, header.identity)
        kek = WrappingKeys(newest=header.kek(root), former=rotation.former(root))
        return cls(
            connection=connection,
            header=header,
            root=root,
            kek=kek,
            rotation=rotation,
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

    def begin_rewrap(self, root: Root) -> None:
        """Let a fresh key-encryption key, wrapped by `root`, wrap every key from now on.

        The few keys of the installation are wrapped anew at once; those of cases, drafts and
        fields by `rewrap_some`.
        """
        kek, former = new_wrapping_key(), self.kek.newest
        both = WrappingKeys(newest=kek, former=former)
        self.signing.rewrap(both)
        self.indexes.rewrap(both)
        self.standing.rewrap(both)
        self.standing.raise_epoch()
        self.rotation.begin(former, root)
        self.header.holding(kek, root).write(self.connection)

    def rewrap_some(self, limit: int) -> bool:
        """Wrap the next keys anew, `limit` at most; say whether none is left.

        A key that is made meanwhile is wrapped by the newest already.
        """
        progress = self.rotation.progress()
        if progress is None:
            return True
        tables = (self.cases, self.drafts, self.fields)
        last = tables[progress.stage].rewrap_some(progress.reached, limit)
        if last is not None:
            self.rotation.note(Progress(stage=progress.stage, reached=last))
        elif progress.stage + 1 < len(tables):
            self.rotation.note(Progress(stage=progress.stage + 1, reached=0))
        else:
            self.rotation.end()
            self.owe_scrub()
            return True
        return False

    def owe_scrub(self) -> None:
        """Note that traces of what this transaction deletes are still to be removed."""
        replace(self.header, scrub_due=True).write(self.connection)

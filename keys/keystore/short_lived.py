"""What a keystore holds of keys that go before a case does, and where it stands."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from keys.envelope import CaseId, CaseKey
from keys.keystore.tables.draft_keys import DraftKey
from keys.keystore.tables.field_keys import FieldName
from keys.keystore.tables.standing import Mark, Standing
from keys.keystore.unlocked import Unlocked


class ShortLived(ABC):
    """The part of `Keystore` that is about drafts, single fields and its standing."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Unlocked]:
        """Open the keystore for one look."""

    @abstractmethod
    def _changing(self) -> AbstractContextManager[Unlocked]:
        """Open the keystore for one change, kept whole or not at all."""

    def new_draft_key(self, draft: CaseId, now: datetime) -> CaseKey:
        """Make the key of a draft, durable before this returns; raises `KeyExistsError`."""
        with self._changing() as unlocked:
            return unlocked.drafts.add(draft, now)

    def draft_key(self, draft: CaseId) -> DraftKey:
        """Return the key of a draft and the newest version noted; raises `UnknownKeyError`."""
        with self._reading() as unlocked:
            return unlocked.drafts.key(draft)

    def make_case_of_draft(self, case: CaseId, draft: CaseId, now: datetime) -> CaseKey:
        """Let `case` have the key of a draft too, durable before this returns; may be repeated.

        The draft keeps its own row until it goes; what the case's key sealed outlasts it. Raises
        `UnknownKeyError`, `KeyErasedError`, and `KeyExistsError` for a case with another key.
        """
        with self._changing() as unlocked:
            return unlocked.cases.adopt(case, unlocked.drafts.key(draft).key, now)

    def note_draft(self, draft: CaseId, version: int) -> None:
        """Write down which version of a draft was kept last; an older one changes nothing.

        Raises `UnknownKeyError`.
        """
        with self._changing() as unlocked:
            unlocked.drafts.note(draft, version)

    def destroy_draft_keys(self, drafts: Iterable[CaseId]) -> int:
        """Destroy keys of drafts and every trace of them in the keystore's files; count them.

        May be repeated, and must be after `KeystoreUnavailableError`.
        """
        with self._changing() as unlocked:
            destroyed = unlocked.drafts.destroy(drafts)
            if destroyed:
                unlocked.owe_scrub()
            return destroyed

    def drafts(self, *, made_before: datetime) -> tuple[CaseId, ...]:
        """Return the drafts whose keys were made before a moment, in the order of their names."""
        with self._reading() as unlocked:
            return unlocked.drafts.drafts(made_before)

    def make_field_key(self, name: FieldName, now: datetime) -> CaseKey:
        """Return the key of a field that goes before its case, durable before this returns.

        A fresh one where it had none; raises `KeyErasedError` where it was destroyed.
        """
        with self._changing() as unlocked:
            return unlocked.fields.make(name, now)

    def field_key(self, name: FieldName) -> CaseKey:
        """Return the key of a field; raises `UnknownKeyError`, or `KeyErasedError` of its kind."""
        with self._reading() as unlocked:
            return unlocked.fields.key(name)

    def destroy_field_keys(self, names: Iterable[FieldName], now: datetime) -> None:
        """Destroy keys of fields and every trace of them in the keystore's files.

        May be repeated, and must be after `KeystoreUnavailableError`.
        """
        with self._changing() as unlocked:
            if unlocked.fields.destroy(names, now):
                unlocked.owe_scrub()

    def fields(self) -> tuple[FieldName, ...]:
        """Return the fields whose keys exist, in order."""
        with self._reading() as unlocked:
            return unlocked.fields.names()

    def standing(self) -> Standing:
        """Return how often the keys changed, and which head was published last."""
        with self._reading() as unlocked:
            return unlocked.standing.read()

    def note_published(self, mark: Mark) -> None:
        """Write down a head that is about to be kept, unless it is no newer than the mark."""
        with self._changing() as unlocked:
            standing = unlocked.standing.read()
            if standing.mark is None or standing.mark.size < mark.size:
                unlocked.standing.write(replace(standing, mark=mark))

    def confirm(self, mark: Mark) -> None:
        """Take this head for the newest one, whatever the mark said; the epoch rises."""
        with self._changing() as unlocked:
            standing = unlocked.standing.read()
            unlocked.standing.write(replace(standing, epoch=standing.epoch + 1, mark=mark))

    def settle_fields(self) -> None:
        """Note that no field which an earlier release sealed waits for a key of its own."""
        with self._changing() as unlocked:
            standing = unlocked.standing.read()
            unlocked.standing.write(replace(standing, fields_owed=False))

"""Drafts: what somebody typed and has not sent, each encrypted under a key of its own.

A draft is bound to its name, owner, body, members, form version, day and version, so that a row
which is altered, swapped or copied does not open. Its newest version stands in the keystore with
its key, so that an older text which is put back does not open either. Nothing of a draft is on the
ledger but how many went because their time was up.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from broker.concerns.orphans import orphans_of
from broker.concerns.standing import concern_of
from broker.domain.concerns.drafts import (
    CHANGE,
    KEPT_DAYS,
    REVIEW,
    Draft,
    DraftChangedError,
    DraftId,
    DraftRefusedError,
    DraftRow,
    DraftText,
    Member,
    Part,
    UnknownDraftError,
)
from broker.domain.errors import NotAllowedError, RowDisagreesError, WrongStateError
from broker.domain.model import Person
from broker.domain.times import Clock, uk_day
from broker.ledger import events
from broker.storage.transaction import Transaction, Transactions
from keys import (
    CannotOpenError,
    CaseId,
    CaseKey,
    Keystore,
    PersonId,
    Place,
    UnknownKeyError,
    open_field,
    seal_field,
)

_LENGTH: Final = 4
_SMALLEST: Final = 4096
_TRIES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftsDestroyed:
    """How many drafts went because their time was up, and how many were refused as not ours.

    That is what somebody wrote in, and what they took away: its key stays.
    """

    destroyed: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """Keeps, opens and forgets drafts for the people who may.

    What a person may not open does not exist for them: `UnknownDraftError`. A row that is not what
    was kept raises `DraftRefusedError`, an alarm.
    """

    transaction: Transactions
    clock: Clock

    @property
    def _keystore(self) -> Keystore:
        return self.transaction.keystore

    def begin(self, person: Person, form: str, text: DraftText) -> Draft:
        """Keep a new draft of this form version, under a random name and a key of its own."""
        name = DraftId(secrets.token_hex(16))
        # Durable before the row: a key that was never used is swept, a row without one is lost.
        key = self._keystore.new_draft_key(CaseId(name), self.clock())
        members = (Member(person=person.id, part=Part.WRITES),)
        row = DraftRow(
            id=name,
            owner=person.id,
            agency=person.agency,
            form=form,
            version=1,
            ciphertext=b"",
            saved_on=self._today(),
        )
        draft = _sealed(Draft(row=row, members=members, text=text), key)
        with self.transaction() as tx:
            tx.drafts.add(draft.row, draft.members)
        self._keystore.note_draft(CaseId(name), draft.row.version)
        return draft

    def open(self, person: Person, name: DraftId) -> Draft:
        """Return a draft that the person may read; raises `UnknownDraftError`."""
        with self.transaction() as tx:
            draft = self.theirs(tx, person, name)
        self.note(draft)
        return draft

    def save(
        self, person: Person, name: DraftId, *, seen: int, form: str, text: DraftText
    ) -> Draft:
        """Put a text in the place of version `seen`, and count its days anew.

        Raises `DraftChangedError` with what stands there where another window saved meanwhile,
        `NotAllowedError` for who may only read, and `UnknownDraftError`.
        """
        with self.transaction() as tx:
            draft = self.to_change(tx, person, name)
            if draft.row.version != seen:
                raise DraftChangedError(draft)
            kept = self.put(tx, replace(draft, text=text), form=form)
        self._keystore.note_draft(CaseId(name), kept.row.version)
        return kept

    def keep_typed(
        self, person: Person, name: DraftId, page: str, posted: Mapping[str, object]
    ) -> Draft:
        """Keep what was posted to a page as it was typed, beside the answers.

        For what has faults, and for what came when the session had ended or was hidden. It takes
        the place of nothing but what was typed on that page before.
        """
        for _ in range(_TRIES - 1):
            draft = self.open(person, name)
            text = replace(draft.text, typed={**draft.text.typed, page: posted})
            try:
                return self.save(
                    person, name, seen=draft.row.version, form=draft.row.form, text=text
                )
            except DraftChangedError:
                continue
        draft = self.open(person, name)
        text = replace(draft.text, typed={**draft.text.typed, page: posted})
        return self.save(person, name, seen=draft.row.version, form=draft.row.form, text=text)

    def mine(self, person: Person) -> tuple[DraftRow, ...]:
        """Return the drafts of referrals that somebody writes in, the newest first, unopened.

        What a Guardian has written of a decision so far, or somebody of a change, is no referral.
        """
        with self.transaction() as tx:
            mine = tx.drafts.of(person.id)
            return tuple(row for row in mine if row.journey not in {REVIEW, CHANGE})

    def of_form(self, person: Person, form: str) -> DraftRow | None:
        """Return the draft that somebody acting for a body began on a form, None without one."""
        with self.transaction() as tx:
            mine = (row for row in tx.drafts.of(person.id) if row.form == form)
            return next((row for row in mine if row.agency == person.agency), None)

    def delete(self, person: Person, name: DraftId) -> None:
        """Forget a draft because its owner says so; raises `NotAllowedError` for anybody else."""
        with self.transaction() as tx:
            draft = self.to_change(tx, person, name)
            if draft.row.owner != person.id:
                raise NotAllowedError("Only its owner deletes a draft.")
            if _is_under_way(tx, draft):
                raise WrongStateError(
                    "Somebody was asked to check this, so it is not deleted. Leave it with them, "
                    "once they have answered, or send it."
                )
            tx.drafts.remove((name,))
        self._keystore.destroy_draft_keys((CaseId(name),))

    def destroy_expired(self) -> DraftsDestroyed:
        """Forget the drafts whose 28 days are over, and record how many; sweep keys left over.

        A draft whose day is not what was kept stays, since nobody knows when its time is up; so
        do one of whose concern the row is not to be believed, and the key of a draft that somebody
        took out of the database.
        """
        before = self._today() - timedelta(days=KEPT_DAYS)
        with self.transaction() as tx:
            due = {name: self._ends(tx, name) for name in tx.drafts.saved_before(before)}
            gone = tuple(name for name, ends in due.items() if ends)
            tx.drafts.remove(gone)
            orphans = orphans_of(tx, self._keystore, self.clock())
            if ended := len(gone) + len(orphans.recorded):
                tx.append(events.drafts_destroyed(ended))
        self._keystore.destroy_draft_keys({*map(CaseId, gone), *orphans.over})
        doubted = sum(ends is None for ends in due.values())
        refused = doubted + len(orphans.missed)
        return DraftsDestroyed(destroyed=ended, refused=refused)

    # Inside the caller's transaction

    def theirs(self, tx: Transaction, person: Person, name: DraftId) -> Draft:
        """Return a draft of which somebody is a member; raises as `open`."""
        row = tx.drafts.find(name)
        if row is None:
            raise UnknownDraftError
        members = tx.drafts.members(name)
        if all(member.person != person.id for member in members):
            raise UnknownDraftError
        return self._opened(row, members)

    def anybodys(self, tx: Transaction, name: DraftId) -> Draft | None:
        """Return a draft for a caller who knows that it may be opened; None where it is gone."""
        row = tx.drafts.find(name)
        return None if row is None else self._opened(row, tx.drafts.members(name))

    def to_change(self, tx: Transaction, person: Person, name: DraftId) -> Draft:
        """Return a draft that somebody may change; raises as `save`."""
        draft = self.theirs(tx, person, name)
        if Member(person=person.id, part=Part.WRITES) not in draft.members:
            raise NotAllowedError("You may read this draft, and only its writer changes it.")
        return draft

    def admit(self, tx: Transaction, draft: Draft, person: PersonId, part: Part) -> Draft:
        """Let somebody read a draft, or write it too; nobody loses a part. Then `note` it."""
        known = {member.person: member.part for member in draft.members}
        if known.get(person) in {part, Part.WRITES}:
            return draft
        members = {**known, person: part}.items()
        admitted = tuple(sorted(Member(person=who, part=theirs) for who, theirs in members))
        return self.put(tx, replace(draft, members=admitted), form=draft.row.form)

    def put(self, tx: Transaction, draft: Draft, *, form: str) -> Draft:
        """Keep a draft as the next version, in the place of the one that stands there."""
        seen = draft.row.version
        row = replace(draft.row, form=form, version=seen + 1, saved_on=self._today())
        key = self._keystore.draft_key(CaseId(row.id)).key
        kept = _sealed(replace(draft, row=row), key)
        if not tx.drafts.replace(kept.row, seen, kept.members):
            raise DraftRefusedError  # its row is locked, so nobody else can have saved it
        return kept

    def _opened(self, row: DraftRow, members: tuple[Member, ...]) -> Draft:
        try:
            held = self._keystore.draft_key(CaseId(row.id))
        except UnknownKeyError:
            raise UnknownDraftError from None
        if row.version < held.version:
            raise DraftRefusedError
        try:
            padded = open_field(held.key, row.ciphertext, _place(row, members))
        except CannotOpenError:
            raise DraftRefusedError from None
        return Draft(row=row, members=members, text=DraftText.of_bytes(_unpadded(padded)))

    def _ends(self, tx: Transaction, name: DraftId) -> bool | None:
        """Say whether a draft ends with its time; None where nobody can know."""
        row = tx.drafts.find(name)
        if row is None:
            return None
        try:
            return not _is_under_way(tx, self._opened(row, tx.drafts.members(name)))
        except (DraftRefusedError, RowDisagreesError):
            return None
        except UnknownDraftError:
            return True  # its key is gone, so only a row is left of it

    def note(self, draft: Draft) -> None:
        """Let the keystore know the version that was kept, once that is committed."""
        name = CaseId(draft.row.id)
        if self._keystore.draft_key(name).version < draft.row.version:
            self._keystore.note_draft(name, draft.row.version)

    def _today(self) -> date:
        return uk_day(self.clock())


def _is_under_way(tx: Transaction, draft: Draft) -> bool:
    """Say whether a concern waits that the draft became; raises `RowDisagreesError`."""
    concern = concern_of(tx, draft)
    return concern is not None and concern.closed_at is None


def _sealed(draft: Draft, key: CaseKey) -> Draft:
    place = _place(draft.row, draft.members)
    ciphertext = seal_field(key, _padded(draft.text.to_bytes()), place)
    return replace(draft, row=replace(draft.row, ciphertext=ciphertext))


def _place(row: DraftRow, members: Iterable[Member]) -> Place:
    """Return what a draft is bound to: every column of its rows but the text itself."""
    who = ",".join(f"{member.person}={member.part}" for member in sorted(members))
    field = f"draft/{row.form}/{row.owner}/{row.agency}/{row.saved_on}/{who}"
    return Place(case=CaseId(row.id), field=field, version=row.version)


def _padded(content: bytes) -> bytes:
    """Return `content` with its length before it, at a size that tells little: a power of two."""
    framed = len(content).to_bytes(_LENGTH, "big") + content
    size = max(_SMALLEST, 1 << (len(framed) - 1).bit_length())
    return framed.ljust(size, b"\0")


def _unpadded(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:_LENGTH], "big")
    return padded[_LENGTH : _LENGTH + length]

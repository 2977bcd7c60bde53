"""Answering: taken, passed on, sent back, given more time, answered; two people never both.

Nil is an answer on time, and so is a no with its reasons. How an answer is judged: `giving`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from broker.disclosures.repeats import answered_before
from broker.disclosures.what_goes import WhatGoes
from broker.domain.errors import FaultyDocumentError, NotAllowedError, WrongStateError
from broker.domain.grounds import must_be_a_reason
from broker.domain.model import Person, SubmissionKey
from broker.domain.partner_requests.answers import GivenAnswer
from broker.domain.partner_requests.copies import (
    WAITS,
    Copy,
    CopyName,
    CopyState,
    Lateness,
    UnknownCopyError,
    changed,
)
from broker.domain.partner_requests.days import later_day_faults
from broker.domain.times import Clock, uk_day
from broker.ledger.changes import requests as recorded
from broker.ledger.changes.requests import ExtensionStep
from broker.partner_requests.giving import Answerer, Giving, Put, keep_said
from broker.partner_requests.standing import (
    ANSWERERS,
    NotOfThatBodyError,
    asked_by_us,
    put_to_us,
)
from broker.storage.transaction import Transaction, Transactions
from keys import PersonId

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """What the body that is asked does with its copy; every method opens its own transaction."""

    transaction: Transactions
    giving: Giving
    clock: Clock

    def take(self, name: CopyName, person: Person) -> Copy:
        """Take a copy in hand; the same again is done once.

        Raises `UnknownCopyError`, `WrongStateError` once it is answered or withdrawn.
        """
        with self.transaction() as tx:
            copy, _ = put_to_us(tx, name, person, to_change=True)
            if copy.owner == person.id and copy.state is CopyState.OPENED:
                return copy
            copy.must_be(*WAITS)
            after = self._after(copy, state=CopyState.OPENED, owner=person.id)
            tx.append(recorded.opened(after, tx.copies.put(after), person.id))
        return after

    def pass_on(
        self,
        name: CopyName,
        person: Person,
        to: PersonId,
        why: str,
        key: SubmissionKey | None = None,
    ) -> Copy:
        """Pass a copy to somebody else of the body; raises as `take`, and `NotOfThatBodyError`.

        As every step here that takes a `key`, it is done once by it, and raises `KeyReusedError`.
        """
        must_be_a_reason(why)
        today = uk_day(self.clock())
        with self.transaction() as tx:
            found = _once(tx, name, person, key, put_to_us)
            if isinstance(found, _Done):
                return found.copy
            copy, disclosure = found
            copy.must_be(*WAITS)
            answerers = (tx.people.acting(copy.asked, role, today) for role in ANSWERERS)
            if not any(one.id == to for found in answerers for one in found):
                raise NotOfThatBodyError
            after = self._after(copy, state=CopyState.OPENED, owner=to)
            words_c = keep_said(tx, disclosure, after, {"what": "passed", "text": why}, person)
            tx.append(recorded.opened(after, tx.copies.put(after), person.id, words_c))
            _remember(tx, after, person, key)
        return after

    def give_back(
        self,
        name: CopyName,
        person: Person,
        reason: str,
        why: str,
        key: SubmissionKey | None = None,
    ) -> Copy:
        """Send a copy back because it cannot be answered as it stands, and say why."""
        must_be_a_reason(why)
        with self.transaction() as tx:
            found = _once(tx, name, person, key, put_to_us)
            if isinstance(found, _Done):
                return found.copy
            copy, disclosure = found
            copy.must_be(*WAITS)
            after = self._after(copy, state=CopyState.RETURNED)
            words = {"what": "returned", "reason": reason, "text": why}
            words_c = keep_said(tx, disclosure, after, words, person)
            mark = tx.copies.put(after)
            tx.append(recorded.returned(after, mark, person.id, reason, words_c))
            _remember(tx, after, person, key)
        return after

    def ask_for_time(
        self,
        name: CopyName,
        person: Person,
        until: date,
        why: str,
        key: SubmissionKey | None = None,
    ) -> Copy:
        """Ask for a later day, before the day; whoever set it grants it or does not."""
        must_be_a_reason(why)
        with self.transaction() as tx:
            found = _once(tx, name, person, key, put_to_us)
            if isinstance(found, _Done):
                return found.copy
            copy, disclosure = found
            copy.must_be(*WAITS)
            faults = tuple(later_day_faults(until, copy.due_on, uk_day(self.clock())))
            if faults:
                raise FaultyDocumentError(faults)
            after = self._after(copy, wanted_until=until)
            words = {"what": "asked-for-time", "text": why}
            words_c = keep_said(tx, disclosure, after, words, person)
            step = ExtensionStep(word="asked", until=until)
            mark = tx.copies.put(after)
            tx.append(recorded.extended(after, mark, person.id, step, words_c))
            _remember(tx, after, person, key)
        return after

    def settle_time(
        self, name: CopyName, person: Person, *, granted: bool, key: SubmissionKey | None = None
    ) -> Copy:
        """Grant the later day that was asked for, or do not; only who set the day may.

        How late it is begins anew with a granted day, so that this day is chased as well. Raises
        `NotAllowedError` for anybody else, and where no later day was asked for.
        """
        with self.transaction() as tx:
            found = _once(tx, name, person, key, asked_by_us)
            if isinstance(found, _Done):
                return found.copy
            copy = found
            if copy.set_by != person.id:
                raise NotAllowedError("Who set the day grants more time. Ask them.")
            copy.must_be(*WAITS)
            if copy.wanted_until is None:
                raise NotAllowedError("No more time was asked for.")
            until = copy.wanted_until
            after = self._after(copy, wanted_until=None)
            if granted:
                after = replace(after, due_on=until, lateness=Lateness.NONE)
            step = ExtensionStep(word="granted" if granted else "declined", until=until)
            mark = tx.copies.put(after)
            tx.append(recorded.extended(after, mark, person.id, step))
            _remember(tx, after, person, key)
        return after

    def preview(self, name: CopyName, person: Person, given: GivenAnswer) -> WhatGoes | None:
        """Return what whoever asked would read; None where nothing is shared. Nothing is kept.

        Raises as `answer`.
        """
        with self.transaction() as tx:
            copy, disclosure = put_to_us(tx, name, person)
            copy.must_be(*WAITS)
            return self.giving.what_goes(tx, Put(copy, disclosure), given, person)

    def answer(
        self,
        name: CopyName,
        person: Person,
        given: GivenAnswer,
        key: SubmissionKey | None = None,
    ) -> Copy:
        """Answer a copy, once: who comes second reads who answered.

        Raises `FaultyDocumentError` naming what the answer lacks, `OtherPersonError` where what is
        held names somebody else, `CannotBeSharedError` where the rules refuse it (recorded; the
        copy goes on waiting), `WrongStateError` once it was answered or withdrawn.
        """
        with self.transaction() as tx:
            found = _once(tx, name, person, key, put_to_us)
            if isinstance(found, _Done):
                return found.copy
            copy, disclosure = found
            copy.must_be(*WAITS)
            given_one = self.giving.give(tx, Put(copy, disclosure), given, Answerer(person=person))
            if given_one.refusal is None:
                _remember(tx, given_one.copy, person, key)
        return given_one.or_refusal()

    def _after(self, copy: Copy, **changes: object) -> Copy:
        return changed(copy, self.clock(), **changes)


@dataclass(frozen=True, slots=True)
class _Done:
    """A copy as it stands, about which this call was made before."""

    copy: Copy


def _once(
    tx: Transaction,
    name: CopyName,
    person: Person,
    key: SubmissionKey | None,
    find: Callable[..., _Found],
) -> _Found | _Done:
    """Return what `find` reads and locks of a copy, or that this call about it was made before.

    The key is looked for where nothing is found too: who passed a copy on may see it no longer,
    and what is hidden asks the database the same as what is absent.
    """
    try:
        found = find(tx, name, person, to_change=True)
    except (UnknownCopyError, WrongStateError):
        if (done := _done_before(tx, name, person, key)) is None:
            raise
        return done
    return _done_before(tx, name, person, key) or found


def _done_before(
    tx: Transaction, name: CopyName, person: Person, key: SubmissionKey | None
) -> _Done | None:
    if key is None or tx.submission_keys.submitted_with(person, key.key) is None:
        return None
    copy = tx.copies.copy(name, to_change=True)
    return None if answered_before(tx, key, person, copy.asking) is None else _Done(copy)


def _remember(tx: Transaction, copy: Copy, person: Person, key: SubmissionKey | None) -> None:
    if key is not None:
        tx.submission_keys.remember(person, key, copy.disclosure)

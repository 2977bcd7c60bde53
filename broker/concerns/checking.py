"""The checker's side of a concern: what waits for whom, what they read, and what they answer.

Whoever was asked answers. Where their day has passed, or they are gone, any lead of the body does.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from broker.cases.earlier.read_first import UnreadEarlierError, sees_earlier
from broker.concerns import case, telling, who_checks
from broker.concerns.asking import LOOK_BACK
from broker.concerns.drafts import Drafts
from broker.concerns.earlier import EarlierOfConcerns
from broker.concerns.words import of_check, opened, sealed_words
from broker.delivery.person_notices import PersonNotices
from broker.domain.concerns.concerns import (
    About,
    Advice,
    Also,
    Answer,
    AnsweredAlreadyError,
    Concern,
    ConcernStage,
    Ending,
    OpenConcern,
)
from broker.domain.concerns.drafts import Draft, Part
from broker.domain.errors import NotAllowedError
from broker.domain.grounds import must_be_a_reason
from broker.domain.model import Person
from broker.domain.obligations import is_sampled
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.times import Clock, uk_day, uk_time
from broker.ledger.changes import concerns as concern_events
from broker.ledger.changes.concerns import Kept
from broker.ledger.events import Event
from broker.ledger.readings import Content, Entrance, record_reading
from broker.registers.checkers import contact_of
from broker.storage.transaction import Transaction, Transactions

LISTED: Final = 200
"""How many concerns of a body an overview holds."""

_SEE_THEIR_BODY: Final = frozenset({Role.LEAD, Role.MANAGER, Role.GUARDIAN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """What a checker answers: what should happen, what else, and why, in words."""

    advice: Advice
    also: frozenset[Also]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """What a lead, a manager or a Guardian does with a concern; each opens its own transaction.

    What is not theirs does not exist for them: `UnknownConcernError`.
    """

    transaction: Transactions
    drafts: Drafts
    earlier: EarlierOfConcerns
    notices: PersonNotices
    clock: Clock

    def waiting(self, person: Person) -> tuple[Concern, ...]:
        """Return the concerns that wait for somebody's answer, the first due first."""
        with self.transaction() as tx:
            found = [
                concern
                for concern in tx.concerns.under_way(person.agency)
                if concern.stage is ConcernStage.CHECKING and self._may_answer(tx, concern, person)
            ]
        return tuple(sorted(found, key=lambda one: (one.newest.due_on, str(one.reference))))

    def of_body(self, person: Person) -> tuple[Concern, ...]:
        """Return the newest concerns of a body, for its leads, managers and Guardians; no content.

        Raises `NotAllowedError` for anybody else.
        """
        if person.role not in _SEE_THEIR_BODY:
            raise NotAllowedError("The concerns of a body are for its leads and managers.")
        with self.transaction() as tx:
            return tx.concerns.of_agency(person.agency, limit=LISTED)

    def open(self, reference: Reference, person: Person, how: Entrance) -> OpenConcern:
        """Return a concern to be read by whoever was asked, and record that they read it.

        Raises `SomeoneElseChecksError` for what they wrote, or what may be about them.
        """
        with self.transaction() as tx:
            concern = who_checks.theirs(tx, reference, person, self._today())
            draft = self.drafts.anybodys(tx, concern.draft)
            who_checks.refuse_own(tx, concern, draft, person)
            found = opened(tx, concern, draft)
            record_reading(tx, person, Content.CONCERN, how, reference)
        return found

    def answer(self, reference: Reference, person: Person, said: Advised) -> Concern:
        """Answer what was asked; the same again is recorded once.

        Where the body lets its lead complete what is sent, a lead who wants it sent may write in
        it from now on. Raises `AnsweredAlreadyError` where somebody answered, or was asked,
        meanwhile.
        """
        must_be_a_reason(said.words)
        now = self.clock()
        with self.transaction() as tx:
            seen = who_checks.theirs(tx, reference, person, self._today())
            draft = self.drafts.anybodys(tx, seen.draft)
            before = tx.concerns.find(reference, to_change=True) or seen
            who_checks.refuse_own(tx, before, draft, person)
            if not _fits(before, said):
                raise NotAllowedError("Only a concern about a colleague goes to HR as well.")
            if _was_given(tx, before, person, said):
                return before
            self._refuse_taken(tx, before, person)
            if said.advice.ends_it:
                self._refuse_unread(tx, before, draft, person)
            key = tx.keystore.case_key(before.case)
            name = of_check(before.newest.number)
            sealed, reason_c = sealed_words(key, reference, name, said.words)
            given = Answer(by=person.id, at=now, advice=said.advice, also=said.also, words=sealed)
            checks = (*before.checks[:-1], replace(before.newest, answer=given))
            concern, of_case = _ended(tx, replace(before, checks=checks), person, reason_c)
            kept = self._admitted(tx, concern, draft, person)
            writer = contact_of(tx, concern.owner)
            stored = Kept(tx.concerns.replace(concern), self.earlier.note(tx, concern, draft))
            sees = sees_earlier(person, concern.agency)
            checked = concern_events.concern_checked(
                concern, given, reason_c, stored, sees_earlier=sees
            )
            tx.append(*of_case, checked, *_end_of(concern, person, stored))
        if kept is not None:
            self.drafts.note(kept)
        told = () if writer is None else (telling.answered(concern, writer),)
        telling.tell(self.notices, told, now)
        return concern

    def may_answer(self, concern: Concern, person: Person) -> bool:
        """Say whether somebody may answer a concern now, and does not only read it."""
        if concern.stage is not ConcernStage.CHECKING:
            return False
        with self.transaction() as tx:
            return self._may_answer(tx, concern, person)

    def tell_of_late(self) -> int:
        """Tell the other leads of each answer whose day has passed, once; return how many."""
        today = self._today()
        with self.transaction() as tx:
            late = [
                concern.reference
                for concern in tx.concerns.under_way()
                if concern.is_late(today) and concern.told_late_on is None
            ]
        return sum(map(self._tell_of_one, late))

    def _tell_of_one(self, reference: Reference) -> bool:
        now = self.clock()
        with self.transaction() as tx:
            before = tx.concerns.find(reference, to_change=True)
            if before is None or not before.is_late(uk_day(now)) or before.told_late_on:
                return False
            concern = replace(before, told_late_on=uk_day(now))
            hear = telling.others(
                tx, concern, (who_checks.deputy_role(concern.newest),), uk_day(now)
            )
            told = [
                telling.late(concern, one) for one in hear if one.person != concern.newest.asked_of
            ]
            tx.append(concern_events.concern_overdue(concern, tx.concerns.replace(concern)))
        telling.tell(self.notices, told, now)
        return True

    def _may_answer(self, tx: Transaction, concern: Concern, person: Person) -> bool:
        return who_checks.may_answer(tx, concern, person, self._today())

    def _refuse_unread(
        self, tx: Transaction, concern: Concern, draft: Draft | None, person: Person
    ) -> None:
        if unread := self.earlier.unread(tx, person, concern, draft):
            raise UnreadEarlierError(unread)

    def _refuse_taken(self, tx: Transaction, concern: Concern, person: Person) -> None:
        answer = concern.newest.answer
        if answer is not None:
            raise AnsweredAlreadyError(
                f"It was answered by the {concern.newest.role} at {uk_time(answer.at):%H:%M}. "
                "Nothing of yours was recorded."
            )
        if concern.stage is not ConcernStage.CHECKING:
            raise AnsweredAlreadyError("It waits for no answer any more.")
        if not self._may_answer(tx, concern, person):
            raise AnsweredAlreadyError("It was put to somebody else meanwhile.")

    def _admitted(
        self, tx: Transaction, concern: Concern, draft: Draft | None, person: Person
    ) -> Draft | None:
        """Let a lead write in what they want sent, where their body has them complete it."""
        is_theirs = concern.stage is ConcernStage.SHARING and person.role is Role.LEAD
        completes = tx.directory.agency(concern.agency).completes
        if draft is None or not is_theirs or completes == "practitioner":
            return None
        return self.drafts.admit(tx, draft, person.id, Part.WRITES)

    def _today(self) -> date:
        return uk_day(self.clock())


def _ended(
    tx: Transaction, concern: Concern, person: Person, reason_c: str
) -> tuple[Concern, tuple[Event, ...]]:
    """Return a concern about a colleague as over for its writer, once the lead has answered it.

    The lead takes it on, or nothing comes of it; some of those, by chance and in the open, a
    Guardian looks back at. Any other is as it was.
    """
    answer = concern.newest.answer
    if answer is None or concern.about is not About.COLLEAGUE:
        return concern, ()
    if answer.advice is Advice.TELL_ME_MORE:
        return concern, ()
    over = replace(concern, closed_at=answer.at, closed_as=Ending.TAKEN_ON)
    if answer.advice is not Advice.NOTHING_MORE or Also.HR in answer.also:
        return over, ()
    look_back_on = uk_day(answer.at) + LOOK_BACK if is_sampled(reason_c) else None
    left = replace(over, closed_as=Ending.LEFT, look_back_on=look_back_on)
    return left, case.left(tx, left, person, answer.at)


def _end_of(concern: Concern, person: Person, stored: Kept) -> tuple[Event, ...]:
    if concern.closed_as is None:
        return ()
    return (concern_events.concern_closed(concern, person.id, concern.closed_as, stored),)


def _fits(concern: Concern, said: Advised) -> bool:
    return Also.HR not in said.also or concern.about is About.COLLEAGUE


def _was_given(tx: Transaction, concern: Concern, person: Person, said: Advised) -> bool:
    """Say whether the same person answered the same already: a button pressed twice."""
    answer = concern.newest.answer
    if answer is None or (answer.by, answer.advice, answer.also) != (
        person.id,
        said.advice,
        said.also,
    ):
        return False
    return opened(tx, concern, None).words[concern.newest.number] == said.words

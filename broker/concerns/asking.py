"""The writer's side of a concern: ask somebody, carry on or leave it, and send it.

Asking makes the draft a concern: it gets a reference and a case, whose key is the draft's, and
whoever was asked may read it. Before that nothing of it is on the ledger.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from broker.concerns import case, telling
from broker.concerns.drafts import Drafts
from broker.concerns.earlier import EarlierOfConcerns
from broker.concerns.standing import concern_of, is_about, sampled_on
from broker.concerns.words import WHY, opened, sealed_words
from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.domain.concerns.concerns import (
    CHECKERS,
    About,
    Advice,
    Check,
    Concern,
    ConcernStage,
    Ending,
    OpenConcern,
    SomeoneElseChecksError,
)
from broker.domain.concerns.drafts import Draft, DraftId, Part
from broker.domain.deadlines import check_due
from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.grounds import must_be_a_reason
from broker.domain.model import Person
from broker.domain.people.errors import UnknownPersonError
from broker.domain.references import Prefix, new_reference
from broker.domain.roles import Role
from broker.domain.times import Clock, uk_day
from broker.ledger.changes import concerns as concern_events
from broker.ledger.changes.concerns import Kept
from broker.ledger.readings import Content, Entrance, record_reading
from broker.registers.checkers import Colleague, colleagues
from broker.storage.transaction import Transaction, Transactions
from keys import CaseId, PersonId

LOOK_BACK: Final = timedelta(days=14)
"""By when a Guardian looks back at what was left, where chance chose it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whom somebody asks, in which role, and what decides by when they answer.

    `danger` and `harm` are the words of the contract. `answers` is false for a manager who looks
    at it beside the lead, who is asked next.
    """

    whom: PersonId
    role: Role
    danger: str
    harm: str
    about: About = About.PERSON
    answers: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What somebody who writes does about a concern; every method opens its own transaction."""

    transaction: Transactions
    drafts: Drafts
    earlier: EarlierOfConcerns
    notices: PersonNotices
    clock: Clock

    def may_be_asked(self, person: Person, name: DraftId) -> tuple[Colleague, ...]:
        """Return whom the writer of a draft may ask: leads and managers, or the Guardian.

        The Guardian is for a body whose lead completes what is sent, and does not want to.
        """
        with self.transaction() as tx:
            draft = self.drafts.to_change(tx, person, name)
            return self._askable(tx, draft, concern_of(tx, draft))

    def ask(
        self, person: Person, name: DraftId, question: Question, *, first: Question | None = None
    ) -> Concern:
        """Put a draft to somebody of the writer's body; raises `SomeoneElseChecksError`.

        Where somebody else is asked `first`, it is put to both or to nobody. Asked again, or
        asked of somebody else, the newest question counts. Raises `UnknownPersonError` for whom
        may not be asked, and `WrongStateError` once it is over.
        """
        now = self.clock()
        told: list[PersonNotice] = []
        with self.transaction() as tx:
            draft = self.drafts.to_change(tx, person, name)
            if first is not None:
                draft, _ = self._put(tx, draft, person, first, told)
            draft, concern = self._put(tx, draft, person, question, told)
        self.drafts.note(draft)
        telling.tell(self.notices, told, now)
        return concern

    def _put(
        self,
        tx: Transaction,
        draft: Draft,
        person: Person,
        question: Question,
        told: list[PersonNotice],
    ) -> tuple[Draft, Concern]:
        """Put a draft to one person in the caller's transaction; who is `told` once it is kept."""
        before = concern_of(tx, draft, to_change=True)
        whom = self._chosen(tx, draft, before, question)
        check = self._check(before, question, self.clock())
        kept = self.drafts.admit(tx, draft, whom.person, Part.READS)
        if before is None:
            opened, of_case = case.opened_for(tx, kept, question.about, check, person)
            concern = _noted(kept, opened, question.about, check)
            stored = Kept(tx.concerns.add(concern), self.earlier.note(tx, concern, kept))
            event = concern_events.concern_noted(concern, stored)
        else:
            concern = replace(before, checks=(*before.checks, check), told_late_on=None)
            of_case = case.joined(tx, concern, check, person)
            stored = Kept(tx.concerns.replace(concern), self.earlier.note(tx, concern, kept))
            event = concern_events.concern_asked(concern, person.id, stored)
        tells = telling.asked if question.answers else telling.looks_too
        told.append(tells(concern, whom))
        tx.append(*of_case, event)
        return kept, concern

    def asked_about(self, person: Person) -> Mapping[DraftId, Concern]:
        """Return what somebody's own drafts became of which somebody was asked, by draft."""
        mine = self.drafts.mine(person)
        with self.transaction() as tx:
            found = {row.id: tx.concerns.of_draft(row.id) for row in mine}
        return {name: concern for name, concern in found.items() if concern is not None}

    def of_draft(self, person: Person, name: DraftId) -> OpenConcern | None:
        """Return the concern of a draft with what was answered, for a member of the draft.

        None where nobody was asked. It is no reading: whoever shows the words records one.
        """
        return self.open(person, name)[1]

    def open(self, person: Person, name: DraftId) -> tuple[Draft, OpenConcern | None]:
        """Return a draft as `Drafts.open` does, and its concern as `of_draft` does."""
        with self.transaction() as tx:
            draft = self.drafts.theirs(tx, person, name)
            concern = concern_of(tx, draft)
            asked = None if concern is None else opened(tx, concern, draft)
        self.drafts.note(draft)
        return draft, asked

    def read_answer(self, person: Person, name: DraftId, how: Entrance) -> OpenConcern | None:
        """Return the same as `of_draft`, and record that the words were read."""
        with self.transaction() as tx:
            draft = self.drafts.theirs(tx, person, name)
            concern = concern_of(tx, draft)
            if concern is None:
                return None
            found = opened(tx, concern, draft)
            if found.words or found.why:
                record_reading(tx, person, Content.CONCERN, how, concern.reference)
        return found

    def carry_on(self, person: Person, name: DraftId, why: str) -> Concern:
        """Let a concern be sent without an answer, or against one; lead and Guardian are told.

        Raises `NotAllowedError` where the body's lead completes what is sent and said no: then
        its writer asks the Guardian. Raises `WrongStateError` where nothing stands in the way.
        """
        must_be_a_reason(why)
        now = self.clock()
        with self.transaction() as tx:
            before = _standing(tx, self.drafts.to_change(tx, person, name))
            if before.stage not in {ConcernStage.NOTED, ConcernStage.CHECKING}:
                raise WrongStateError("Nothing stands in the way of sending this.")
            if before.about is About.COLLEAGUE:
                raise NotAllowedError("What is about a colleague is for your lead to send.")
            if before.advice is not None and _lead_completes(tx, before):
                raise NotAllowedError(
                    "Your lead completes what is sent here. Ask the Guardian to look."
                )
            key = tx.keystore.case_key(before.case)
            sealed, why_c = sealed_words(key, before.reference, WHY, why)
            concern = replace(before, why=sealed, carried_on_at=now)
            hear = telling.others(tx, concern, (Role.LEAD, Role.GUARDIAN), uk_day(now))
            told = [telling.carried_on(concern, one) for one in hear]
            stored = tx.concerns.replace(concern)
            tx.append(concern_events.concern_carried_on(concern, person.id, why_c, stored))
        telling.tell(self.notices, told, now)
        return concern

    def leave(self, person: Person, name: DraftId) -> Concern:
        """Leave a concern with whoever does not want it sent; their reason is its reason.

        Some of these, by chance and in the open, a Guardian looks back at. Only its owner may.
        """
        now = self.clock()
        with self.transaction() as tx:
            draft = self.drafts.to_change(tx, person, name)
            before = _standing(tx, draft)
            if draft.row.owner != person.id:
                raise NotAllowedError("Only whoever wrote it leaves a concern.")
            if before.stage is not ConcernStage.NOTED or before.advice is None:
                raise WrongStateError("It can be left once somebody said that it should not go.")
            # Its text is kept as long again as a draft is, so that a Guardian can look back.
            kept = self.drafts.put(tx, draft, form=draft.row.form)
            concern = replace(
                before,
                closed_at=now,
                closed_as=Ending.LEFT,
                look_back_on=sampled_on(tx, before, uk_day(now) + LOOK_BACK),
            )
            stored = Kept(tx.concerns.replace(concern), self.earlier.note(tx, concern, kept))
            of_case = case.left(tx, concern, person, now)
            event = concern_events.concern_closed(concern, person.id, Ending.LEFT, stored)
            tx.append(*of_case, event)
        self.drafts.note(kept)
        return concern

    def sent(self, person: Person, name: DraftId) -> None:
        """End a draft that was sent, and the concern that it became; its case keeps its key."""
        with self.transaction() as tx:
            draft = self.drafts.to_change(tx, person, name)
            before = concern_of(tx, draft, to_change=True)
            tx.drafts.remove((name,))
            if before is not None:
                concern = replace(before, closed_at=self.clock(), closed_as=Ending.SENT)
                stored = Kept(tx.concerns.replace(concern), self.earlier.end(tx, concern))
                tx.append(concern_events.concern_closed(concern, person.id, Ending.SENT, stored))
        tx.keystore.destroy_draft_keys((CaseId(name),))

    def _askable(
        self, tx: Transaction, draft: Draft, concern: Concern | None
    ) -> tuple[Colleague, ...]:
        roles = (Role.GUARDIAN,) if _waits_for_the_guardian(tx, concern) else CHECKERS
        found = colleagues(tx, draft.row.agency, roles, uk_day(self.clock()))
        return tuple(one for one in found if one.person != draft.row.owner)

    def _chosen(
        self, tx: Transaction, draft: Draft, before: Concern | None, question: Question
    ) -> Colleague:
        if before is not None and before.stage is ConcernStage.CLOSED:
            raise WrongStateError("This concern is over, so nobody is asked about it any more.")
        if question.whom == draft.row.owner:
            raise SomeoneElseChecksError
        chosen = next(
            (
                one
                for one in self._askable(tx, draft, before)
                if (one.person, one.role) == (question.whom, question.role)
            ),
            None,
        )
        if chosen is None:
            raise UnknownPersonError
        if is_about(draft, chosen.name):
            raise SomeoneElseChecksError
        return chosen

    def _check(self, before: Concern | None, question: Question, now: datetime) -> Check:
        return Check(
            number=1 if before is None else before.newest.number + 1,
            asked_of=question.whom,
            role=question.role,
            asked_at=now,
            due_on=check_due(question.danger, question.harm, uk_day(now)).on,
            answer=None,
        )


def _noted(draft: Draft, of: CaseId, about: About, check: Check) -> Concern:
    return Concern(
        reference=new_reference(prefix=Prefix.CONCERN),
        case=of,
        draft=draft.row.id,
        agency=draft.row.agency,
        about=about,
        owner=draft.row.owner,
        noted_at=check.asked_at,
        checks=(check,),
    )


def _standing(tx: Transaction, draft: Draft) -> Concern:
    found = concern_of(tx, draft, to_change=True)
    if found is None:
        raise WrongStateError("Nobody was asked to check this yet.")
    return found


def _lead_completes(tx: Transaction, concern: Concern) -> bool:
    return tx.directory.agency(concern.agency).completes == "lead"


def _waits_for_the_guardian(tx: Transaction, concern: Concern | None) -> bool:
    """Say whether the next to be asked is the Guardian: the lead, who completes it, said no."""
    if concern is None or concern.advice is None or concern.advice.answer is None:
        return False
    return concern.advice.answer.advice is not Advice.REFER and _lead_completes(tx, concern)

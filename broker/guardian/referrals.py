"""The Caldicott Guardian's decision on what the rules refer to them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from broker.disclosures.decisions import keep_decision
from broker.disclosures.judge import Judge
from broker.disclosures.questions import keep_question, questions_of
from broker.domain.deadlines import answer_due
from broker.domain.errors import RulesUnavailableError
from broker.domain.grounds import REQUESTER, Grounds
from broker.domain.judgement import Judgement, JudgementRequest
from broker.domain.model import Approval, Disclosure, Pack, Person, Question
from broker.domain.obligations import to_look_back_at
from broker.domain.references import Reference
from broker.domain.states import WAITING_FOR_A_GUARDIAN, State
from broker.domain.times import uk_day
from broker.ledger import events
from broker.storage.case_file import Part
from broker.storage.transaction import Transaction, Transactions
from policies import Audience, Rulebook, decide, explain

Verdict = Literal["approve", "approve-reduced", "refuse"]
VERDICTS: tuple[str, ...] = get_args(Verdict)

QUEUE = 200
"""How much of a Guardian's queue is shown at once, the most urgent first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Grounds):
    """What a Guardian answers: a verdict on its grounds, and fields to leave out."""

    verdict: str
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A disclosure to be read by a Guardian: the pack, the rules with law, what was asked."""

    disclosure: Disclosure
    pack: Pack
    explanation: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Referrals:
    """What a Caldicott Guardian decides; every method opens its own transaction."""

    transaction: Transactions
    judge: Judge
    clock: Callable[[], datetime]

    def waiting(self, guardian: Person) -> tuple[Disclosure, ...]:
        """Return what waits in the Guardian's agency, the first due first."""
        with self.transaction() as tx:
            return tx.store.due_of(guardian.agency, WAITING_FOR_A_GUARDIAN, limit=QUEUE)

    def show(self, reference: Reference, guardian: Person) -> Referral:
        """Return what waits for a Guardian, before or after release, to be read.

        Raises `UnknownReferenceError`, and `WrongStateError` for what waits for no Guardian.
        """
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, guardian)
            if to_look_back_at(tx.duties.of(reference)) is None:
                _must_wait(disclosure)
            file = tx.case_file(disclosure)
            pack, facts = file.pack(), file.facts()
            rulebook = self._readable(tx, disclosure)
            questions = questions_of(file)
        words = explain(decide(facts, rulebook), rulebook, audience=Audience.GUARDIAN)
        return Referral(disclosure=disclosure, pack=pack, explanation=words, questions=questions)

    def _readable(self, tx: Transaction, disclosure: Disclosure) -> Rulebook:
        """Return the rules that judged, or those in force where this release cannot judge by them.

        A Guardian's word is judged by the rules in force in any case.
        """
        try:
            return self.judge.rules.kept(tx, disclosure.rulebook)
        except RulesUnavailableError:
            return self.judge.rules.in_force(tx, self.clock())

    def decide(self, reference: Reference, guardian: Person, answer: Answer) -> Disclosure:
        """Judge a referral again with the Guardian's answer, and return where it stands then.

        An approval that does not count, such as of one's own request, is recorded and refused,
        and the referral goes on waiting for a deputy. Raises `NotAllowedError` without a reason
        or the principles that it rests on.
        """
        answer.must_be_written()
        now = self.clock()
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, guardian)
            _must_wait(disclosure)
            file = tx.case_file(disclosure)
            pack = file.pack()
            asker = Person(id=disclosure.requester, agency=disclosure.sender, role="practitioner")
            approval = _approval(answer, guardian, disclosure)
            asked = JudgementRequest(pack=pack, person=asker, at=now)
            judgement = self.judge.judge(tx, asked, approval)
            after = _after(disclosure, judgement, now)
            tx.store.judge_again(disclosure, after)
            reason_c = file.commit(Part.REVIEW.numbered(after.decision_number), answer.reason)
            decided = keep_decision(tx, file, after, judgement)
            tx.append(events.reviewed(after, approval, answer.principles, reason_c), decided)
        return after

    def ask(self, reference: Reference, guardian: Person, question: Grounds) -> Disclosure:
        """Ask the sender for more before deciding; `question.reason` is what is asked.

        The Guardian may still decide without the reply. Raises `NotAllowedError` for a Guardian
        with a part in it, or without the principles that the question rests on.
        """
        question.must_be_written()
        now = self.clock()
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, guardian)
            disclosure.must_be(State.REFERRED, else_say="One question at a time is asked.")
            question.must_be_independent(guardian.id, {disclosure.requester})
            file = tx.case_file(disclosure)
            pack, today = file.pack(), uk_day(now)
            due_on = answer_due(pack.questions, today)
            question_c = keep_question(file, guardian, today, question.reason)
            after = tx.store.move(disclosure, State.ASKED, now, due_on=due_on)
            tx.append(events.asked(disclosure, guardian, question.principles, question_c))
        return after


def _must_wait(disclosure: Disclosure) -> None:
    disclosure.must_be(*WAITING_FOR_A_GUARDIAN, else_say="Nothing in it waits for a Guardian.")


def _approval(answer: Answer, guardian: Person, disclosure: Disclosure) -> Approval:
    is_own = guardian.id == disclosure.requester
    return Approval(
        approver=guardian.id,
        relation=REQUESTER if is_own else answer.relation,
        decision=answer.verdict,
        reason=answer.reason,
        left_out=answer.left_out,
    )


def _after(disclosure: Disclosure, judgement: Judgement, now: datetime) -> Disclosure:
    obliged = {obligation.type for obligation in judgement.decision.obligations}
    goes_on_waiting = "ask-a-deputy" in obliged or judgement.state is State.REFERRED
    return replace(
        disclosure,
        decision_number=disclosure.decision_number + 1,
        outcome=judgement.decision.outcome.value,
        state=State.REFERRED if goes_on_waiting else judgement.state,
        due_on=disclosure.due_on if goes_on_waiting else None,
        rulebook=judgement.decision.version,
        changed_at=now,
    )

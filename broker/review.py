"""The Caldicott Guardian's decision on what the rules refer to them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from broker import record
from broker.errors import NotAllowedError
from broker.judging import Asked, Judge, Judgement
from broker.model import Approval, Disclosure, Pack, Person, State
from broker.references import Reference
from broker.transaction import Transaction, Transactions
from broker.values import members
from policies import Audience, decide, explain

REQUESTER = "requester"
Relation = Literal["independent", "author", "subject", "relative", "line-report", "siro"]
RELATIONS: tuple[str, ...] = get_args(Relation)
"""What an approver may say of their relation to a disclosure; `requester` is found out."""

Verdict = Literal["approve", "approve-reduced", "refuse"]
VERDICTS: tuple[str, ...] = get_args(Verdict)

PRINCIPLES = {
    1: "Justify every purpose.",
    2: "Use information only when it is necessary.",
    3: "Use no more than the purpose needs.",
    4: "Only those who need to know see it.",
    5: "Everyone knows their duties.",
    6: "Keep to the law.",
    7: "The duty to share can matter as much as the duty to protect.",
    8: "Tell people what is done with what is known of them.",
}
"""The Caldicott Principles of 2020 by number, in short; a decision names those it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a Guardian answers: a verdict, why, their relation, and fields to leave out.

    `principles` are the numbers of the Caldicott Principles that the verdict rests on.
    """

    verdict: str
    reason: str
    relation: str
    principles: frozenset[int]
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A disclosure that waits for a Guardian: the pack, and the rules in words and with law."""

    disclosure: Disclosure
    pack: Pack
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """What a Caldicott Guardian does; every method opens its own transaction."""

    transaction: Transactions
    judge: Judge
    clock: Callable[[], datetime]

    def waiting(self, guardian: Person) -> tuple[Disclosure, ...]:
        """Return what the Guardian's agency has waiting, the newest first."""
        with self.transaction() as tx:
            return tx.store.disclosures_of(guardian.agency, limit=200, state=State.REFERRED)

    def show(self, reference: Reference, guardian: Person) -> Referral:
        """Return a referral to be read; raises `UnknownReferenceError`, `WrongStateError`."""
        with self.transaction() as tx:
            disclosure = _referred(tx, reference, guardian)
            file = tx.case_file(disclosure)
            pack, facts = Pack.of_document(file.committed("pack")), file.facts()
            rulebook = self.judge.shelf.kept(tx, disclosure.rulebook)
        words = explain(decide(members(facts), rulebook), rulebook, audience=Audience.GUARDIAN)
        return Referral(disclosure=disclosure, pack=pack, explanation=words)

    def decide(self, reference: Reference, guardian: Person, answer: Answer) -> Disclosure:
        """Judge a referral again with the Guardian's answer, and return where it stands then.

        An approval that does not count, such as of one's own request, is recorded and refused,
        and the referral goes on waiting for a deputy. Raises `NotAllowedError` without a reason
        or the principles that it rests on.
        """
        _must_say_why(answer)
        now = self.clock()
        with self.transaction() as tx:
            disclosure = _referred(tx, reference, guardian)
            file = tx.case_file(disclosure)
            pack = Pack.of_document(file.committed("pack"))
            asker = Person(id=disclosure.requester, agency=disclosure.sender, role="practitioner")
            approval = _approval(answer, guardian, disclosure)
            asked = Asked(pack=pack, person=asker, at=now)
            judgement = self.judge.judge(tx, asked, approval)
            after = _after(disclosure, judgement, now)
            tx.store.note_judged(after)
            tx.queue(after, judgement.duties)
            reason_c = file.commit(f"review/{after.judged}", answer.reason)
            commitments = file.keep_decision(after.judged, judgement.facts, judgement.document())
            tx.record(
                record.reviewed(after, approval, answer.principles, reason_c),
                record.decided(after, judgement, commitments),
            )
        return after


def _must_say_why(answer: Answer) -> None:
    if not answer.reason.strip():
        raise NotAllowedError("A Guardian's decision needs a written reason. Give one.")
    if not answer.principles or answer.principles - PRINCIPLES.keys():
        raise NotAllowedError(
            "A Guardian's decision names the Caldicott Principles that it rests on. "
            "Give their numbers, 1 to 8."
        )


def _referred(tx: Transaction, reference: Reference, guardian: Person) -> Disclosure:
    disclosure = tx.own(reference, guardian)
    disclosure.must_be(State.REFERRED, else_say="Only what the rules refer waits for a Guardian.")
    return disclosure


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
    return replace(
        disclosure,
        judged=disclosure.judged + 1,
        outcome=judgement.decision.outcome.value,
        state=State.REFERRED if "ask-a-deputy" in obliged else judgement.state,
        rulebook=judgement.decision.version,
        changed_at=now,
    )

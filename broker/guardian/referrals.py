"""The Caldicott Guardian's decision on what the rules refer to them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from broker.cases.earlier.index import EarlierIndex
from broker.cases.earlier.read_first import UnreadEarlierError, unread_before
from broker.cases.members import wrote_or_checked
from broker.delivery.gathering import parts_under
from broker.delivery.person_notices import PersonNotices
from broker.delivery.ways_out import way_out
from broker.disclosures.afterwards.waiting import tell_the_sender, tell_who_decides
from broker.disclosures.decisions import keep_decision
from broker.disclosures.judge import Judge
from broker.disclosures.questions import keep_question, questions_of
from broker.disclosures.repeats import done_before
from broker.disclosures.reviews import keep_review, reviews_of
from broker.disclosures.what_goes import WhatGoes
from broker.domain.deadlines import answer_due
from broker.domain.errors import NotAllowedError, RulesUnavailableError, WrongStateError
from broker.domain.form import label_of
from broker.domain.grounds import INDEPENDENT, Grounds
from broker.domain.model import Approval, Disclosure, Pack, Person, SubmissionKey
from broker.domain.obligations import is_looked_back_at, to_look_back_at
from broker.domain.references import Reference
from broker.domain.states import WAITING_FOR_A_GUARDIAN, State
from broker.domain.times import Clock, uk_day
from broker.guardian.answer import (
    Answer,
    approval_of,
    counts,
    left_out_by,
    review_of,
    standing_after,
)
from broker.guardian.before_opening import (
    must_be_open_to_a_question,
    must_wait,
    was_for_a_guardian,
)
from broker.guardian.public_interest import is_against_a_no, must_be_weighed
from broker.guardian.referral import Outline, Referral, Standing
from broker.guardian.repeats import is_repeat
from broker.guardian.retrospective import opinions_of
from broker.guardian.unknowns import must_be_known
from broker.ledger import events
from broker.ledger.readings import Content, Entrance, record_reading
from broker.packs.assembly import PackParts
from broker.packs.attachments.case_parts import summaries_of
from broker.registers.deciders import bodies_decided_by
from broker.storage.case_file import CaseFile
from broker.storage.transaction import Transaction, Transactions
from keys import PersonId
from policies import Audience, Decision, Outcome, Rulebook, decide, explain

_LAST = date.max
QUEUE = 200
"""How much of a Guardian's queue is shown at once, the most urgent first."""

_INDEPENDENT = Approval(
    approver=PersonId("somebody-independent"),
    relation=INDEPENDENT,
    decision="approve",
    reason="To see what would go.",
)
_BEFORE_ANY = -1
"""No entry has this number: nothing has decided what is only looked at."""
_LOOK_AGAIN = (
    "What would go is no longer what you were shown, so nothing was decided. Look at it again, "
    "then decide."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Referrals:
    """What a Caldicott Guardian decides; every method opens its own transaction."""

    transaction: Transactions
    judge: Judge
    index: EarlierIndex
    notices: PersonNotices
    clock: Clock

    def waiting(self, guardian: Person) -> tuple[Disclosure, ...]:
        """Return what waits for the Guardians of a body, the first due first.

        That is what its own people sent, and those of the bodies that named it.
        """
        with self.transaction() as tx:
            found = [
                disclosure
                for body in bodies_decided_by(tx, guardian.agency)
                for disclosure in tx.listed(
                    tx.store.due_of(body, WAITING_FOR_A_GUARDIAN, limit=QUEUE)
                )
            ]
        found.sort(key=lambda one: (one.due_on or _LAST, one.created_at))
        return tuple(found[:QUEUE])

    def show(self, reference: Reference, guardian: Person, how: Entrance) -> Referral:
        """Return what waits for a Guardian, or one decided or looked back at; recorded first.

        Raises `UnknownReferenceError`, and `WrongStateError` for what no Guardian was to see.
        """
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, guardian)
            file, duties = tx.case_file(disclosure), tx.duties.of(reference)
            reviews = reviews_of(file)
            if not reviews and not is_looked_back_at(duties):
                must_wait(disclosure)
            pack, facts, rulebook = file.pack(), file.facts(), self._readable(tx, disclosure)
            mailbox = tx.directory.mailbox(disclosure.recipient)
            decision = decide(facts, rulebook)
            of_the_case = _others_of_the_case(tx, disclosure)
            referral = Referral(
                disclosure=disclosure,
                pack=pack,
                mailbox=mailbox,
                recipient=tx.directory.agency(mailbox.agency),
                sender=tx.directory.agency(disclosure.sender),
                rulebook=rulebook,
                decision=decision,
                way=way_out(facts, decision.outcome.value),
                explanation=explain(
                    decision, rulebook, audience=Audience.GUARDIAN, called=label_of
                ),
                questions=questions_of(file),
                reviews=reviews,
                opinions=opinions_of(file),
                decided=WhatGoes.of(file.decision(), pack, left_out_by(reviews)),
                approved=self._if_approved(tx, disclosure, pack),
                looks_back=to_look_back_at(duties) is not None,
                attachments=tuple(summaries_of(len(pack.attachments), file.get)),
                against_a_no=is_against_a_no(pack, decision),
                of_the_case=of_the_case,
                is_repeat=is_repeat(facts),
                to_open=frozenset(
                    one.reference for one in of_the_case if was_for_a_guardian(tx, one)
                ),
            )
            record_reading(tx, guardian, Content.PACK, how, reference)
        return referral

    def _if_approved(self, tx: Transaction, disclosure: Disclosure, pack: Pack) -> WhatGoes | None:
        if disclosure.state not in WAITING_FOR_A_GUARDIAN:
            return None
        try:
            judgement = self.judge.judge_again(tx, disclosure, pack, self.clock(), _INDEPENDENT)
        except (RulesUnavailableError, WrongStateError):
            return None
        return WhatGoes.of(judgement.document(), pack)

    def _readable(self, tx: Transaction, disclosure: Disclosure) -> Rulebook:
        """Return the rules that judged, or those in force where this release cannot judge by them.

        A Guardian's word is judged by the rules in force in any case.
        """
        try:
            return self.judge.rules.kept(tx, disclosure.rulebook)
        except RulesUnavailableError:
            return self.judge.rules.in_force(tx, self.clock())

    def preview(
        self, reference: Reference, guardian: Person, answer: Answer, how: Entrance
    ) -> Standing:
        """Return what a Guardian's answer would lead to now; nothing is kept. Raises as `decide`.

        It names files and holds what would be printed, so that it is read is recorded first. Its
        `what.seen` in the answer makes sure that nothing else is decided.
        """
        answer.must_be_written()
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, guardian)
            must_wait(disclosure)
            pack, now = tx.case_file(disclosure).pack(), self.clock()
            approval = approval_of(answer, guardian, disclosure, pack)
            judgement = self.judge.judge_again(tx, disclosure, pack, now, approval)
            _must_stand(answer, approval, pack, judgement.decision)
            after = standing_after(disclosure, judgement)
            goes = after.state is State.DECIDED
            parts = _parts_under(tx, disclosure, judgement.document()) if goes else None
            record_reading(tx, guardian, Content.FILES, how, reference)
        return Standing(
            disclosure=after,
            what=WhatGoes.of(judgement.document(), pack, approval.left_out),
            counts=counts(judgement),
            relation=approval.relation,
            parts=parts,
        )

    def parts(self, reference: Reference, guardian: Person, how: Entrance) -> PackParts:
        """Return what the recipient would be given by an independent approval, or is given.

        It is recorded, and nothing is kept. Raises as `show`.
        """
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, guardian)
            file = tx.case_file(disclosure)
            if disclosure.state in WAITING_FOR_A_GUARDIAN:
                judged = self.judge.judge_again(
                    tx, disclosure, file.pack(), self.clock(), _INDEPENDENT
                )
                decision = judged.document()
            else:
                decision = file.decision()
            parts = _parts_under(tx, disclosure, decision)
            record_reading(tx, guardian, Content.PACK, how, reference)
        return parts

    def outline(self, reference: Reference, guardian: Person) -> Outline:
        """Return what a Guardian may still decide about it, in codes; raises as `preview`."""
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, guardian)
            must_wait(disclosure)
            pack = tx.case_file(disclosure).pack()
            judged = self.judge.judge_again(tx, disclosure, pack, self.clock(), _INDEPENDENT)
            unread = unread_before(tx, self.index, guardian, disclosure)
        decision = judged.decision
        return Outline(
            could_go=decision.release,
            against_a_no=is_against_a_no(pack, decision),
            questions=decision.questions if decision.outcome is Outcome.REFER else (),
            unread=unread,
        )

    def standing(self, reference: Reference, guardian: Person, how: Entrance) -> Standing:
        """Return where a disclosure stands by its newest review, its files named; recorded."""
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, guardian)
            file = tx.case_file(disclosure)
            reviews = reviews_of(file)
            newest = reviews[-1] if reviews else None
            standing = Standing(
                disclosure=disclosure,
                what=WhatGoes.of(file.decision(), file.pack(), left_out_by(reviews)),
                counts=newest is None or newest.counts,
                relation=INDEPENDENT if newest is None else newest.relation,
            )
            record_reading(tx, guardian, Content.FILES, how, reference)
        return standing

    def decide(
        self,
        reference: Reference,
        guardian: Person,
        answer: Answer,
        key: SubmissionKey | None = None,
    ) -> Disclosure:
        """Judge a referral again with the Guardian's answer, and return where it stands then.

        An approval that does not count, such as of one's own request, is recorded and refused,
        and the referral goes on waiting for a deputy. The same again, by `key` or word for word,
        is done once. Raises `NotAllowedError` without a reason or the principles that it rests
        on or where it approves what only an answer settles, `FaultyDocumentError` where it
        leaves out what the pack does not have, `WrongStateError` where something else would go
        than what the answer has seen, `UnreadEarlierError` where it refuses unread.
        """
        answer.must_be_written()
        now = self.clock()
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, guardian)
            if done_before(tx, key, guardian, disclosure):
                return disclosure
            file = tx.case_file(disclosure)
            pack = file.pack()
            approval = approval_of(answer, guardian, disclosure, pack)
            replies = sum(question.reply is not None for question in questions_of(file))
            review = review_of(answer, approval, now, replies)
            if key is None and any(map(review.says_the_same_as, reviews_of(file)[-1:])):
                return disclosure
            must_wait(disclosure)
            if guardian.id in wrote_or_checked(tx, disclosure.case):
                raise NotAllowedError("You wrote or checked this before. Ask a deputy Guardian.")
            unread = unread_before(tx, self.index, guardian, disclosure)
            if unread and answer.verdict == "refuse":
                raise UnreadEarlierError(unread)
            judgement = self.judge.judge_again(tx, disclosure, pack, now, approval)
            _must_stand(answer, approval, pack, judgement.decision)
            what = WhatGoes.of(judgement.document(), pack, approval.left_out)
            if answer.seen not in {None, what.seen}:
                raise WrongStateError(_LOOK_AGAIN)
            after = standing_after(disclosure, judgement)
            tx.store.judge_again(disclosure, after)
            review = replace(review, counts=counts(judgement))
            reason_c = keep_review(file, after.decision_number, review)
            decided = keep_decision(tx, file, after, judgement)
            tell_who_decides(tx, self.notices, after, now, had_a_part=guardian.id)
            tell_the_sender(tx, self.notices, after, now)
            tx.append(events.reviewed(after, approval, answer.principles, reason_c), decided)
        return after

    def ask(
        self,
        reference: Reference,
        guardian: Person,
        question: Grounds,
        key: SubmissionKey | None = None,
    ) -> Disclosure:
        """Ask the sender for more before deciding; `question.reason` is what is asked.

        The Guardian may still decide without the reply. The same again is asked once. Raises
        `NotAllowedError` for a Guardian with a part in it, or without the principles that the
        question rests on.
        """
        question.must_name_principles()
        if not question.reason.strip():
            raise NotAllowedError("A question needs words. Write what you need to know.")
        now = self.clock()
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, guardian)
            if done_before(tx, key, guardian, disclosure):
                return disclosure
            file = tx.case_file(disclosure)
            if key is None and _was_asked(file, guardian, question):
                return disclosure
            must_be_open_to_a_question(disclosure)
            barred = {disclosure.requester, *wrote_or_checked(tx, disclosure.case)}
            question.must_be_independent(guardian.id, barred)
            pack, today = file.pack(), uk_day(now)
            due_on = answer_due(pack.questions, today)
            question_c = keep_question(file, guardian, today, question.reason)
            after = tx.store.move(disclosure, State.ASKED, now, due_on=due_on)
            tell_the_sender(tx, self.notices, after, now)
            tx.append(events.asked(disclosure, guardian, question.principles, question_c))
        return after


def _must_stand(answer: Answer, approval: Approval, pack: Pack, decision: Decision) -> None:
    """Refuse an answer that stands for something unknown or unweighed."""
    must_be_known(approval, decision)
    must_be_weighed(answer.verdict, answer.public_interest, pack, decision)


def _others_of_the_case(tx: Transaction, disclosure: Disclosure) -> tuple[Disclosure, ...]:
    found = tx.listed(tx.store.of_case(disclosure.case))
    others = (one for one in found if one.reference != disclosure.reference)
    return tuple(sorted(others, key=lambda one: one.created_at))


def _parts_under(
    tx: Transaction, disclosure: Disclosure, decision: Mapping[str, object]
) -> PackParts:
    mailbox = tx.directory.mailbox(disclosure.recipient)
    return parts_under(tx, disclosure, decision, mailbox, decided=_BEFORE_ANY)


def _was_asked(file: CaseFile, guardian: Person, question: Grounds) -> bool:
    """Say whether this very question waits for its reply already."""
    return any(
        (one.asked_by, one.text, one.reply) == (guardian.id, question.reason, None)
        for one in questions_of(file)[-1:]
    )

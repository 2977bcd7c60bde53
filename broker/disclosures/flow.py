"""The main flow: a referral pack from the practitioner's hands to the recipient's.

    submission -> facts -> decision -> [Guardian] -> seal -> courier -> telephone handover
               -> acknowledged

Each step is one transaction with its ledger entries last. Nothing is rendered, sealed or sent
inside a transaction, and nothing leaves before the entry that decided it is durable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from broker.cases.earlier.index import EarlierIndex
from broker.cases.of_submission import case_of
from broker.delivery.person_notices import PersonNotices
from broker.delivery.ways_out import page_form
from broker.disclosures.afterwards.later_steps import LaterSteps
from broker.disclosures.afterwards.mine import LISTED
from broker.disclosures.afterwards.replies import (
    Reply,
    Unsettled,
    keep_and_judge,
    unsettled_of,
    was_replied,
)
from broker.disclosures.afterwards.waiting import tell_who_decides
from broker.disclosures.decisions import keep_decision
from broker.disclosures.judge import Judge
from broker.disclosures.repeats import (
    OVER,
    SAME_KEY,
    SAME_PACK,
    Accepted,
    answered_before,
    done_before,
    reference_of,
)
from broker.disclosures.step_keys import derived_key
from broker.domain.errors import NotAllowedError
from broker.domain.guardians.settling import NOTHING_SETTLED, Settlement
from broker.domain.judgement import Judgement, JudgementRequest
from broker.domain.model import Disclosure, Pack, Person, SubmissionKey
from broker.domain.references import Reference
from broker.domain.states import State
from broker.ledger import events
from broker.ledger.changes.cases import looked_up
from broker.ledger.events import Event
from broker.packs.attachments import Attachment, PackTooLargeError, fits
from broker.packs.attachments.case_parts import parts_of, summary_of
from broker.packs.originals import as_asked
from broker.storage.case_file import CaseFile
from broker.storage.transaction import Transaction
from keys import CaseId, IndexKey
from policies import Outcome

SAME_FOR = timedelta(days=1)
"""How long the same pack is taken for the one that is on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A pack with its attachments, each already inspected, and the key that makes it unique."""

    pack: Pack
    attachments: tuple[Attachment, ...]
    key: SubmissionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """A disclosure that was just kept, and what the ledger is to hold of it."""

    disclosure: Disclosure
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosures(LaterSteps):
    """What people do with a disclosure; what follows by itself is `broker.delivery`.

    Every method opens its own transaction and leaves none behind.
    """

    judge: Judge
    index: EarlierIndex
    idempotency: IndexKey
    notices: PersonNotices

    def preview(self, pack: Pack, person: Person) -> Judgement:
        """Return what the rules would say to this pack now; nothing is kept or sent."""
        with self.transaction() as tx:
            return self.judge.trying().judge(
                tx, JudgementRequest(pack=pack, person=person, at=self.clock())
            )

    def submit(self, submission: Submission, person: Person) -> Reference:
        """Return the reference of `accept`; raises as it."""
        return self.accept(submission, person).reference

    def accept(self, submission: Submission, person: Person) -> Accepted:
        """Judge a pack, keep it, queue what was permitted, and return its reference.

        Once this returns, pack, decision, outbox row and ledger entries are durable together.
        The same key with the same body returns the same reference; with another body it raises
        `KeyReusedError`. The same pack under another key is not sent again within a day while it
        waits or once it went, unless it says why.
        """
        try:
            return self._take_in(submission, person)
        except IntegrityError:
            # Another call with the same key was faster: its answer is the answer.
            with self.transaction() as tx:
                known = answered_before(tx, submission.key, person)
            if known is None:
                raise
            return Accepted(reference=known, why=SAME_KEY)

    def key_for(self, body: bytes, again: str | None, person: Person, keyed: IndexKey) -> str:
        """Return the key for a submission that named none.

        It is the same as for the last one of the same content, unless that one is over.
        """
        turn, key = 0, derived_key(body, 0, again, keyed)
        with self.transaction() as tx:
            while (before := tx.submission_keys.submitted_with(person, key)) is not None:
                if tx.disclosure(before.reference).state not in OVER:
                    break
                turn += 1
                key = derived_key(body, turn, again, keyed)
        return key

    def _take_in(self, submission: Submission, person: Person) -> Accepted:
        now = self.clock()
        with self.transaction() as tx:
            if (known := answered_before(tx, submission.key, person)) is not None:
                return Accepted(reference=known, why=SAME_KEY)
            if (same := _under_way(tx, submission, person, now)) is not None:
                tx.submission_keys.remember(person, submission.key, same)
                return Accepted(reference=same, why=SAME_PACK)
            judgement = self.judge.judge(
                tx, JudgementRequest(pack=submission.pack, person=person, at=now)
            )
            refuse_what_they_cannot_take(tx, submission.pack, submission.attachments, judgement)
            taken = self.keep(tx, judgement, submission.attachments, key=submission.key)
            tx.append(*taken.events)
        return Accepted(reference=taken.disclosure.reference)

    def keep(
        self,
        tx: Transaction,
        judgement: Judgement,
        attachments: Sequence[Attachment] = (),
        *,
        key: SubmissionKey | None = None,
    ) -> TakenIn:
        """Keep what was judged as a disclosure of its case, and queue what may go.

        Of the case that its pack names, else of one of its own. A call's `key` is bound to it.
        Whoever decides what is referred hears of it once it is committed.

        Its events are the caller's to append, last in the transaction. Raises
        `LedgerDisagreesError` where the ledger knows what the key led to and its row is gone.
        """
        asked = judgement.asked
        reference = reference_of(tx, key, asked.person, self.idempotency)
        # Its key is durable before the database commits; made for nothing that is not kept.
        case = case_of(tx, asked.pack, asked.person, asked.at)
        disclosure = _new(reference, case.id, judgement)
        tx.store.add(disclosure, fingerprint=judgement.fingerprint)
        if key is not None:
            tx.submission_keys.remember(asked.person, key, reference)
        file = tx.case_file(disclosure, case.key)
        pack_c, decided = _kept(tx, file, attachments, judgement)
        marks = self.index.note_entered(tx, disclosure, asked.pack.form)
        kept = events.received(disclosure, asked.person, len(attachments), pack_c, marks), decided
        looked = (looked_up(case.id, asked.person),) if judgement.earlier.was_looked_up else ()
        tell_who_decides(tx, self.notices, disclosure, asked.at)
        return TakenIn(disclosure=disclosure, events=(*case.events, *looked, *kept))

    def is_emergency(self, reference: Reference) -> bool:
        """Say whether the rules called it an emergency; raises `UnknownReferenceError`."""
        with self.transaction() as tx:
            return tx.disclosure(reference).outcome == Outcome.EMERGENCY.value

    def own(self, person: Person) -> tuple[Disclosure, ...]:
        """Return the newest hundred that the person submitted and still works on, newest first."""
        with self.transaction() as tx:
            ended = tx.cases.ended_for(person.id)
            found = tx.store.submitted_by(person, limit=LISTED)
            return tx.listed([one for one in found if one.case not in ended])

    def reply(
        self,
        reference: Reference,
        person: Person,
        words: str,
        key: SubmissionKey | None = None,
        *,
        settles: Settlement = NOTHING_SETTLED,
    ) -> None:
        """Reply to what the Guardian asked; the referral waits for them again.

        What the reply settles of what nobody knew is judged anew, as the next decision of the
        same disclosure. The same again, by `key` or word for word, is recorded once. Raises
        `NotAllowedError` for an answer that the rules do not wait for.
        """
        if not words.strip():
            raise NotAllowedError("A reply needs words. Write one.")
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, person)
            if done_before(tx, key, person, disclosure) or (
                key is None and was_replied(disclosure, tx.case_file(disclosure), words)
            ):
                return
            disclosure.must_be(State.ASKED, else_say="Nothing was asked that waits for a reply.")
            given, now = Reply(person=person, words=words, settles=settles), self.clock()
            after, entries = keep_and_judge(tx, self.judge, disclosure, given, now)
            tell_who_decides(tx, self.notices, after, now)
            tx.append(*entries)

    def unsettled(self, reference: Reference, person: Person) -> Unsettled:
        """Return what nobody knows and only an answer settles; it holds no words to be recorded.

        Raises `UnknownReferenceError`.
        """
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, person)
            return unsettled_of(tx, self.judge, disclosure, self.clock())


def refuse_what_they_cannot_take(
    tx: Transaction, pack: Pack, attachments: Sequence[Attachment], judgement: Judgement
) -> None:
    """Raise `PackTooLargeError` for a message that the recipient's mailbox does not take.

    What is fetched from a page may be as large as any pack.
    """
    profile = tx.profiles.of(pack.recipient)
    goes_by_mail = page_form(judgement.facts, judgement.decision.outcome.value) is None
    if profile.most_bytes is None or not goes_by_mail:
        return
    try:
        asked = as_asked(pack, attachments)
        fits(asked, pack.form.values(), profile.most_bytes)
    except PackTooLargeError:
        raise PackTooLargeError(profile.most_megabytes) from None


def _under_way(
    tx: Transaction, submission: Submission, person: Person, now: datetime
) -> Reference | None:
    """Return the same person's disclosure of the same pack within a day, unless it says why."""
    if submission.pack.again is not None:
        return None
    alike = tx.submission_keys.same_pack_of(person, submission.key.body, now - SAME_FOR)
    return next((one.reference for one in tx.agreeing(alike) if one.state not in OVER), None)


def _new(reference: Reference, case: CaseId, judgement: Judgement) -> Disclosure:
    return Disclosure(
        reference=reference,
        case=case,
        sender=judgement.asked.person.agency,
        requester=judgement.asked.person.id,
        recipient=judgement.asked.pack.recipient,
        purpose=str(judgement.asked.pack.questions["purpose"]),
        outcome=judgement.decision.outcome.value,
        state=judgement.state,
        rulebook=judgement.decision.version,
        created_at=judgement.asked.at,
        changed_at=judgement.asked.at,
        message_id=None,
        sealed_sha256=None,
        decision_number=1,
        due_on=judgement.due_on,
    )


def _kept(
    tx: Transaction, file: CaseFile, attachments: Sequence[Attachment], judgement: Judgement
) -> tuple[str, Event]:
    """Keep everything about the person encrypted; return the commitment to the pack.

    And the event that commits to what was decided on it.
    """
    disclosure = file.disclosure
    is_refused = judgement.state is State.REFUSED
    for number, attachment in enumerate(attachments, start=1):
        kept = [summary_of(number, attachment)] if is_refused else parts_of(number, attachment)
        file.put_all(dict(kept))
    pack_c = file.keep_pack(judgement.asked.pack)
    return pack_c, keep_decision(tx, file, disclosure, judgement)

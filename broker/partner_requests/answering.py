"""Answering: taken, passed on, sent back, given more time, answered; two people never both.

An answer that shares something is a disclosure of the body that answers, judged by its own bases
with the officer who asked as requester. Nil is an answer on time, and so is a no with its reasons.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from broker.disclosures.flow import Disclosures, TakenIn
from broker.disclosures.what_goes import WhatGoes
from broker.domain.errors import Fault, FaultyDocumentError, NotAllowedError
from broker.domain.grounds import must_be_a_reason
from broker.domain.judgement import Judgement, JudgementRequest
from broker.domain.model import Disclosure, Pack, Person
from broker.domain.partner_requests.answers import (
    GivenAnswer,
    Held,
    OtherPersonError,
    Share,
    answer_faults,
    is_same_person,
)
from broker.domain.partner_requests.copies import WAITS, AnswerKind, Copy, CopyName, CopyState
from broker.domain.partner_requests.days import later_day_faults
from broker.domain.questions.asked import InRequest
from broker.domain.states import State
from broker.domain.times import uk_day
from broker.ledger.changes import requests as recorded
from broker.ledger.changes.requests import ExtensionStep
from broker.partner_requests.refusals import CannotBeSharedError, Refused
from broker.partner_requests.standing import (
    ANSWERERS,
    NotOfThatBodyError,
    asked_by_us,
    put_to_us,
)
from broker.storage.case_file import CaseFile, Part
from broker.storage.transaction import Transaction, Transactions
from keys import PersonId

PURPOSE = "partner-response"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """What the body that is asked does with its copy; every method opens its own transaction."""

    transaction: Transactions
    disclosures: Disclosures
    clock: Callable[[], datetime]

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

    def pass_on(self, name: CopyName, person: Person, to: PersonId, why: str) -> Copy:
        """Pass a copy to somebody else of the body; raises as `take`, and `NotOfThatBodyError`."""
        must_be_a_reason(why)
        today = uk_day(self.clock())
        with self.transaction() as tx:
            copy, disclosure = put_to_us(tx, name, person, to_change=True)
            copy.must_be(*WAITS)
            may_answer = any(
                held.agency == copy.asked and held.role in ANSWERERS and held.stands_on(today)
                for held in tx.people.roles_of(to)
            )
            if not may_answer:
                raise NotOfThatBodyError
            after = self._after(copy, state=CopyState.OPENED, owner=to)
            words_c = _keep(tx, disclosure, after, {"what": "passed", "text": why}, person)
            tx.append(recorded.opened(after, tx.copies.put(after), person.id, words_c))
        return after

    def give_back(self, name: CopyName, person: Person, reason: str, why: str) -> Copy:
        """Send a copy back because it cannot be answered as it stands, and say why."""
        must_be_a_reason(why)
        with self.transaction() as tx:
            copy, disclosure = put_to_us(tx, name, person, to_change=True)
            copy.must_be(*WAITS)
            after = self._after(copy, state=CopyState.RETURNED)
            words = {"what": "returned", "reason": reason, "text": why}
            words_c = _keep(tx, disclosure, after, words, person)
            mark = tx.copies.put(after)
            tx.append(recorded.returned(after, mark, person.id, reason, words_c))
        return after

    def ask_for_time(self, name: CopyName, person: Person, until: date, why: str) -> Copy:
        """Ask for a later day, before the day; whoever set it grants it or does not."""
        must_be_a_reason(why)
        with self.transaction() as tx:
            copy, disclosure = put_to_us(tx, name, person, to_change=True)
            copy.must_be(*WAITS)
            faults = tuple(later_day_faults(until, copy.due_on, uk_day(self.clock())))
            if faults:
                raise FaultyDocumentError(faults)
            after = self._after(copy, wanted_until=until)
            words = {"what": "asked-for-time", "text": why}
            words_c = _keep(tx, disclosure, after, words, person)
            step = ExtensionStep(word="asked", until=until)
            mark = tx.copies.put(after)
            tx.append(recorded.extended(after, mark, person.id, step, words_c))
        return after

    def settle_time(self, name: CopyName, person: Person, *, granted: bool) -> Copy:
        """Grant the later day that was asked for, or do not; only who set the day may.

        Raises `NotAllowedError` for anybody else, and where no later day was asked for.
        """
        with self.transaction() as tx:
            copy = asked_by_us(tx, name, person, to_change=True)
            if copy.set_by != person.id:
                raise NotAllowedError("Who set the day grants more time. Ask them.")
            copy.must_be(*WAITS)
            if copy.wanted_until is None:
                raise NotAllowedError("No more time was asked for.")
            until = copy.wanted_until
            after = self._after(copy, wanted_until=None, due_on=until if granted else copy.due_on)
            step = ExtensionStep(word="granted" if granted else "declined", until=until)
            mark = tx.copies.put(after)
            tx.append(recorded.extended(after, mark, person.id, step))
        return after

    def preview(self, name: CopyName, person: Person, given: GivenAnswer) -> WhatGoes | None:
        """Return what whoever asked would read; None where nothing is shared. Nothing is kept.

        Raises as `answer`.
        """
        with self.transaction() as tx:
            copy, disclosure = put_to_us(tx, name, person)
            copy.must_be(*WAITS)
            judgement = self._judged(tx, copy, disclosure, given, person)
            if judgement is None:
                return None
            return WhatGoes.of(judgement.document(), judgement.asked.pack)

    def answer(self, name: CopyName, person: Person, given: GivenAnswer) -> Copy:
        """Answer a copy, once: who comes second reads who answered.

        Raises `FaultyDocumentError` naming what the answer lacks, `OtherPersonError` where what is
        held names somebody else, `CannotBeSharedError` where the rules refuse it (recorded; the
        copy goes on waiting), `WrongStateError` once it was answered or withdrawn.
        """
        with self.transaction() as tx:
            copy, disclosure = put_to_us(tx, name, person, to_change=True)
            copy.must_be(*WAITS)
            judgement = self._judged(tx, copy, disclosure, given, person)
            taken = None if judgement is None else self.disclosures.keep(tx, judgement)
            if judgement is None or judgement.state is not State.REFUSED:
                return self._keep(tx, copy, disclosure, _Said(given, judgement, taken, person))
            if taken is not None:
                tx.append(*taken.events)
        kept = [] if taken is None else [taken.disclosure.reference]
        raise CannotBeSharedError([Refused.of("answer", judgement)], kept)

    def _keep(self, tx: Transaction, copy: Copy, disclosure: Disclosure, said: "_Said") -> Copy:
        now = self.clock()
        after = self._after(
            copy,
            state=CopyState.ANSWERED,
            owner=said.person.id,
            answer=said.kind,
            answer_disclosure=None if said.taken is None else said.taken.disclosure.reference,
            answered_by=said.person.id,
            answered_at=now,
            wanted_until=None,
        )
        words_c = _keep(tx, disclosure, after, said.words(), said.person)
        mark = tx.copies.put(after)
        entries = () if said.taken is None else said.taken.events
        tx.append(*entries, recorded.answered(after, mark, said.person.id, words_c))
        return after

    def _judged(
        self,
        tx: Transaction,
        copy: Copy,
        disclosure: Disclosure,
        given: GivenAnswer,
        person: Person,
    ) -> Judgement | None:
        """Return the judgement on what is shared, None where nothing is."""
        now, asked = self.clock(), tx.case_file(disclosure).pack()
        asks = () if asked.in_request is None else asked.in_request.asks
        faults = tuple(answer_faults(given, tuple(ask.field for ask in asks), uk_day(now)))
        if faults:
            raise FaultyDocumentError(faults)
        if not given.shared:
            return None
        released = _released(tx.case_file(disclosure), asked)
        if not given.rung and not is_same_person(given.person, released):
            raise OtherPersonError(tx.directory.mailbox(copy.answer_to).telephone)
        fields = self.disclosures.judge.rules.in_force(tx, now).registers.purposes[PURPOSE]
        pack = _pack_of(given, asked, copy, fields.with_a_reason)
        if not pack.form:
            fault = Fault(place="fields", problem="shares nothing that may go; say no instead")
            raise FaultyDocumentError((fault,))
        return self.disclosures.judge.judge(tx, JudgementRequest(pack=pack, person=person, at=now))

    def _after(self, copy: Copy, **changes: object) -> Copy:
        after: Copy = replace(
            copy,
            **changes,  # type: ignore[arg-type]  # each caller names fields of Copy
            changed_at=self.clock(),
            version=copy.version + 1,
        )
        return after


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer with what became of it."""

    given: GivenAnswer
    judgement: Judgement | None
    taken: TakenIn | None
    person: Person

    @property
    def kind(self) -> AnswerKind:
        """What the answer was."""
        match self.given.held:
            case Held.NO:
                return AnswerKind.NIL
            case Held.CANNOT_SAY:
                return AnswerKind.CANNOT_SAY
            case Held.YES:
                judgement = self.judgement
                return AnswerKind.DECLINED if judgement is None else self._of_shared(judgement)

    def _of_shared(self, judgement: Judgement) -> AnswerKind:
        if judgement.state is State.REFERRED:
            return AnswerKind.REFERRED
        goes = set(judgement.decision.release)
        every = all(one.share is Share.ALL and one.field in goes for one in self.given.fields)
        return AnswerKind.FULL if every else AnswerKind.PART

    def words(self) -> dict[str, object]:
        """Return what whoever asked may read of it at once: no content, but why it stays."""
        return {
            "what": "answered",
            "held": self.given.held.value,
            "text": self.given.why,
            "fields": [
                {"field": one.field, "share": one.share.value, "why": one.why}
                for one in self.given.fields
            ],
        }


def _keep(
    tx: Transaction, disclosure: Disclosure, copy: Copy, words: Mapping[str, object], by: Person
) -> str:
    """Keep words under the case of the question; return the commitment to them."""
    said = {**words, "by": by.id}
    return tx.case_file(disclosure).commit(Part.COPY.numbered(copy.version), said)


def _released(file: CaseFile, asked: Pack) -> dict[str, str]:
    """Return the identifiers that were let go with the question."""
    goes = WhatGoes.of(file.decision(), asked).goes
    return {field: asked.form[field] for field in goes if field in asked.form}


def _pack_of(given: GivenAnswer, asked: Pack, copy: Copy, with_a_reason: frozenset[str]) -> Pack:
    """Return what the answer discloses: what is shared, field by field, and who it is about."""
    officer = asked.in_request
    shared = {one.field: one.text() for one in given.shared}
    reasons = {one.field: one.why for one in given.shared if one.field in with_a_reason}
    requester = asked.questions["requester"]
    return Pack(
        recipient=copy.answer_to,
        form={**given.person, **shared},
        questions={
            **given.questions,
            "purpose": PURPOSE,
            "purpose_statement": asked.questions["purpose_statement"],
            "scope": asked.questions["scope"],
            "requester": requester,
            "victim_request": asked.questions["victim_request"],
            "reasons_for_extra_fields": reasons,
        },
        confirmed=given.confirmed,
        attachments=(),
        in_request=None
        if officer is None
        else InRequest(copy=str(copy.name), officer=officer.officer, agency=officer.agency),
    )

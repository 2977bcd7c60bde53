"""Giving an answer: judged, kept and recorded alike, whether by an account or by a page.

It is a disclosure of the body that answers, judged by its own bases with the officer who asked as
requester. Everything here happens in the caller's transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from broker.disclosures.flow import Disclosures, TakenIn
from broker.disclosures.judge import Judge
from broker.disclosures.what_goes import WhatGoes
from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.judgement import Judgement, JudgementRequest
from broker.domain.model import Disclosure, Pack, Person
from broker.domain.partner_requests.answers import (
    ANSWER_PURPOSE,
    GivenAnswer,
    Held,
    OtherPersonError,
    Share,
    answer_faults,
    is_same_person,
)
from broker.domain.partner_requests.copies import AnswerKind, Copy, CopyState, changed
from broker.domain.questions.asked import InRequest
from broker.domain.states import State
from broker.domain.times import Clock, uk_day
from broker.ledger.changes import requests as recorded
from broker.partner_requests.refusals import CannotBeSharedError, Refused
from broker.storage.case_file import CaseFile, Part
from broker.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Put:
    """A copy as it was put to a body, with the disclosure that asks; both rows locked."""

    copy: Copy
    asks: Disclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """Who answers: a person, and the function of whoever does it on a page without an account."""

    person: Person
    function: str | None = None

    @property
    def route(self) -> str:
        """On which way the answer came, in the word of the ledger."""
        return "account" if self.function is None else "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of an answer: the copy as it stands now, or why nothing may be shared."""

    copy: Copy
    refusal: CannotBeSharedError | None = None

    def or_refusal(self) -> Copy:
        """Return the answered copy; raises `CannotBeSharedError` where the rules refuse it."""
        if self.refusal is not None:
            raise self.refusal
        return self.copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """Judges and keeps answers, each in the caller's transaction."""

    disclosures: Disclosures
    clock: Clock

    def what_goes(
        self, tx: Transaction, put: Put, given: GivenAnswer, person: Person
    ) -> WhatGoes | None:
        """Return what whoever asked would read, None where nothing is shared; raises as `give`."""
        judgement = self._judged(tx, put, given, person, self.disclosures.judge.trying())
        return (
            None if judgement is None else WhatGoes.of(judgement.document(), judgement.asked.pack)
        )

    def give(self, tx: Transaction, put: Put, given: GivenAnswer, by: Answerer) -> Done:
        """Keep and record an answer; one that the rules refuse is recorded, and the copy waits.

        Raises `FaultyDocumentError` naming what the answer lacks, and `OtherPersonError` where
        what is held names somebody else.
        """
        judgement = self._judged(tx, put, given, by.person, self.disclosures.judge)
        taken = None if judgement is None else self.disclosures.keep(tx, judgement)
        if judgement is None or taken is None:
            return Done(copy=self._keep(tx, put, _Said(given, None, None, by)))
        if judgement.state is not State.REFUSED:
            return Done(copy=self._keep(tx, put, _Said(given, judgement, taken, by)))
        tx.append(*taken.events)
        because = [Refused.of("answer", judgement)]
        kept = CannotBeSharedError(because, [taken.disclosure.reference])
        return Done(copy=put.copy, refusal=kept)

    def _keep(self, tx: Transaction, put: Put, said: "_Said") -> Copy:
        now, person = self.clock(), said.by.person
        after = changed(
            put.copy,
            now,
            state=CopyState.ANSWERED,
            owner=person.id,
            answer=said.kind,
            answer_disclosure=None if said.taken is None else said.taken.disclosure.reference,
            answered_by=person.id,
            answered_at=now,
            wanted_until=None,
        )
        words_c = keep_said(tx, put.asks, after, said.words(), person)
        mark = tx.copies.put(after)
        entries = () if said.taken is None else said.taken.events
        tx.append(*entries, recorded.answered(after, mark, person.id, words_c, said.by.route))
        return after

    def _judged(
        self, tx: Transaction, put: Put, given: GivenAnswer, person: Person, judge: Judge
    ) -> Judgement | None:
        """Return the judgement on what is shared, None where nothing is."""
        now, asked = self.clock(), tx.case_file(put.asks).pack()
        asks = () if asked.in_request is None else asked.in_request.asks
        faults = tuple(answer_faults(given, tuple(ask.field for ask in asks), uk_day(now)))
        if faults:
            raise FaultyDocumentError(faults)
        if not given.shared:
            return None
        released = _released(tx.case_file(put.asks), asked)
        if not given.rung and not is_same_person(given.person, released):
            raise OtherPersonError(tx.directory.mailbox(put.copy.answer_to).telephone)
        fields = self.disclosures.judge.rules.in_force(tx, now).registers.purposes[ANSWER_PURPOSE]
        pack = _pack_of(given, asked, put.copy, fields.with_a_reason)
        if not pack.form:
            fault = Fault(place="fields", problem="shares nothing that may go; say no instead")
            raise FaultyDocumentError((fault,))
        return judge.judge(tx, JudgementRequest(pack=pack, person=person, at=now))


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer with what became of it."""

    given: GivenAnswer
    judgement: Judgement | None
    taken: TakenIn | None
    by: Answerer

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
        by_page = {} if self.by.function is None else {"function": self.by.function}
        return {
            "what": "answered",
            "held": self.given.held.value,
            "text": self.given.why,
            "fields": [
                {"field": one.field, "share": one.share.value, "why": one.why}
                for one in self.given.fields
            ],
            **by_page,
        }


def keep_said(
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
            "purpose": ANSWER_PURPOSE,
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

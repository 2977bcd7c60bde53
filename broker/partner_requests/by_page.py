"""A question answered on the page that gave it, by a body that has no account here.

Whoever answers acts for the contact that was asked, as the function that was told a code on the
directory's number. What they say is judged, kept and recorded as the answer of an account is.
"""

import json
from dataclasses import dataclass
from typing import Final

from broker.delivery.person_notices import PersonNotice
from broker.delivery.portal.hearing import Heard, PageReader, ReadsAnswers
from broker.disclosures.views import OWN_DUTIES
from broker.disclosures.what_goes import WhatGoes
from broker.domain.errors import (
    Fault,
    FaultyDocumentError,
)
from broker.domain.model import Disclosure, Person
from broker.domain.obligations import LOOKED_BACK
from broker.domain.partner_requests.answers import ANSWER_PURPOSE, GivenAnswer, OtherPersonError
from broker.domain.partner_requests.copies import Copy, UnknownCopyError, reader_id
from broker.domain.portal.asking import Answer, Asking, Refused, Wanted
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.domain.times import Clock, day_text, uk_day
from broker.ledger.readings import Content, Entrance, record_reading
from broker.partner_requests.after_page import Step, step_taken, words_told
from broker.partner_requests.giving import Answerer, Giving, Put
from broker.registers.deciders import NOBODY_DECIDES, nobody_decides
from broker.storage.transaction import Transaction

MOST_READINGS: Final = 20
"""How often one reader is shown the questions: each is an entry."""

_NOT_RUNG: Final = (
    "Nobody has confirmed your number in the directory for a year, so nothing is taken here. Ring "
    "whoever asked."
)


_ANSWERED: Final = (
    "It was answered on its page, without an account, with a code told on your number."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPage:
    """Hears readers whose page puts a question, each in the caller's transaction."""

    giving: Giving
    clock: Clock

    def is_asked(self, tx: Transaction, disclosure: Disclosure) -> bool:
        """Say whether a disclosure puts a question that can be answered."""
        return tx.copies.of_disclosure(disclosure.reference) is not None

    def hear(
        self, tx: Transaction, reader: PageReader, asking: Asking, read: ReadsAnswers
    ) -> Heard:
        """Do what a reader asks, recorded, and return what is said of it."""
        put = self._put(tx, reader.disclosure)
        mailbox = tx.directory.mailbox(put.copy.mailbox)
        if not mailbox.counts_on(uk_day(self.clock())):
            return _heard({"problem": _NOT_RUNG})
        who = _Who(
            person=Person(
                id=reader_id(reader.disclosure.reference, reader.number),
                agency=put.copy.asked,
                role=Role.PRACTITIONER,
            ),
            function=reader.function,
        )
        match asking.wanted:
            case Wanted.QUESTIONS:
                return self._questions(tx, put, who)
            case Wanted.WORDS:
                return self._words(tx, put, who, asking.words)
            case Wanted.OWED:
                return self._owed(tx, put, who, asking.words)
            case _:
                return self._answer(tx, put, who, asking, read)

    def _put(self, tx: Transaction, disclosure: Disclosure) -> Put:
        found = tx.copies.of_disclosure(disclosure.reference)
        if found is None:
            raise UnknownCopyError
        return Put(tx.copies.copy(found.name, to_change=True), disclosure)

    def _questions(self, tx: Transaction, put: Put, who: "_Who") -> Heard:
        """Give what is asked, or where the answer stands; that it is read is recorded."""
        before = sum(
            one.type == "read" and one.event["by"] == who.person.id
            for one in tx.about(put.asks.reference)
        )
        if before >= MOST_READINGS:
            return Heard(answer=Answer(refused=Refused.NO_MORE))
        document = self._stands(tx, put, who)
        if put.copy.waits:
            document = {**document, **self._asked(tx, put)}
        record_reading(tx, who.person, Content.QUESTIONS, Entrance.PORTAL, put.asks.reference)
        return _heard(document)

    def _asked(self, tx: Transaction, put: Put) -> dict[str, object]:
        asked = tx.case_file(put.asks).pack().in_request
        registers = self.giving.disclosures.judge.rules.in_force(tx, self.clock()).registers
        fields = registers.purposes[ANSWER_PURPOSE]
        return {
            "asks": [] if asked is None else [one.document() for one in asked.asks],
            "goes": sorted(fields.minimum),
            "for_a_child": sorted(fields.for_a_child),
            "with_a_reason": sorted(fields.with_a_reason),
            "special": sorted(registers.special_fields),
        }

    def _stands(self, tx: Transaction, put: Put, who: "_Who") -> dict[str, object]:
        """Return where the answer of a copy stands, for whoever has its page."""
        copy = put.copy
        contact = tx.directory.mailbox(copy.answer_to)
        return {
            "copy": str(copy.name),
            "waits": copy.waits,
            "due_on": day_text(copy.due_on),
            "ring": contact.telephone,
            "answer": None if copy.answer is None else copy.answer.value,
            "yours": copy.answered_by == who.person.id,
            **self._sent(tx, copy),
        }

    def _sent(self, tx: Transaction, copy: Copy) -> dict[str, object]:
        """Return where what was shared stands, and what is owed for it, in words."""
        if copy.answer_disclosure is None:
            return {"sent": None, "owed": [], "nobody_decides": ""}
        answer = tx.disclosure(copy.answer_disclosure)
        waits = answer.state is State.REFERRED
        is_nobodys = waits and nobody_decides(tx, copy.asked, uk_day(self.clock()))
        rules = self.giving.disclosures.judge.rules
        sentences = {**OWN_DUTIES, **rules.duties(tx, answer.rulebook)}
        return {
            "sent": {"reference": str(answer.reference), "state": answer.state.value},
            "owed": [
                {
                    "duty": duty.type,
                    "say": sentences.get(duty.type, duty.type),
                    "due_on": day_text(duty.due_on),
                }
                for duty in tx.duties.of(answer.reference)
                if duty.done_on is None and duty.type not in LOOKED_BACK
            ],
            "nobody_decides": NOBODY_DECIDES if is_nobodys else "",
        }

    def _words(self, tx: Transaction, put: Put, who: "_Who", said: str) -> Heard:
        """Tell what opens the answer, to be read out on the telephone; recorded before."""
        reference = _answer_of(put, who)
        if reference is None:
            return Heard(answer=Answer(refused=Refused.NOT_ASKED))
        step = Step(reference=reference, person=who.person, said=said)
        return _heard(words_told(tx, put, step, self.clock()))

    def _owed(self, tx: Transaction, put: Put, who: "_Who", said: str) -> Heard:
        """Record how it went with what is owed for the answer; return where it stands then."""
        reference = _answer_of(put, who)
        if reference is None:
            return Heard(answer=Answer(refused=Refused.NOT_ASKED))
        step = Step(reference=reference, person=who.person, said=said)
        done = step_taken(tx, step, self.clock())
        stands = {**self._stands(tx, put, who), **done.document()}
        notice = None if done.sentence is None else _told_to_the_body(tx, put.copy, done.sentence)
        return Heard(answer=_heard(stands).answer, notice=notice)

    def _answer(
        self, tx: Transaction, put: Put, who: "_Who", asking: Asking, read: ReadsAnswers
    ) -> Heard:
        now = self.clock()
        if not put.copy.waits:
            return _heard(self._stands(tx, put, who))
        vocabulary = self.giving.disclosures.judge.rules.in_force(tx, now).vocabulary
        try:
            given = read(asking.words.encode(), vocabulary, uk_day(now))
            if asking.wanted is Wanted.PREVIEW:
                what = self.giving.what_goes(tx, put, given, who.person)
                return _heard({"shown": _as_read(what, given)})
            done = self.giving.give(
                tx, put, given, Answerer(person=who.person, function=who.function)
            )
        except FaultyDocumentError as error:
            return _heard({"faults": _faults(error.faults)})
        except OtherPersonError as error:
            return _heard({"other": str(error)})
        if done.refusal is not None:
            return _heard({"faults": _faults(done.refusal.faults)})
        answered = Put(done.copy, put.asks)
        return Heard(
            answer=_heard(self._stands(tx, answered, who)).answer,
            notice=_told_to_the_body(tx, done.copy, _ANSWERED),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Who:
    """Who answers: as whom it is recorded, and in which function they were told a code."""

    person: Person
    function: str


def _heard(document: dict[str, object]) -> Heard:
    return Heard(answer=Answer(words=json.dumps(document, ensure_ascii=False)))


def _faults(faults: tuple[Fault, ...]) -> list[dict[str, str]]:
    return [{"place": one.place, "problem": one.problem} for one in faults]


def _as_read(what: WhatGoes | None, given: GivenAnswer) -> dict[str, object] | None:
    """Return what whoever asked would read, None where nothing is shared."""
    if what is None:
        return None
    shared = {one.field: one.text() for one in given.shared}
    return {**what.document(), "texts": {**given.person, **shared}}


def _answer_of(put: Put, who: _Who) -> Reference | None:
    """Return what was shared for a copy, None where nothing was or another answered."""
    return put.copy.answer_disclosure if put.copy.answered_by == who.person.id else None


def _told_to_the_body(tx: Transaction, copy: Copy, sentence: str) -> PersonNotice:
    """Return what the contact that was asked hears: what somebody did for them."""
    own, asker = tx.directory.mailbox(copy.mailbox), tx.directory.mailbox(copy.answer_to)
    return PersonNotice(
        to=own.address,
        subject=f"Request {copy.name}",
        sentences=(
            sentence,
            f"If nobody of yours did that, ring {asker.telephone} now: {asker.title}.",
        ),
        is_for_a_user=False,
    )

"""A Guardian asks for advice; whoever is asked answers; it is filed with the case."""

import secrets
from dataclasses import dataclass, replace
from typing import Final

from broker.domain.errors import FaultyDocumentError, NotAllowedError, WrongStateError
from broker.domain.guardians.advice import (
    ANSWERED_BY,
    Advice,
    AdviceId,
    AdviceInWords,
    Adviser,
    UnknownAdviceError,
    due_of,
)
from broker.domain.json_values import text
from broker.domain.model import Disclosure, Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.times import Clock, uk_day
from broker.guardian.advising.anonymous import gives_away
from broker.guardian.before_opening import must_be_open_to_advice
from broker.ledger.changes import advising
from broker.ledger.readings import Content, Entrance, record_reading
from broker.storage.case_file import CaseFile, Part
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId

_ID_BYTES: Final = 8
_TAKE_THE_NAME_OUT: Final = (
    "holds a name, a day, a number or a place that stands in the case. Take it out: they do not "
    "need it"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advices:
    """Asks for advice and files it; every method opens its own transaction.

    Advice decides nothing: the Guardian may decide without it, and an answer approves nothing.
    """

    transaction: Transactions
    clock: Clock

    def ask(
        self, reference: Reference, guardian: Person, adviser: Adviser, question: str
    ) -> Advice:
        """Ask for advice on what waits for a decision.

        The same question of the same adviser is asked once. Raises `NotAllowedError` for whoever
        submitted it, `FaultyDocumentError` for an empty question and for one to the police lead
        that holds a name, a day, a number or a place of the case; `WrongStateError`.
        """
        if not question.strip():
            raise NotAllowedError("A question needs words. Write what you need to know.")
        today = uk_day(self.clock())
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, guardian)
            must_be_open_to_advice(disclosure)
            if guardian.id == disclosure.requester:
                raise NotAllowedError(
                    "Whoever has a part in a disclosure does not review it. Ask a deputy Guardian."
                )
            file = tx.case_file(disclosure)
            for before in tx.advising.advice_about(reference):
                if before.adviser is adviser and _question(file, before) == question:
                    return before
            if adviser is Adviser.POLICE_LEAD and gives_away(question, file.pack().form):
                raise FaultyDocumentError.at("question", _TAKE_THE_NAME_OUT)
            asked = Advice(
                id=AdviceId(f"a-{secrets.token_hex(_ID_BYTES)}"),
                reference=reference,
                adviser=adviser,
                agency=guardian.agency,
                asked_body=_body_of(tx, adviser, guardian, disclosure),
                asked_by=guardian.id,
                asked_on=today,
                due_on=due_of(adviser, today),
            )
            question_c = file.commit(Part.ADVICE_ASKED.about(asked.id), question)
            mark = tx.advising.put_advice(asked)
            tx.append(advising.advice_asked(asked, question_c, mark))
        return asked

    def answer(self, id_: AdviceId, person: Person, words: str) -> Advice:
        """File an answer: by whoever is asked, or by the Guardian who was told it.

        The same answer again is filed once. Raises `UnknownAdviceError`, `NotAllowedError` for
        whoever submitted the disclosure, `WrongStateError` where it was answered before.
        """
        if not words.strip():
            raise NotAllowedError("An answer needs words. Write it.")
        with self.transaction() as tx:
            advice = _theirs(tx, id_, person)
            disclosure = tx.disclosure(advice.reference)
            if person.id == disclosure.requester:
                raise NotAllowedError("Whoever submitted a disclosure does not advise on it.")
            file = tx.case_file(disclosure)
            if advice.answered_on is not None:
                if (advice.answered_by, _answer(file, advice)) == (person.id, words):
                    return advice
                raise WrongStateError("This was answered before. Read the answer.")
            given = replace(advice, answered_by=person.id, answered_on=uk_day(self.clock()))
            answer_c = file.commit(Part.ADVICE_GIVEN.about(advice.id), words)
            mark = tx.advising.put_advice(given)
            tx.append(advising.advice_given(given, person.id, answer_c, mark))
        return given

    def listed(self, person: Person) -> tuple[Advice, ...]:
        """Return what a Guardian's body asked, or what somebody is asked, the first due first."""
        with self.transaction() as tx:
            if person.role is Role.GUARDIAN:
                return tx.advising.advice_of(person.agency)
            asked = [one for one, role in ANSWERED_BY.items() if role is person.role]
            return tuple(
                advice
                for adviser in asked
                for advice in tx.advising.advice_asked_of(person.agency, adviser)
            )

    def read(self, id_: AdviceId, person: Person, how: Entrance) -> AdviceInWords:
        """Return a question with its answer; that it is read is recorded first.

        Raises `UnknownAdviceError`.
        """
        with self.transaction() as tx:
            advice = _theirs(tx, id_, person)
            file = tx.case_file(tx.disclosure(advice.reference))
            found = _in_words(file, advice)
            record_reading(tx, person, Content.QUESTIONS, how, advice.reference)
        return found

    def about(self, reference: Reference, guardian: Person) -> tuple[AdviceInWords, ...]:
        """Return all advice on a disclosure, the first due first.

        Whoever shows it has recorded that the disclosure is read.
        """
        with self.transaction() as tx:
            file = tx.case_file(tx.disclosure_for(reference, guardian))
            return tuple(_in_words(file, one) for one in tx.advising.advice_about(reference))


def _theirs(tx: Transaction, id_: AdviceId, person: Person) -> Advice:
    """Return advice that a person is asked for, or that their Guardians asked for."""
    advice = tx.advising.advice(id_)
    if advice is None:
        raise UnknownAdviceError
    is_asked = (
        ANSWERED_BY.get(advice.adviser) is person.role and advice.asked_body == person.agency
    )
    has_asked = person.role is Role.GUARDIAN and advice.agency == person.agency
    if not (is_asked or has_asked):
        raise UnknownAdviceError
    return advice


def _body_of(
    tx: Transaction, adviser: Adviser, guardian: Person, disclosure: Disclosure
) -> AgencyId:
    """Return whose adviser is asked: the Guardian's own, or the police that it goes to."""
    if adviser is not Adviser.POLICE_LEAD:
        return guardian.agency
    recipient = tx.directory.agency(tx.directory.mailbox(disclosure.recipient).agency)
    police = (one for one in (recipient, *tx.directory.agencies()) if one.is_police)
    found = next(police, None)
    return guardian.agency if found is None else found.id


def _in_words(file: CaseFile, advice: Advice) -> AdviceInWords:
    return AdviceInWords(
        advice=advice, question=_question(file, advice), answer=_answer(file, advice)
    )


def _question(file: CaseFile, advice: Advice) -> str:
    return text(file.found(Part.ADVICE_ASKED.about(advice.id)))


def _answer(file: CaseFile, advice: Advice) -> str:
    kept = file.found(Part.ADVICE_GIVEN.about(advice.id))
    return "" if kept is None else text(kept)

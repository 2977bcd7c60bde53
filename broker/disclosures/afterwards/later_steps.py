"""What people do after a disclosure has gone: tell its words, close it, stop it, do what is owed.

Each step is one transaction with its ledger entry last. What somebody writes with a step is kept
encrypted with the case, and the entry commits to it.
"""

from dataclasses import dataclass
from datetime import datetime

from broker.cases.closing import close_as_opened
from broker.delivery.permission import permitted
from broker.delivery.portal.offering import take_away
from broker.disclosures.afterwards.acting import Acting
from broker.disclosures.afterwards.pages import refuse_words_of_a_page
from broker.disclosures.afterwards.telling import AGAIN_AT_MOST, about_to_be_told, times_told
from broker.domain.errors import LeadNeededError, NotAllowedError, WrongStateError
from broker.domain.grounds import must_be_a_reason, must_say_why
from broker.domain.model import Disclosure, Handover, Person
from broker.domain.obligations import CLOSED_OTHERWISE
from broker.domain.portal.pages import PageEnd
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import WORDS_ARE_GONE, State, leading_to
from broker.domain.times import Clock, uk_day
from broker.ledger import events
from broker.packs.passphrase import spelled_words
from broker.storage.case_file import CaseFile, Part
from broker.storage.transaction import Transaction, Transactions

_NOT_OPEN = "No such duty is open. Look at the list of what is to do."


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterSteps:
    """The steps after sending; every method opens its own transaction and leaves none behind."""

    transaction: Transactions
    clock: Clock

    def hand_over(self, reference: Reference, person: Person, reason: str | None) -> Handover:
        """Return the passphrase to be told by telephone, after recording who asked.

        Raises `WrongStateError` before the document was sent, `ReasonNeededError` for a second
        time without a reason, and `LeadNeededError` for a third by anybody but the lead.
        """
        with self.transaction() as tx:
            return told_words(tx, self._acting(reference, person), reason)

    def acknowledge(
        self, reference: Reference, person: Person, spoken_to: str | None = None
    ) -> None:
        """Record that the recipient opened it: the passphrase is destroyed, the case closed.

        `spoken_to` is who said so, as the sender writes it.
        """
        with self.transaction() as tx:
            said_to_be_opened(tx, self._acting(reference, person), spoken_to)

    def finish(
        self, reference: Reference, person: Person, duty: str, note: str | None = None
    ) -> None:
        """Record that what was owed after release was done; `note` says when and how it went.

        Raises `NotAllowedError` for a duty that another step closes, and `WrongStateError` where
        the disclosure does not have it (any more).
        """
        with self.transaction() as tx:
            said_to_be_done(tx, self._acting(reference, person), duty, note)

    def give_up(self, reference: Reference, person: Person, duty: str, why: str) -> None:
        """Record that what was owed after release cannot be done, and why; raises as `finish`."""
        with self.transaction() as tx:
            said_not_to_be_possible(tx, self._acting(reference, person), duty, why)

    def _acting(self, reference: Reference, person: Person) -> Acting:
        return Acting(reference=reference, person=person, at=self.clock())


def told_words(tx: Transaction, acting: Acting, reason: str | None) -> Handover:
    """Return the passphrase to be told by telephone, recorded in the caller's transaction.

    Raises as `LaterSteps.hand_over`, before anything is written.
    """
    disclosure = about_to_be_told(tx, acting.reference, acting.person)
    told = times_told(tx.about(disclosure.reference))
    again = told > 0
    refuse_words_of_a_page(tx, disclosure)
    if told >= AGAIN_AT_MOST and acting.person.role is not Role.LEAD:
        raise LeadNeededError
    must_say_why(reason, again=again)
    recipient = permitted(tx, disclosure).recipient
    file = tx.case_file(disclosure)
    words = file.passphrase()
    if words is None:
        raise WrongStateError(WORDS_ARE_GONE)
    why_c = _kept(file, Part.WHY_TOLD_AGAIN, reason)
    tx.store.move(disclosure, State.TOLD, acting.at)
    tx.append(events.revealed(disclosure, acting.person, again=again, why_c=why_c))
    return Handover(
        reference=disclosure.reference,
        telephone=recipient.telephone,
        passphrase=words,
        spelled=spelled_words(words),
        revealed_before=again,
    )


def said_to_be_opened(tx: Transaction, acting: Acting, spoken_to: str | None) -> None:
    """Record in the caller's transaction that it was opened; as `LaterSteps.acknowledge`."""
    disclosure = tx.disclosure_for(acting.reference, acting.person)
    disclosure.must_be(
        *leading_to(State.ACKNOWLEDGED),
        else_say="It opens once its words were told.",
    )
    file = tx.case_file(disclosure)
    spoken_c = _kept(file, Part.SPOKEN_TO, spoken_to)
    close_as_opened(tx, file, acting.at)
    tx.append(events.acknowledged(disclosure, acting.person, spoken_c))


def said_to_be_done(tx: Transaction, acting: Acting, duty: str, note: str | None) -> None:
    """Record in the caller's transaction that a duty was done; as `LaterSteps.finish`."""
    disclosure = _finished(tx, acting, duty)
    note_c = _kept(tx.case_file(disclosure), Part.OF_A_DUTY, note)
    tx.append(events.duty_done(disclosure, acting.person, duty, note_c))


def said_not_to_be_possible(tx: Transaction, acting: Acting, duty: str, why: str) -> None:
    """Record in the caller's transaction that a duty cannot be done; as `LaterSteps.give_up`."""
    must_be_a_reason(why)
    disclosure = _finished(tx, acting, duty)
    why_c = tx.case_file(disclosure).commit(Part.OF_A_DUTY.at_random(), why)
    tx.append(events.duty_given_up(disclosure, acting.person, duty, why_c))


def _finished(tx: Transaction, acting: Acting, duty: str) -> Disclosure:
    """Close a duty that its sender closes, and return what it is owed for."""
    if duty in CLOSED_OTHERWISE:
        raise NotAllowedError(CLOSED_OTHERWISE[duty])
    disclosure = tx.disclosure_for(acting.reference, acting.person)
    if not tx.duties.finish(disclosure.reference, duty, uk_day(acting.at)):
        raise WrongStateError(_NOT_OPEN)
    return disclosure


def stop(
    tx: Transaction, disclosure: Disclosure, person: Person, why: str | None, now: datetime
) -> events.Event:
    """Stop a disclosure that was not opened, and return the event to append last."""
    disclosure.must_be(*leading_to(State.RECALLED))
    tx.outbox.withdraw(disclosure.reference)
    file = tx.case_file(disclosure)
    why_c = _kept(file, Part.WHY_RECALLED, why)
    file.destroy_passphrase()
    take_away(tx, disclosure, PageEnd.RECALLED)
    tx.store.move(disclosure, State.RECALLED, now)
    return events.recalled(disclosure, person, why_c)


def _kept(file: CaseFile, part: Part, words: str | None) -> str | None:
    """Keep what somebody wrote with a step and return the commitment, None where they did not."""
    if not (words and words.strip()):
        return None
    return file.commit(part.at_random(), words)

"""Take back what may be with somebody: they are asked to delete it, and whether they did is known.

What went to the wrong recipient, or is about the wrong person, opens a breach record at once: a
near miss where nobody had heard the words, else a breach. What has opened is stopped no more, and
their Guardian hears that its deletion was asked for.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.delivery.portal.offering import take_away
from broker.disclosures.afterwards.later_steps import stop
from broker.disclosures.breaches.opening import (
    HEAR_OF_IT,
    OPENED_NOTICE,
    Noticed,
    heard,
    open_record,
)
from broker.domain.breaches.record import Cause, Kind
from broker.domain.errors import WrongStateError
from broker.domain.model import Disclosure, Person
from broker.domain.portal.pages import PageEnd
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.domain.times import Clock, uk_day
from broker.ledger.changes import retractions
from broker.ledger.changes.retractions import Answer, is_awaited
from broker.ledger.events import Event
from broker.registers.checkers import colleagues
from broker.storage.case_file import Part
from broker.storage.transaction import Transaction, Transactions

_MAY_BE_THERE: Final = frozenset({State.SENT, State.TOLD, State.EXPIRED, State.UNKNOWN})
_WORDS_WERE_TOLD: Final = frozenset({State.TOLD, State.EXPIRED, State.ACKNOWLEDGED})
_BY_THE_BROKER: Final = "It was stopped, and this was given as the reason."
_DELETE_IT: Final = (
    "The document of this reference was called back. Do not open it.",
    "Delete the message and every copy of the file.",
    "Whoever sent it will ring you and ask whether that was done.",
    "If nobody rings, ring them, on a number that you know.",
)
_IT_HAD_OPENED: Final = (
    "Its recipient was asked to delete it. Its sender rings them, and says what they did.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalling:
    """Stops disclosures and follows up what had gone; every method opens its own transaction."""

    transaction: Transactions
    notices: PersonNotices
    clock: Clock

    def recall(
        self,
        reference: Reference,
        person: Person,
        why: str | None = None,
        cause: Cause | None = None,
    ) -> State:
        """Stop a disclosure, and ask whoever may have it to delete it.

        Nothing more is sent, the passphrase is gone; what has opened stays opened. Returns where
        it stood: once its words were told somebody must ring. `why` is the sender's reason, in
        words; `cause` opens a breach record. Raises `WrongStateError` where there is nothing to
        stop, or its deletion was asked for already. Its sender hears where another stopped it.
        """
        now = self.clock()
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, person)
            done: list[Event] = []
            told: list[PersonNotice] = []
            if disclosure.state is State.ACKNOWLEDGED:
                done.append(_called_back(tx, disclosure, person, why))
                told += _to_guardians(tx, disclosure, now)
            else:
                done.append(stop(tx, disclosure, person, why, now))
            if disclosure.state in _MAY_BE_THERE:
                done.append(retractions.retraction_asked(reference, person.id))
            if disclosure.state in _MAY_BE_THERE | {State.ACKNOWLEDGED}:
                told.append(_please(tx, disclosure))
            if cause is not None:
                opened, notices = self._opened(tx, disclosure, person, cause, now)
                done += opened
                told += notices
            told += _to_its_sender(tx, disclosure, person)
            tx.append(*done)
        for notice in told:
            self.notices.send(notice, now)
        return disclosure.state

    def answered(self, reference: Reference, person: Person, answer: Answer) -> None:
        """Record what the recipient said about what was called back; the newest counts.

        Raises `WrongStateError` where nothing was asked of anybody.
        """
        with self.transaction() as tx:
            tx.disclosure_for(reference, person)
            if not is_awaited(tx.about(reference), answered_too=True):
                raise WrongStateError("Nothing of it had gone, so nobody was asked to delete it.")
            tx.append(retractions.retraction_answered(reference, person.id, answer))

    def _opened(
        self, tx: Transaction, disclosure: Disclosure, person: Person, cause: Cause, now: datetime
    ) -> tuple[list[Event], list[PersonNotice]]:
        is_lost = disclosure.state in _WORDS_WERE_TOLD
        noticed = Noticed(
            kind=Kind.BREACH if is_lost else Kind.NEAR_MISS,
            cause=cause,
            words=_BY_THE_BROKER,
            about=disclosure.reference,
        )
        opened = open_record(tx, noticed, person, now)
        if opened.event is None:
            return [], []
        return [opened.event], list(heard(tx, opened.breach, HEAR_OF_IT, OPENED_NOTICE, now))


def _called_back(
    tx: Transaction, disclosure: Disclosure, person: Person, why: str | None
) -> Event:
    """Take away its page and keep why, where it has opened; return the event to append."""
    if is_awaited(tx.about(disclosure.reference), answered_too=True):
        raise WrongStateError(
            "They were asked to delete it already. Ring them, then say what they did."
        )
    take_away(tx, disclosure, PageEnd.RECALLED)
    why_c = tx.case_file(disclosure).commit(Part.WHY_CALLED_BACK.value, why)
    return retractions.retraction_asked(disclosure.reference, person.id, why_c)


def _to_guardians(tx: Transaction, disclosure: Disclosure, now: datetime) -> list[PersonNotice]:
    found = colleagues(tx, disclosure.sender, (Role.GUARDIAN,), uk_day(now))
    subject = f"Document {disclosure.reference} was called back after it had opened"
    return [
        PersonNotice(to=one.contact, subject=subject, sentences=_IT_HAD_OPENED) for one in found
    ]


def _to_its_sender(tx: Transaction, disclosure: Disclosure, by: Person) -> list[PersonNotice]:
    """Return what is written to whoever sent it, where somebody else stopped it."""
    sender = tx.people.find(disclosure.requester)
    if disclosure.requester == by.id or sender is None or sender.disabled_on is not None:
        return []
    return [
        PersonNotice(
            to=sender.contact,
            subject=f"{disclosure.reference}: it was stopped",
            sentences=(
                f"Somebody who answers for {disclosure.reference} stopped it.",
                "Open it and see what is yours to do. If the recipient had it, ring them today.",
            ),
        )
    ]


def _please(tx: Transaction, disclosure: Disclosure) -> PersonNotice:
    return PersonNotice(
        to=tx.directory.mailbox(disclosure.recipient).address,
        subject=f"Document {disclosure.reference} was called back",
        sentences=_DELETE_IT,
    )

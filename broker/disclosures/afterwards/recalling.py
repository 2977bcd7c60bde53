"""Take back what may be with somebody: they are asked to delete it, and whether they did is known.

What went to the wrong recipient, or is about the wrong person, opens a breach record at once: a
near miss where nobody had heard the words, else a breach.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from broker.delivery.person_notices import PersonNotice, PersonNotices
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
from broker.domain.references import Reference
from broker.domain.states import State
from broker.domain.times import Clock
from broker.ledger.changes import retractions
from broker.ledger.changes.retractions import Answer, is_awaited
from broker.ledger.events import Event
from broker.storage.transaction import Transaction, Transactions

_MAY_BE_THERE: Final = frozenset({State.SENT, State.TOLD, State.EXPIRED, State.UNKNOWN})
_WORDS_WERE_TOLD: Final = frozenset({State.TOLD, State.EXPIRED})
_BY_THE_BROKER: Final = "It was stopped by its sender, who gave this as the reason."
_DELETE_IT: Final = (
    "The document of this reference was called back. Do not open it.",
    "Delete the message and every copy of the file.",
    "Whoever sent it will ring you and ask whether that was done.",
    "If nobody rings, ring them, on a number that you know.",
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
        """Stop a disclosure that was not opened, and ask for what may be there.

        Nothing more is sent, the passphrase is gone. Returns where it stood: once its words were
        told somebody must ring. `why` is the sender's reason, in words; `cause` opens a breach
        record.
        """
        now = self.clock()
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, person)
            done: list[Event] = [stop(tx, disclosure, person, why, now)]
            told: list[PersonNotice] = []
            if disclosure.state in _MAY_BE_THERE:
                done.append(retractions.retraction_asked(reference, person.id))
                told.append(_please(tx, disclosure))
            if cause is not None:
                opened, notices = self._opened(tx, disclosure, person, cause, now)
                done += opened
                told += notices
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


def _please(tx: Transaction, disclosure: Disclosure) -> PersonNotice:
    return PersonNotice(
        to=tx.directory.mailbox(disclosure.recipient).address,
        subject=f"Document {disclosure.reference} was called back",
        sentences=_DELETE_IT,
    )

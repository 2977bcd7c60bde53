"""What a person says about a delivery that stands still: arrived, send it again, carried by hand.

Nothing is sent twice without such a word, and each is an entry of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from broker.delivery.permission import permitted
from broker.disclosures.afterwards.pages import PageSteps
from broker.disclosures.flow import Disclosures
from broker.disclosures.standing_still.sending_anew import SendingAnew
from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.grounds import must_be_a_reason, must_say_why
from broker.domain.model import Disclosure, Person, Step
from broker.domain.references import Reference
from broker.domain.states import WORDS_ARE_GONE, State
from broker.domain.times import Clock
from broker.ledger import events
from broker.ledger.readings import Content, Entrance, record_reading
from broker.packs.attachments import Inspect
from broker.storage.case_file import Part
from broker.storage.transaction import Transaction, Transactions

HAND_WAYS: Final = {
    "egress": "Egress",
    "nhsmail-secure": "NHSmail, with [secure] in the subject",
    "cjsm": "CJSM, from your own account",
    "in-person": "in person, on paper or a drive",
    "other": "another secure system",
}
"""The ways on which people carry a sealed document themselves, and how they read."""

_RECEIPT = re.compile(r"[^\x00-\x1f\x7f]{3,200}")
_STANDS_STILL: Final = (State.DEFERRED, State.REJECTED, State.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandReceipt:
    """On which way a document was carried by hand, and what that system gave as a receipt."""

    way: str
    receipt: str

    def __post_init__(self) -> None:
        """Raise `NotAllowedError` for a way that is none, or a receipt that says nothing."""
        if self.way not in HAND_WAYS:
            raise NotAllowedError(f"The way must be one of: {', '.join(HAND_WAYS)}.")
        if not _RECEIPT.fullmatch(self.receipt.strip()):
            raise NotAllowedError(
                "A receipt needs 3 to 200 characters on one line: the number that the system "
                "gave, or who took it and when."
            )

    def document(self) -> dict[str, object]:
        """Return it as it is kept with the case; spaces and capitals make no other receipt."""
        return {"way": self.way, "receipt": " ".join(self.receipt.split()).casefold()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """What the sender of a disclosure does where the courier could not do it.

    Every method opens its own transaction and leaves none behind.
    """

    transaction: Transactions
    anew: SendingAnew
    clock: Clock

    @property
    def pages(self) -> PageSteps:
        """What is done where a document is fetched from a page."""
        return PageSteps(transaction=self.transaction, clock=self.clock)

    def resend(self, reference: Reference, person: Person, reason: str) -> None:
        """Have the same bytes sent once more, although they were refused or may have gone.

        Raises `WrongStateError` anywhere else, and `RecipientChangedError` where the directory
        has another address by now.
        """
        must_be_a_reason(reason)
        now = self.clock()
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, person)
            disclosure.must_be(
                State.REJECTED, State.UNKNOWN, else_say="Only what stands still is sent again."
            )
            permitted(tx, disclosure)
            file = tx.case_file(disclosure)
            if file.passphrase() is None:
                raise WrongStateError(WORDS_ARE_GONE)
            why_c = file.commit(Part.WHY_RESENT.at_random(), reason)
            tx.store.move(disclosure, State.DEFERRED, now)
            tx.outbox.put(reference, Step.SEND, now)
            tx.append(events.resend_asked(disclosure, person, why_c))

    def confirm_arrival(self, reference: Reference, person: Person) -> None:
        """Record that the recipient said on the telephone that it has arrived after all."""
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, person)
            disclosure.must_be(State.UNKNOWN, else_say="Nobody doubts whether it arrived.")
            permitted(tx, disclosure)
            tx.store.move(disclosure, State.SENT, self.clock())
            tx.append(events.arrival_confirmed(disclosure, person))

    def fetch(
        self, reference: Reference, person: Person, how: Entrance, reason: str | None = None
    ) -> bytes:
        """Return the sealed document for its sender to carry by hand; once, recorded before.

        Raises `ReasonNeededError` for a second time without a reason.
        """
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, person)
            disclosure.must_be(*_STANDS_STILL, else_say=_BY_ITSELF)
            permission = permitted(tx, disclosure)
            sealed = tx.case_file(disclosure).sealed()
            if sealed is None:
                raise WrongStateError("There is nothing sealed to carry.")
            permission.refuse_other_bytes(sealed)
            if _was_fetched(tx, reference):
                must_say_why(reason, again=True)
                tx.case_file(disclosure).commit(Part.WHY_RESENT.at_random(), reason)
            record_reading(tx, person, Content.SEALED, how, reference)
        return sealed

    def was_fetched(self, reference: Reference, person: Person) -> bool:
        """Return whether its sender has the sealed document already, to carry it."""
        with self.transaction() as tx:
            return _was_fetched(tx, tx.disclosure_for(reference, person).reference)

    def sent_by_hand(self, reference: Reference, person: Person, given: HandReceipt) -> None:
        """Record that the sender carried it, by which way and with which receipt.

        Raises `NotAllowedError` where the same receipt was given for another disclosure, and
        `WrongStateError` where it was not fetched or stands elsewhere.
        """
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, person)
            disclosure.must_be(*_STANDS_STILL, else_say=_BY_ITSELF)
            permitted(tx, disclosure)
            if not _was_fetched(tx, reference):
                raise WrongStateError("Fetch the sealed document first, then say that it went.")
            document = given.document()
            if any(document == other for other in _receipts_of(tx, disclosure)):
                raise NotAllowedError(
                    "This receipt stands with another document already. Look at the number again; "
                    "each document that you carry has a receipt of its own."
                )
            receipt_c = tx.case_file(disclosure).commit(Part.HAND_RECEIPT.value, document)
            tx.outbox.withdraw(reference)
            tx.store.move(disclosure, State.SENT, self.clock())
            tx.append(events.sent_by_hand(disclosure, person, given.way, receipt_c))


_BY_ITSELF: Final = "What the broker is sending by itself is not carried by hand too."


def _was_fetched(tx: Transaction, reference: Reference) -> bool:
    return any(
        entry.type == "read" and entry.event["what"] == Content.SEALED.value
        for entry in tx.about(reference)
    )


def _receipts_of(tx: Transaction, disclosure: Disclosure) -> Iterator[object]:
    """Yield the receipts that the same body gave for other disclosures."""
    for other in tx.store.holding(Part.HAND_RECEIPT.value):
        if other.sender == disclosure.sender and other.reference != disclosure.reference:
            yield tx.case_file(other).found(Part.HAND_RECEIPT.value)


def deliveries_of(disclosures: Disclosures, inspect: Inspect) -> Deliveries:
    """Return the deliveries of disclosures; `inspect` is the gate for files."""
    return Deliveries(
        transaction=disclosures.transaction,
        anew=SendingAnew(disclosures=disclosures, inspect=inspect),
        clock=disclosures.clock,
    )

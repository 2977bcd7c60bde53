"""Before the words are told: who may tell them, whom to ring, and how often they were told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from audit.format.entry import Entry
from broker.delivery.permission import permitted
from broker.disclosures.afterwards.pages import PageStands, page_stands
from broker.domain.errors import UnknownReferenceError
from broker.domain.model import Disclosure, Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State, leading_to
from broker.storage.transaction import Transaction, Transactions

AGAIN_AT_MOST: Final = 2
"""How often the words are told before only the lead may tell them once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A telephone call to make: whom to ring on the directory's number, and what came before."""

    disclosure: Disclosure
    title: str
    body: str
    telephone: str
    checked_on: date | None
    told: int
    page: PageStands | None = None

    @property
    def needs_the_lead(self) -> bool:
        """Say whether only the lead may tell the words once more."""
        return self.told >= AGAIN_AT_MOST


def call_of(transaction: Transactions, reference: Reference, person: Person) -> Call:
    """Return whom to ring about a disclosure; raises as `Disclosures.hand_over`."""
    with transaction() as tx:
        disclosure = about_to_be_told(tx, reference, person)
        recipient = permitted(tx, disclosure).recipient
        entries = tx.about(reference)
        return Call(
            disclosure=disclosure,
            title=recipient.title,
            body=tx.directory.agency(recipient.agency).name,
            telephone=recipient.telephone,
            checked_on=recipient.verified_on,
            told=times_told(entries),
            page=page_stands(tx, disclosure, entries, transaction.clock()),
        )


def about_to_be_told(tx: Transaction, reference: Reference, person: Person) -> Disclosure:
    """Return a disclosure whose words the person may tell, its row locked.

    That is the sender, and the lead of their body where the words were told twice. Raises
    `UnknownReferenceError`, and `WrongStateError` before it was sent and once it was opened.
    """
    try:
        disclosure = tx.disclosure_for(reference, person)
    except UnknownReferenceError:
        disclosure = _leads(tx, reference, person)
    disclosure.must_be(
        *leading_to(State.TOLD), State.EXPIRED, else_say="Its words are told once it was sent."
    )
    return disclosure


def times_told(entries: Iterable[Entry]) -> int:
    """Return how often the words of a disclosure were told; the code of a page is none."""
    return sum(entry.type == "revealed" and "what" not in entry.event for entry in entries)


def _leads(tx: Transaction, reference: Reference, person: Person) -> Disclosure:
    if person.role is not Role.LEAD or times_told(tx.about(reference)) < AGAIN_AT_MOST:
        raise UnknownReferenceError
    disclosure = tx.any_agencys(reference)
    if disclosure.sender != person.agency:
        raise UnknownReferenceError
    return disclosure

"""What a Guardian may know of a disclosure before they open it: codes, nothing of its content."""

from datetime import date

from broker.disclosures.reviews import Review, reviews_of
from broker.domain.model import Disclosure, Person
from broker.domain.obligations import is_looked_back_at
from broker.domain.references import Reference
from broker.domain.states import WAITING_FOR_A_GUARDIAN, State
from broker.registers.deciders import deciders
from broker.storage.transaction import Transaction, Transactions
from keys import PersonId


def disclosure_to_open(
    transaction: Transactions, reference: Reference, guardian: Person
) -> Disclosure:
    """Return where a disclosure stands that a Guardian may open: it waits, waited or was sampled.

    Raises `UnknownReferenceError`, and `WrongStateError` for what no Guardian was to see.
    """
    with transaction() as tx:
        disclosure = tx.disclosure_for(reference, guardian)
        must_have_been_for_a_guardian(tx, disclosure)
    return disclosure


def must_wait(disclosure: Disclosure) -> None:
    """Return if a disclosure waits for a Guardian, else raise `WrongStateError`."""
    disclosure.must_be(*WAITING_FOR_A_GUARDIAN, else_say="Nothing in it waits for a Guardian.")


def must_be_open_to_a_question(disclosure: Disclosure) -> None:
    """Return if its sender may be asked now, else raise `WrongStateError`."""
    disclosure.must_be(
        State.REFERRED,
        else_say="A sender is asked before the decision. One question at a time is asked.",
    )


def must_be_open_to_advice(disclosure: Disclosure) -> None:
    """Return if advice may be asked on it now, else raise `WrongStateError`."""
    disclosure.must_be(*WAITING_FOR_A_GUARDIAN, else_say="Advice is asked before a decision.")


def must_have_been_for_a_guardian(tx: Transaction, disclosure: Disclosure) -> None:
    """Return if a Guardian was to see a disclosure, else raise `WrongStateError`."""
    if not was_for_a_guardian(tx, disclosure):
        must_wait(disclosure)


def was_for_a_guardian(tx: Transaction, disclosure: Disclosure) -> bool:
    """Say whether a Guardian was to see it: it waits, was judged again, or is looked back at."""
    is_theirs = disclosure.decision_number > 1 or disclosure.state in WAITING_FOR_A_GUARDIAN
    return is_theirs or is_looked_back_at(tx.duties.of(disclosure.reference))


def deputies_for(
    transaction: Transactions, reference: Reference, guardian: Person, today: date
) -> tuple[PersonId, ...]:
    """Return who else may decide it today, for a Guardian who has a part in it."""
    with transaction() as tx:
        disclosure = tx.disclosure_for(reference, guardian)
        found = deciders(tx, disclosure.sender, today)
    return tuple(sorted(found - {guardian.id, disclosure.requester}))


def newest_review(
    transaction: Transactions, reference: Reference, guardian: Person
) -> Review | None:
    """Return the newest word of a Guardian about it; show who gave it and when, no words of it."""
    with transaction() as tx:
        reviews = reviews_of(tx.case_file(tx.disclosure_for(reference, guardian)))
    return reviews[-1] if reviews else None

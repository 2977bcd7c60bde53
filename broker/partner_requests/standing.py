"""How somebody stands to a copy: of the body that asks, of the body that is asked, or not at all.

What is not theirs and what is not there are answered alike.
"""

from collections.abc import Iterable
from typing import Final

from audit.log.known import REF
from broker.domain.directory.functions import Function
from broker.domain.errors import BrokerError, WrongStateError
from broker.domain.model import Disclosure, Person
from broker.domain.partner_requests.copies import Copy, CopyName, UnknownCopyError
from broker.domain.roles import LEADS, Role
from broker.domain.states import State
from broker.storage.rows.said import said_of
from broker.storage.transaction import Transaction
from keys import AgencyId

ASKERS: Final = frozenset(
    {
        Role.POLICE,
        Role.POLICE_LEAD,
        Role.CHAIR,
        Role.COORDINATOR,
        Role.ADULTS_LEAD,
        Role.FAMILIES_LEAD,
    }
)
"""Who may ask partners, and sees what their body asked."""

SEES_ALL_THAT_COMES: Final = frozenset(LEADS)
"""Who sees every request to their body; others see what was passed to them."""

ANSWERERS: Final = SEES_ALL_THAT_COMES | {Role.PRACTITIONER, Role.MANAGER, Role.POLICE}
"""Who may answer."""

NO_LONGER_ASKED: Final = "They no longer ask this."

_NOT_GONE: Final = frozenset(
    {State.REFERRED, State.ASKED, State.REFUSED, State.RECALLED, State.ERASED}
)


def is_with_partner(disclosure: Disclosure) -> bool:
    """Say whether the question may be seen by the body that is asked: it was let go."""
    return disclosure.state not in _NOT_GONE


def has_come(tx: Transaction, copy: Copy) -> bool:
    """Say whether a question was ever let go to the body that is asked, stopped since or not."""
    return copy.name in that_have_come(tx, (copy,))


def that_have_come(tx: Transaction, copies: Iterable[Copy]) -> frozenset[CopyName]:
    """Return the copies of which `has_come` holds, by one look at the ledger."""
    known = tx.known()
    return frozenset(
        copy.name for copy in copies if said_of(known.about(REF, str(copy.disclosure))).goes
    )


def asked_by_us(
    tx: Transaction, name: CopyName, person: Person, *, to_change: bool = False
) -> Copy:
    """Return a copy that the person's body asked, or whose day the person set.

    Raises `UnknownCopyError`.
    """
    copy = tx.copies.copy(name, to_change=to_change)
    if not is_asked_by(copy, person):
        raise UnknownCopyError
    return copy


def is_asked_by(copy: Copy, person: Person) -> bool:
    """Say whether a copy is of what the person's body asks, or whose day the person set."""
    if person.role not in ASKERS:
        return False
    return copy.asking == person.agency or copy.set_by == person.id


def put_to_us(
    tx: Transaction, name: CopyName, person: Person, *, to_change: bool = False
) -> tuple[Copy, Disclosure]:
    """Return a copy that the person may answer, with the disclosure that asks; rows locked.

    Raises `UnknownCopyError`, also for what its own asker's Guardian has not let go, and
    `WrongStateError` for what was stopped since.
    """
    copy = tx.copies.copy(name, to_change=to_change)
    if not may_answer(copy, person) or not has_come(tx, copy):
        raise UnknownCopyError
    disclosure = tx.disclosure(copy.disclosure)
    if not is_with_partner(disclosure):
        raise WrongStateError(f"{NO_LONGER_ASKED} Nothing of yours was sent.")
    return copy, disclosure


def may_answer(copy: Copy, person: Person) -> bool:
    """Say whether a copy is the person's to see: their body's, and theirs or all are."""
    if copy.asked != person.agency or person.role not in ANSWERERS:
        return False
    return person.role in SEES_ALL_THAT_COMES or copy.owner == person.id


class NotOfThatBodyError(BrokerError):
    """Raised where a request is passed to somebody who could not answer it."""

    def __init__(self) -> None:
        """Say to whom it can be passed."""
        super().__init__(
            "It can be passed to somebody of your own body who may answer: a lead, a manager or "
            "a practitioner with an account. Choose another person."
        )


def icb_bodies(tx: Transaction) -> frozenset[AgencyId]:
    """Return the bodies that hold a contact kept as that of the ICB lead."""
    return frozenset(
        mailbox.agency
        for mailbox in tx.directory.mailboxes()
        if mailbox.listing.kept_as == Function.ICB_LEAD
    )

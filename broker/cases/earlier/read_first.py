"""Nobody closes or refuses a second concern without the earlier ones before them (R43).

Asked of whoever may see them, a lead or Guardian of the body; a practitioner is told nothing.
"""

from collections.abc import Iterable
from typing import Protocol

from broker.cases.earlier.index import EarlierIndex, is_read
from broker.domain.cases.cases import SEES_ITS_BODY
from broker.domain.cases.earlier import Match, Side
from broker.domain.errors import WrongStateError
from broker.domain.model import Disclosure, Person
from broker.domain.references import Reference
from broker.storage.transaction import Transaction
from keys import AgencyId, CaseId


class UnreadEarlierError(WrongStateError):
    """Raised when somebody closes or refuses what they have not opened the earlier ones of."""

    def __init__(self, unread: Iterable[Reference]) -> None:
        """Name those that are still to be opened."""
        self.unread = tuple(unread)
        listed = ", ".join(map(str, self.unread))
        super().__init__(
            f"Your body has earlier concerns about this person. Open each first: {listed}. "
            "Then say it again."
        )


def unread_before(
    tx: Transaction, index: EarlierIndex, person: Person, disclosure: Disclosure
) -> tuple[Reference, ...]:
    """Return what a body's lead or Guardian has still to open from before a disclosure of theirs.

    Of what counts as the same person, and of the ledger's readings theirs alone; who may see none
    of it has nothing to open.
    """
    if not sees_earlier(person, disclosure.sender):
        return ()
    found = index.before(tx, disclosure.sender, disclosure, Side.ENTERED)
    return unread_among(tx, person, (one for one in found if one.counts))


def unread_among(tx: Transaction, person: Person, found: Iterable[Match]) -> tuple[Reference, ...]:
    """Return which of some earlier concerns somebody has not opened, as the ledger says."""
    return tuple(one.reference for one in found if not is_read(tx, one, {person.id}))


def sees_earlier(person: Person, body: AgencyId) -> bool:
    """Say whether somebody may see the earlier concerns of a body: its lead or its Guardian."""
    return person.role in SEES_ITS_BODY and person.agency == body


class UnreadOfConcerns(Protocol):
    """Says what is still to be opened before the concerns of a case, which nobody sent yet."""

    def __call__(self, tx: Transaction, person: Person, case: CaseId, /) -> tuple[Reference, ...]:
        """Return what whoever closes the case has still to open; inside their transaction."""
        ...

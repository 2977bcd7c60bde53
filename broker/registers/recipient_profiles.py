"""Use cases of how a contact takes documents: the form that they asked for, and how large."""

from dataclasses import dataclass

from broker.domain.directory.profiles import (
    FEWEST_MEGABYTES,
    MOST_MEGABYTES,
    RecipientProfile,
)
from broker.domain.errors import NotAllowedError
from broker.domain.model import MailboxId, Person
from broker.domain.times import Clock, uk_day
from broker.ledger.changes.trials import profile_set
from broker.registers.contacts import must_keep
from broker.storage.transaction import Transactions
from keys import PersonId


class UnfitSizeError(NotAllowedError):
    """Raised for a size of messages that no mailbox has."""

    def __init__(self) -> None:
        """Say between what it lies."""
        super().__init__(
            f"How large a message may be is said in megabytes, from {FEWEST_MEGABYTES} to "
            f"{MOST_MEGABYTES}. Leave it out where nobody knows."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientProfiles:
    """How contacts take documents; every change is an entry of the ledger.

    Raises `UnknownMailboxError` for what is not there.
    """

    transaction: Transactions
    clock: Clock

    def of(self, mailbox: MailboxId) -> RecipientProfile:
        """Return how a contact takes documents."""
        with self.transaction() as tx:
            tx.directory.mailbox(mailbox)
            return tx.profiles.of(mailbox)

    def takers_of_originals(self) -> frozenset[MailboxId]:
        """Return the contacts that said that they take files as they were sent."""
        with self.transaction() as tx:
            return tx.profiles.takers_of_originals()

    def set_by_keeper(self, mailbox: MailboxId, profile: RecipientProfile, by: Person) -> None:
        """As `set`, for whoever keeps the entries of its body.

        Raises `NotAllowedError` where another body keeps them.
        """
        with self.transaction() as tx:
            must_keep(tx, tx.directory.mailbox(mailbox).agency, by, uk_day(self.clock()))
        self.set(mailbox, profile, by.id)

    def set(self, mailbox: MailboxId, profile: RecipientProfile, by: PersonId) -> None:
        """Enter how a contact takes documents from now on; raises `UnfitSizeError`."""
        most = profile.most_megabytes
        if most is not None and not FEWEST_MEGABYTES <= most <= MOST_MEGABYTES:
            raise UnfitSizeError
        with self.transaction() as tx:
            tx.directory.mailbox(mailbox)
            mark = tx.profiles.put(mailbox, profile)
            tx.append(profile_set(mailbox, profile, by, mark))

"""The directory over time: somebody adds, changes, verifies and retires what stands in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from broker.domain.errors import FaultyDocumentError
from broker.domain.model import Agency, Mailbox, MailboxId
from broker.domain.times import uk_day
from broker.ledger import events
from broker.registers.entry_checks import entry_faults
from broker.storage.rows.believed import Register
from broker.storage.rows.registers import AGENCIES, MAILBOXES
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId, PersonId
from policies import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """Agencies and mailboxes as they come together in one document."""

    agencies: tuple[Agency, ...]
    mailboxes: tuple[Mailbox, ...]

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Return the identifiers of all."""
        return (
            *(agency.id for agency in self.agencies),
            *(mailbox.id for mailbox in self.mailboxes),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryRegister:
    """Keeps the directory; each change is an entry on the ledger, under whoever made it."""

    transaction: Transactions
    clock: Callable[[], datetime]

    def entries(self) -> Entries:
        """Return all that stands there."""
        with self.transaction() as tx:
            return Entries(agencies=tx.directory.agencies(), mailboxes=tx.directory.mailboxes())

    def add(self, entries: Entries, rulebook: Rulebook, by: PersonId) -> None:
        """Add entries, none verified yet.

        Raises `FaultyDocumentError` with every fault, and `DirectoryFaultError`.
        """
        with self.transaction() as tx:
            _check(tx, entries, rulebook)
            tx.directory.add(entries.agencies, entries.mailboxes, rulebook.mail)
            _append(tx, entries, "added", by)

    def change(self, entries: Entries, rulebook: Rulebook, by: PersonId) -> None:
        """Replace entries by what they are now; a mailbox that changed must be verified again.

        Raises as `add`, and `UnknownMailboxError` for what does not stand there yet.
        """
        with self.transaction() as tx:
            _check(tx, entries, rulebook)
            tx.directory.change(entries.agencies, entries.mailboxes)
            _append(tx, entries, "changed", by)

    def verify(self, mailbox: MailboxId, by: PersonId) -> date:
        """Record that somebody checked a mailbox by telephone today, and return the day."""
        today = uk_day(self.clock())
        with self.transaction() as tx:
            tx.directory.verify(mailbox, by=by, on=today)
            tx.append(_changed(tx, MAILBOXES, mailbox, "verified", by))
        return today

    def retire(self, mailbox: MailboxId, by: PersonId) -> bool:
        """Let nothing go to a mailbox any more; say whether it is out of the list altogether."""
        with self.transaction() as tx:
            is_gone = tx.directory.retire(mailbox)
            tx.append(_changed(tx, MAILBOXES, mailbox, "retired", by))
        return is_gone

    def check_agency(self, agency: AgencyId) -> None:
        """Return if a token may speak for somebody of `agency`; else raise `UnknownMailboxError`.

        Before the first body is entered there is none that could be meant.
        """
        with self.transaction() as tx:
            if tx.directory.agencies():
                tx.directory.agency(agency)


def _check(tx: Transaction, entries: Entries, rulebook: Rulebook) -> None:
    faults = entry_faults(
        entries.agencies,
        entries.mailboxes,
        tx.directory.agencies(),
        rulebook.vocabulary,
        rulebook.mail,
    )
    if faults:
        raise FaultyDocumentError(faults)


def _append(tx: Transaction, entries: Entries, what: str, by: PersonId) -> None:
    agencies = (_changed(tx, AGENCIES, one.id, what, by) for one in entries.agencies)
    mailboxes = (_changed(tx, MAILBOXES, one.id, what, by) for one in entries.mailboxes)
    tx.append(*agencies, *mailboxes)


def _changed(
    tx: Transaction, register: Register, entry: str, what: str, by: PersonId
) -> events.Event:
    return events.directory_changed(entry, what, by, tx.rows.as_stored(register, entry))

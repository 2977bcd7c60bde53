"""The directory over time: somebody adds, changes, verifies and retires what stands in it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from broker.domain.directory.backing import CallBack
from broker.domain.errors import FaultyDocumentError, RowDisagreesError
from broker.domain.model import Agency, Mailbox, MailboxId
from broker.domain.times import Clock, uk_day
from broker.ledger import events
from broker.registers import contact_changes
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
    clock: Clock

    def entries(self) -> Entries:
        """Return all that stands there, retired entries too."""
        with self.transaction() as tx:
            return Entries(agencies=tx.directory.agencies(), mailboxes=tx.directory.mailboxes())

    def add(self, entries: Entries, rulebook: Rulebook, by: PersonId) -> None:
        """Add entries, none verified yet.

        Raises `FaultyDocumentError` with every fault, and `DirectoryFaultError`.
        """
        at = self.clock()
        with self.transaction() as tx:
            refuse_faulty(tx, entries, rulebook)
            contacts = [contact_changes.entered(one, by, at) for one in entries.mailboxes]
            tx.directory.add(entries.agencies, contacts, rulebook.mail)
            _append(tx, entries, "added", by)

    def change(self, entries: Entries, rulebook: Rulebook, by: PersonId) -> None:
        """Replace entries by what they are now; a mailbox that changed must be verified again.

        One whose row is not as the ledger says is written anew, all of it, so this mends it.
        Raises as `add`, and `UnknownMailboxError` for what does not stand there yet.
        """
        at = self.clock()
        with self.transaction() as tx:
            refuse_faulty(tx, entries, rulebook)
            for agency in entries.agencies:
                tx.directory.put_agency(agency)
            for mailbox in entries.mailboxes:
                _change(tx, mailbox, by, at)
            _append(tx, entries, "changed", by)

    def verify(self, mailbox: MailboxId, call: CallBack, by: PersonId) -> date:
        """Record that somebody checked a mailbox by telephone today, and return the day.

        Raises `UnknownMailboxError`, and as `contact_changes.called_back`.
        """
        at = self.clock()
        with self.transaction() as tx:
            before = tx.directory.mailbox(mailbox, to_change=True)
            tx.directory.put_mailbox(contact_changes.called_back(before, call, by, at))
            tx.append(changed_event(tx, MAILBOXES, mailbox, "verified", by))
        return uk_day(at)

    def retire(self, mailbox: MailboxId, by: PersonId) -> None:
        """Let nothing go to a mailbox any more; it stays in the list, as what was sent stays.

        Raises `UnknownMailboxError`, and `WrongStateError` for a retired one.
        """
        with self.transaction() as tx:
            before = tx.directory.mailbox(mailbox, to_change=True)
            tx.directory.put_mailbox(contact_changes.retired(before, uk_day(self.clock())))
            tx.append(changed_event(tx, MAILBOXES, mailbox, "retired", by))

    def check_agency(self, agency: AgencyId) -> None:
        """Return if a token may speak for somebody of `agency`; else raise `UnknownMailboxError`.

        Before the first body is entered there is none that could be meant.
        """
        with self.transaction() as tx:
            if tx.directory.agencies():
                tx.directory.agency(agency)


def refuse_faulty(tx: Transaction, entries: Entries, rulebook: Rulebook) -> None:
    """Return if entries may be kept; else raise `FaultyDocumentError` with every fault."""
    faults = entry_faults(
        entries.agencies,
        entries.mailboxes,
        tx.directory.agencies(),
        rulebook.vocabulary,
        rulebook.mail,
    )
    if faults:
        raise FaultyDocumentError(faults)


def changed_event(
    tx: Transaction, register: Register, entry: str, what: str, by: PersonId
) -> events.Event:
    """Return the event of an entry that was just written."""
    return events.directory_changed(entry, what, by, tx.rows.as_stored(register, entry))


def _change(tx: Transaction, after: Mailbox, by: PersonId, at: datetime) -> None:
    try:
        before = tx.directory.mailbox(after.id, to_change=True)
    except RowDisagreesError:
        # Nothing of what stands there is trusted: it is entered anew, under the next version.
        version = tx.directory.stored_version(after.id) + 1
        anew = contact_changes.entered(after, by, at)
        tx.directory.put_mailbox(replace(anew, version=version))
        return
    if contact_changes.is_another(before, after):
        tx.directory.put_mailbox(contact_changes.changed(before, after, by, at))


def _append(tx: Transaction, entries: Entries, what: str, by: PersonId) -> None:
    agencies = (changed_event(tx, AGENCIES, one.id, what, by) for one in entries.agencies)
    mailboxes = (changed_event(tx, MAILBOXES, one.id, what, by) for one in entries.mailboxes)
    tx.append(*agencies, *mailboxes)

"""Use cases of whoever keeps the directory on its pages: one entry at a time, as it was shown.

A body that has a keeper of its own here is kept by that body alone. What was changed since it was
shown is never written over: `seen` is what the page showed.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from audit.format.entry import Entry
from broker.domain.directory.backing import CallBack
from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.model import Agency, Mailbox, MailboxId, Person
from broker.domain.roles import Role
from broker.domain.times import Clock, moment_of, uk_day
from broker.registers import contact_changes
from broker.registers.directory import Entries, changed_event, refuse_faulty
from broker.registers.finding.look_alikes import look_alikes
from broker.storage.rows.believed import Register
from broker.storage.rows.registers import AGENCIES, MAILBOXES
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId, PersonId
from policies import Rulebook


class EntryChangedError(WrongStateError):
    """Raised where an entry is another by now than the one that was shown."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Somebody changed this entry since you opened it. Look at it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the ledger says of an entry: what was done, by whom, when."""

    what: str
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownContact:
    """A contact as a page shows it; `alike` are others whose addresses look like its own."""

    contact: Mailbox
    body: Agency
    history: tuple[Change, ...]
    alike: tuple[Mailbox, ...]
    seen: str
    may_keep: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBody:
    """A body as a page shows it, with its contacts."""

    body: Agency
    contacts: tuple[Mailbox, ...]
    seen: str
    may_keep: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """Shows and keeps single entries; every change is an entry of the ledger.

    Raises `UnknownMailboxError` for what is not there, `NotAllowedError` for what another body
    keeps, `EntryChangedError`, `FaultyDocumentError` with every fault, and as `contact_changes`.
    """

    transaction: Transactions
    clock: Clock

    def contact(self, id_: MailboxId, by: Person) -> ShownContact:
        """Return a contact with its history, the newest first."""
        with self.transaction() as tx:
            contact = tx.directory.mailbox(id_)
            return ShownContact(
                contact=contact,
                body=tx.directory.agency(contact.agency),
                history=_history(tx, id_),
                alike=look_alikes(contact, tx.directory.mailboxes()),
                seen=_seen(tx, MAILBOXES, id_),
                may_keep=may_keep(tx, contact.agency, by.agency, self._today()),
            )

    def body(self, id_: AgencyId, by: Person) -> ShownBody:
        """Return a body with its contacts."""
        with self.transaction() as tx:
            return ShownBody(
                body=tx.directory.agency(id_),
                contacts=tuple(one for one in tx.directory.mailboxes() if one.agency == id_),
                seen=_seen(tx, AGENCIES, id_),
                may_keep=may_keep(tx, id_, by.agency, self._today()),
            )

    def enter(self, contact: Mailbox, rulebook: Rulebook, by: Person) -> None:
        """Enter a contact; nobody has rung about it yet."""
        with self.transaction() as tx:
            must_keep(tx, contact.agency, by, self._today())
            _refuse_retired_body(tx, contact.agency)
            refuse_faulty(tx, Entries(agencies=(), mailboxes=(contact,)), rulebook)
            new = contact_changes.entered(contact, by.id, self.clock())
            tx.directory.add((), (new,), rulebook.mail)
            tx.append(changed_event(tx, MAILBOXES, contact.id, "added", by.id))

    def change(self, contact: Mailbox, seen: str, rulebook: Rulebook, by: Person) -> bool:
        """Let a contact say something else; somebody else must ring about it then.

        Returns whether it says anything else than before.
        """
        with self.transaction() as tx:
            before = self._to_change(tx, contact.id, seen, by)
            _refuse_retired_body(tx, before.agency)
            refuse_faulty(tx, Entries(agencies=(), mailboxes=(contact,)), rulebook)
            if not contact_changes.is_another(before, contact):
                return False
            after = contact_changes.changed(before, contact, by.id, self.clock())
            tx.directory.put_mailbox(after)
            tx.append(changed_event(tx, MAILBOXES, contact.id, "changed", by.id))
        return True

    def call_back(self, id_: MailboxId, call: CallBack, seen: str, by: Person) -> None:
        """Record that somebody rang and all of it was confirmed; it counts for a year."""
        with self.transaction() as tx:
            before = self._to_change(tx, id_, seen, by)
            tx.directory.put_mailbox(
                contact_changes.called_back(before, call, by.id, self.clock())
            )
            tx.append(changed_event(tx, MAILBOXES, id_, "verified", by.id))

    def retire(self, id_: MailboxId, seen: str, by: Person) -> None:
        """Let nothing go to a contact any more."""
        with self.transaction() as tx:
            before = self._to_change(tx, id_, seen, by)
            self._retire(tx, before, by)

    def enter_body(self, body: Agency, rulebook: Rulebook, by: Person) -> None:
        """Enter a body without contacts."""
        with self.transaction() as tx:
            refuse_faulty(tx, Entries(agencies=(body,), mailboxes=()), rulebook)
            tx.directory.add((body,), (), rulebook.mail)
            tx.append(changed_event(tx, AGENCIES, body.id, "added", by.id))

    def change_body(self, body: Agency, seen: str, rulebook: Rulebook, by: Person) -> None:
        """Let a body be another."""
        with self.transaction() as tx:
            self._body_to_change(tx, body.id, seen, by)
            refuse_faulty(tx, Entries(agencies=(body,), mailboxes=()), rulebook)
            tx.directory.put_agency(body)
            tx.append(changed_event(tx, AGENCIES, body.id, "changed", by.id))

    def retire_body(self, id_: AgencyId, seen: str, by: Person) -> None:
        """Let nothing go to a body any more, nor to any contact of it.

        Raises `WrongStateError` for one's own body, and for one that is retired already.
        """
        if id_ == by.agency:
            raise WrongStateError("This is your own organisation. It cannot retire itself.")
        with self.transaction() as tx:
            before = self._body_to_change(tx, id_, seen, by)
            if before.retired_on is not None:
                raise WrongStateError("This organisation is retired already.")
            for contact in tx.directory.mailboxes():
                if contact.agency == id_ and contact.backing.retired_on is None:
                    self._retire(tx, tx.directory.mailbox(contact.id, to_change=True), by)
            tx.directory.put_agency(replace(before, retired_on=self._today()))
            tx.append(changed_event(tx, AGENCIES, id_, "retired", by.id))

    def _retire(self, tx: Transaction, before: Mailbox, by: Person) -> None:
        tx.directory.put_mailbox(contact_changes.retired(before, self._today()))
        tx.append(changed_event(tx, MAILBOXES, before.id, "retired", by.id))

    def _to_change(self, tx: Transaction, id_: MailboxId, seen: str, by: Person) -> Mailbox:
        before = tx.directory.mailbox(id_, to_change=True)
        must_keep(tx, before.agency, by, self._today())
        if _seen(tx, MAILBOXES, id_) != seen:
            raise EntryChangedError
        return before

    def _body_to_change(self, tx: Transaction, id_: AgencyId, seen: str, by: Person) -> Agency:
        before = tx.directory.agency(id_, to_change=True)
        must_keep(tx, id_, by, self._today())
        if _seen(tx, AGENCIES, id_) != seen:
            raise EntryChangedError
        return before

    def _today(self) -> date:
        return uk_day(self.clock())


def may_keep(tx: Transaction, body: AgencyId, of: AgencyId, today: date) -> bool:
    """Say whether somebody of a body may change entries of another: one without a keeper."""
    if body == of:
        return True
    return not any(
        tx.people.acting(body, role, today) for role in (Role.KEEPER, Role.ADMINISTRATOR)
    )


def must_keep(tx: Transaction, body: AgencyId, by: Person, today: date) -> None:
    """Return if somebody may change entries of a body, else raise `NotAllowedError`."""
    if not may_keep(tx, body, by.agency, today):
        raise NotAllowedError("This organisation keeps its own entries. Ask its keeper.")


def _refuse_retired_body(tx: Transaction, body: AgencyId) -> None:
    if tx.directory.agency(body).retired_on is not None:
        raise WrongStateError("This organisation is retired. Enter the one that took its place.")


def _seen(tx: Transaction, register: Register, id_: str) -> str:
    """Return what stands for an entry as it is now: another for every change."""
    return tx.rows.as_stored(register, id_).mac or ""


def _history(tx: Transaction, id_: str) -> tuple[Change, ...]:
    entries = tx.known().about_row(MAILBOXES.name(id_))
    return tuple(_change(entry) for entry in reversed(entries))


def _change(entry: Entry) -> Change:
    return Change(
        what=str(entry.event.get("what", "sealed")),
        by=PersonId(str(entry.event["by"])),
        at=moment_of(entry.moment),
    )

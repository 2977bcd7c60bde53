"""A file into the directory: all of its lines, or none where one is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.model import Mailbox, MailboxId
from broker.domain.times import Clock, uk_day
from broker.registers import contact_changes
from broker.registers.contacts import may_keep
from broker.registers.directory import Entries, changed_event
from broker.registers.entry_checks import entry_faults
from broker.registers.exchange.lines import Line, Read, faults_of, placed, read
from broker.registers.finding.look_alikes import all_look_alikes
from broker.storage.rows.registers import AGENCIES, MAILBOXES
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId, PersonId
from policies import Rulebook, Verdict, mail_verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """How many bodies and contacts a file brought, and how many it changed.

    `alike` names, for each contact of it whose address looks like others, those.
    """

    bodies: int
    new: int
    changed: int
    alike: Mapping[MailboxId, tuple[MailboxId, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BringingIn:
    """Enters what a file says; nobody has rung about any of it."""

    transaction: Transactions
    clock: Clock

    def bring_in(
        self, lines: Sequence[Line], rulebook: Rulebook, by: PersonId, of: AgencyId | None = None
    ) -> Brought:
        """Enter and change what the lines say, and leave alone what they do not name.

        `of` is the body of whoever does it, None for who works on the host. Raises
        `FaultyDocumentError` with every fault of every line.
        """
        at = self.clock()
        with self.transaction() as tx:
            known = Entries(agencies=tx.directory.agencies(), mailboxes=tx.directory.mailboxes())
            found = self._without_fault(tx, lines, known, rulebook, of)
            before = {one.id: one for one in known.mailboxes}
            new = [
                contact_changes.entered(one, by, at)
                for one in found.contacts
                if one.id not in before
            ]
            tx.directory.add(found.bodies, new, rulebook.mail)
            changed = [
                contact_changes.changed(tx.directory.mailbox(one.id, to_change=True), one, by, at)
                for one in found.contacts
                if one.id in before and contact_changes.is_another(before[one.id], one)
            ]
            for one in changed:
                tx.directory.put_mailbox(one)
            tx.append(
                *(changed_event(tx, AGENCIES, one.id, "added", by) for one in found.bodies),
                *(changed_event(tx, MAILBOXES, one.id, "added", by) for one in new),
                *(changed_event(tx, MAILBOXES, one.id, "changed", by) for one in changed),
            )
            alike = all_look_alikes([*new, *changed], tx.directory.mailboxes())
        return Brought(bodies=len(found.bodies), new=len(new), changed=len(changed), alike=alike)

    def _without_fault(
        self,
        tx: Transaction,
        lines: Sequence[Line],
        known: Entries,
        rulebook: Rulebook,
        of: AgencyId | None,
    ) -> Read:
        faults = list(faults_of(lines, known))
        bad = {fault.place.partition(".")[0] for fault in faults}
        found = read([line for line in lines if line.place not in bad], known)
        said = entry_faults(
            found.bodies, found.contacts, known.agencies, rulebook.vocabulary, rulebook.mail
        )
        faults += [placed(fault, found.places) for fault in said]
        for one in found.contacts:
            place = found.places[f"mailboxes.{one.id}"]
            verdict = mail_verdict(one.address, rulebook.mail).verdict
            if one.address and verdict is Verdict.REJECT:
                problem = "is malformed or imitates another; ask for it by telephone"
                faults.append(Fault(place=f"{place}.address", problem=problem))
            if of is not None and not self._may_keep(tx, one, known, of):
                problem = "keeps its own entries; ask its keeper"
                faults.append(Fault(place=f"{place}.organisation", problem=problem))
        if faults:
            raise FaultyDocumentError(tuple(faults))
        return found

    def _may_keep(self, tx: Transaction, one: Mailbox, known: Entries, of: AgencyId) -> bool:
        today = uk_day(self.clock())
        before = next((other for other in known.mailboxes if other.id == one.id), one)
        # A line must not take a contact away from the body that keeps it.
        return all(may_keep(tx, body, of, today) for body in {one.agency, before.agency})

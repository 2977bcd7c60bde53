"""A preset into the directory: what stands there already stays as it is."""

from dataclasses import dataclass

from broker.domain.times import Clock
from broker.registers import contact_changes
from broker.registers.directory import changed_event
from broker.registers.presets import Preset
from broker.storage.rows.registers import AGENCIES, MAILBOXES
from broker.storage.transaction import Transactions
from keys import PersonId
from policies import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How many bodies and contacts a preset brought."""

    bodies: int
    contacts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetLoading:
    """Enters what a source printed, none of it verified; each entry is on the ledger."""

    transaction: Transactions
    clock: Clock

    def load(self, preset: Preset, rulebook: Rulebook, by: PersonId) -> Loaded:
        """Enter what is not there yet; loading it again brings nothing."""
        at = self.clock()
        with self.transaction() as tx:
            known = {one.id for one in tx.directory.agencies()}
            bodies = tuple(one for one in preset.bodies if one.id not in known)
            listed = {one.id for one in tx.directory.mailboxes()}
            contacts = tuple(
                contact_changes.entered(one, by, at)
                for one in preset.contacts
                if one.id not in listed
            )
            tx.directory.add(bodies, contacts, rulebook.mail)
            tx.append(
                *(changed_event(tx, AGENCIES, one.id, "added", by) for one in bodies),
                *(changed_event(tx, MAILBOXES, one.id, "added", by) for one in contacts),
            )
        return Loaded(bodies=len(bodies), contacts=len(contacts))

"""What a body settles for itself: whether its lead is asked first, who finishes a referral."""

from dataclasses import dataclass, replace

from broker.domain.errors import FaultyDocumentError, NotAllowedError
from broker.domain.model import Agency, Person
from broker.domain.roles import Role
from broker.domain.times import Clock, uk_day
from broker.registers.checkers import FEWEST_LEADS, leads_of
from broker.registers.contacts import Contacts
from broker.storage.transaction import Transactions
from keys import AgencyId
from policies import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What an administrator may settle for their own body; the names are those of `Agency`."""

    check: str
    check_purposes: frozenset[str]
    completes: str
    pathway: str | None
    guardian_body: AgencyId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BodySettings:
    """Changes what a body has settled; each change is an entry of the directory's ledger."""

    transaction: Transactions
    contacts: Contacts
    clock: Clock

    def leads(self, body: AgencyId) -> int:
        """Return how many people are lead of a body today, deputies too."""
        with self.transaction() as tx:
            return leads_of(tx, body, uk_day(self.clock()))

    def change(self, settled: Settled, seen: str, rulebook: Rulebook, by: Person) -> Agency:
        """Settle something for one's own body.

        Raises `FaultyDocumentError`, where nobody could be asked first too, `EntryChangedError`,
        and `NotAllowedError` for anybody but an administrator.
        """
        if by.role is not Role.ADMINISTRATOR:
            raise NotAllowedError("An administrator of your organisation settles this.")
        with self.transaction() as tx:
            before = tx.directory.agency(by.agency)
            leads = leads_of(tx, by.agency, uk_day(self.clock()))
        if settled.check == "before-sending" and leads < FEWEST_LEADS:
            raise FaultyDocumentError.at("check", "needs a lead and a deputy; give both the role")
        after = replace(
            before,
            check=settled.check,
            check_purposes=settled.check_purposes,
            completes=settled.completes,
            pathway=settled.pathway,
            guardian_body=settled.guardian_body,
        )
        self.contacts.change_body(after, seen, rulebook, by)
        return after

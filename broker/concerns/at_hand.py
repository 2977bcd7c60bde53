"""What is at hand beside the answers while somebody writes, all of it read at one moment."""

from dataclasses import dataclass
from datetime import date

from broker.domain.concerns.concerns import CHECKERS
from broker.domain.model import Agency, MailboxId, Person
from broker.domain.people.people import PersonRecord
from broker.domain.times import Clock, uk_day
from broker.registers.checkers import colleagues, purposes_asked_first
from broker.registers.directory import Entries
from broker.rulebooks.in_force import RulesInForce
from broker.storage.transaction import Transactions
from keys import PersonId
from policies import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """The rules, the directory and the people of a body, as they are today.

    `own` is the body of whoever looks, None where the directory lacks it; its lead is asked first
    for the purposes in `asked_first`. `can_ask` says whether they may ask anybody. `owner` is who
    began what they look at, None where nobody entered them.
    """

    today: date
    rulebook: Rulebook
    entries: Entries
    takers_of_originals: frozenset[MailboxId]
    own: Agency | None
    asked_first: frozenset[str]
    can_ask: bool
    owner: PersonRecord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Reads what is at hand in one transaction: each page of a journey asks for all of it."""

    transaction: Transactions
    rules: RulesInForce
    clock: Clock

    def at_hand(self, person: Person, owner: PersonId) -> AtHand:
        """Return what is at hand for a person who looks at what `owner` began.

        Raises `RulesUnavailableError`, `StoreUnavailableError`, `RowDisagreesError`.
        """
        now = self.clock()
        today = uk_day(now)
        with self.transaction.looking() as tx:
            agencies = tx.directory.agencies()
            own = next((one for one in agencies if one.id == person.agency), None)
            checkers = colleagues(tx, person.agency, CHECKERS, today)
            return AtHand(
                today=today,
                rulebook=self.rules.in_force(tx, now),
                entries=Entries(agencies=agencies, mailboxes=tx.directory.mailboxes()),
                takers_of_originals=tx.profiles.takers_of_originals(),
                own=own,
                asked_first=purposes_asked_first(tx, own, today) if own else frozenset(),
                can_ask=any(one.person != person.id for one in checkers),
                owner=tx.people.find(owner),
            )

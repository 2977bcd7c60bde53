"""Rules put in force by two people: one proposes and sees what it would change, another confirms.

One of the two is a Guardian. What is confirmed are the very rules that were proposed, as kept in
the proposal, whatever this release ships by then.
"""

import secrets
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum, unique
from functools import partial

from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.model import Activation, Person
from broker.domain.oversight.records import ProposalState, RuleProposal
from broker.domain.roles import Role
from broker.domain.times import Clock, uk_day
from broker.ledger.changes.oversight import rules_proposed
from broker.ledger.events import Event
from broker.rulebooks.history import RuleHistory
from broker.rulebooks.lifecycle import Rulebooks
from broker.storage.transaction import Transaction, Transactions
from policies import Rulebook


@unique
class Choice(StrEnum):
    """Which rules somebody would put in force."""

    SHIPPED = "shipped"
    AGAIN = "again"
    BEFORE = "before"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleProposals:
    """Takes proposals and confirms them; every method opens its own transactions."""

    transaction: Transactions
    rulebooks: Rulebooks
    history: RuleHistory
    clock: Clock

    def waiting(self) -> tuple[RuleProposal, ...]:
        """Return the proposals that wait for a second person."""
        with self.transaction() as tx:
            return tx.oversight.open_proposals()

    def chosen(self, choice: Choice) -> Rulebook:
        """Return the rules of a choice; raises `WrongStateError` where there are none."""
        if choice is Choice.SHIPPED:
            return Rulebook.shipped()
        found = self.rulebooks.in_force() if choice is Choice.AGAIN else self.history.before()
        if found is None:
            raise WrongStateError("No other rules were in force here before.")
        return found

    def rules_of(self, proposal: RuleProposal) -> Rulebook:
        """Return the rules of a proposal, as they were kept with it."""
        return Rulebook.from_bundle(proposal.bundle)

    def rehearse(self, rulebook: Rulebook) -> dict[str, int]:
        """Return how many recorded decisions would fare how under other rules."""
        before = self.rulebooks.in_force()
        moves = Counter(change.move.value for change in self.rulebooks.impact(before, rulebook))
        return dict(sorted(moves.items()))

    def propose(self, choice: Choice, until: date, person: Person) -> RuleProposal:
        """Propose rules to a last day, with what that would have changed.

        Raises `WrongStateError` where a proposal waits already or the day is over.
        """
        if until <= uk_day(self.clock()):
            raise WrongStateError("The last day of rules lies in the future.")
        rulebook = self.chosen(choice)
        proposal = RuleProposal(
            id=secrets.token_hex(8),
            rulebook=rulebook.version,
            bundle=rulebook.bundle(),
            by=person.id,
            agency=person.agency,
            by_guardian=person.role is Role.GUARDIAN,
            at=self.clock(),
            until=until,
            moves=self.rehearse(rulebook),
            state=ProposalState.OPEN,
            settled_by=None,
        )
        with self.transaction() as tx:
            if tx.oversight.open_proposals():
                raise WrongStateError(
                    "A proposal waits for its second person already. Take or withdraw it first."
                )
            mark = tx.oversight.put_proposal(proposal)
            tx.append(rules_proposed(proposal, person.id, mark))
        return proposal

    def confirm(self, id_: str, person: Person) -> Activation:
        """Put the proposed rules in force, as the second person; raises `NotAllowedError`."""
        proposal = self._open(id_)
        if proposal.by == person.id:
            raise NotAllowedError(
                "You proposed these rules, so somebody else confirms them. Ask one of them."
            )
        if not proposal.by_guardian and person.role is not Role.GUARDIAN:
            raise NotAllowedError("One of the two is a Guardian. Ask a Guardian to confirm.")
        role = Role.GUARDIAN if proposal.by_guardian else Role.OPERATOR
        return self.rulebooks.activate(
            self.rules_of(proposal),
            Person(id=proposal.by, agency=proposal.agency, role=role),
            person,
            until=proposal.until,
            settling=partial(_settled, id_, ProposalState.TAKEN, person),
        )

    def withdraw(self, id_: str, person: Person) -> None:
        """End a proposal without putting anything in force."""
        with self.transaction() as tx:
            tx.append(*_settled(id_, ProposalState.WITHDRAWN, person, tx))

    def _open(self, id_: str) -> RuleProposal:
        with self.transaction() as tx:
            return _waiting(tx, id_)


def _waiting(tx: Transaction, id_: str) -> RuleProposal:
    proposal = tx.oversight.proposal(id_)
    if proposal is None or proposal.state is not ProposalState.OPEN:
        raise WrongStateError("This proposal does not wait any more. Look at the rules again.")
    return proposal


def _settled(id_: str, state: ProposalState, person: Person, tx: Transaction) -> list[Event]:
    """Settle a proposal that still waits, and return the event: of two who do so one is late."""
    settled = replace(_waiting(tx, id_), state=state, settled_by=person.id)
    mark = tx.oversight.put_proposal(settled)
    return [rules_proposed(settled, person.id, mark)]

"""What whoever answers for the work sees of it, put together once for the entrances."""

from dataclasses import dataclass

from broker.disclosures.supervision import Supervision
from broker.domain.times import Clock
from broker.rulebooks.history import RuleHistory
from broker.rulebooks.lifecycle import Rulebooks
from broker.rulebooks.proposals import RuleProposals
from broker.rulebooks.reviews import RuleReviews


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversight:
    """The rules over time, proposals and reviews of them, and the work of teams."""

    history: RuleHistory
    proposals: RuleProposals
    reviews: RuleReviews
    supervision: Supervision


def oversight_of(rulebooks: Rulebooks, clock: Clock) -> Oversight:
    """Return the oversight of an installation."""
    transaction = rulebooks.transaction
    history = RuleHistory(transaction=transaction, rules=rulebooks.rules)
    return Oversight(
        history=history,
        proposals=RuleProposals(
            transaction=transaction, rulebooks=rulebooks, history=history, clock=clock
        ),
        reviews=RuleReviews(transaction=transaction, rulebooks=rulebooks, clock=clock),
        supervision=Supervision(transaction=transaction, clock=clock),
    )

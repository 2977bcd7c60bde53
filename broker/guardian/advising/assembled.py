"""What stands beside a Guardian's decisions, put together once for the entrances."""

from dataclasses import dataclass

from broker.domain.times import Clock
from broker.guardian.advising.advice import Advices
from broker.guardian.cover import Covers
from broker.guardian.paper.at_hand import AtHand
from broker.guardian.paper.attached import AttachedFiles
from broker.guardian.paper.printing import Printing
from broker.guardian.referrals import Referrals
from broker.packs.assembly import Draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Advising:
    """Advice, cover by a deputy, packs on paper before they are decided, and files as pages."""

    advices: Advices
    covers: Covers
    printing: Printing
    files: AttachedFiles


def advising_of(referrals: Referrals, draw: Draw, clock: Clock) -> Advising:
    """Return what stands beside the decisions on referrals."""
    return Advising(
        advices=Advices(transaction=referrals.transaction, clock=clock),
        covers=Covers(transaction=referrals.transaction, clock=clock),
        printing=Printing(referrals=referrals, draw=draw, kept=AtHand(clock=clock)),
        files=AttachedFiles(
            transaction=referrals.transaction, draw=draw, kept=AtHand(clock=clock)
        ),
    )

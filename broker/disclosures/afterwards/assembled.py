"""What follows a disclosure that was sent, in one place, as the entrances use it."""

from dataclasses import dataclass

from broker.delivery.chasing import Chaser
from broker.delivery.person_notices import PersonNotices
from broker.disclosures.afterwards.agreements import Agreements
from broker.disclosures.afterwards.chasing import Chasing
from broker.disclosures.afterwards.memory_telling import MemoryTelling
from broker.disclosures.afterwards.recalling import Recalling
from broker.disclosures.breaches.chasing import BreachChasing
from broker.disclosures.breaches.keeping import Breaches
from broker.domain.times import Clock
from broker.retention.memories import Memories
from broker.storage.transaction import Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Afterwards:
    """Agreements that change, what is late or remembered, what is called back, and breaches."""

    agreements: Agreements
    chasing: Chasing
    recalling: Recalling
    breaches: Breaches
    breach_chasing: BreachChasing
    memory_telling: MemoryTelling


def afterwards_of(
    transaction: Transactions, notices: PersonNotices, memories: Memories, clock: Clock
) -> Afterwards:
    """Return what follows disclosures; `notices` tell people of it by mail."""
    chaser = Chaser(transaction=transaction, notices=notices, clock=clock)
    return Afterwards(
        agreements=Agreements(transaction=transaction, notices=notices, clock=clock),
        chasing=Chasing(chaser=chaser),
        recalling=Recalling(transaction=transaction, notices=notices, clock=clock),
        breaches=Breaches(transaction=transaction, notices=notices, clock=clock),
        breach_chasing=BreachChasing(chaser=chaser),
        memory_telling=MemoryTelling(
            transaction=transaction, memories=memories, notices=notices, clock=clock
        ),
    )

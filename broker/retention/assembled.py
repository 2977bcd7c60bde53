"""How cases end, in one place, as the entrances use it."""

from dataclasses import dataclass

from broker.domain.retention_periods import RetentionPeriods
from broker.domain.times import Clock
from broker.retention.classes import RetentionClasses
from broker.retention.disposal import Disposals
from broker.retention.erasure import Erasures
from broker.retention.legal_holds import LegalHolds
from broker.retention.memories import Memories
from broker.storage.transaction import Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What ends a case, what keeps it, and what looks whether its time is over."""

    erasures: Erasures
    legal_holds: LegalHolds
    disposals: Disposals
    classes: RetentionClasses
    memories: Memories


def retention_of(transaction: Transactions, terms: RetentionPeriods, clock: Clock) -> Retention:
    """Return how cases end by `terms`."""
    erasures = Erasures(transaction=transaction, clock=clock)
    classes = RetentionClasses(transaction=transaction, usual=terms, clock=clock)
    return Retention(
        erasures=erasures,
        legal_holds=LegalHolds(transaction=transaction, clock=clock),
        disposals=Disposals(
            transaction=transaction, erasures=erasures, classes=classes, clock=clock
        ),
        classes=classes,
        memories=Memories(transaction=transaction, classes=classes, clock=clock),
    )

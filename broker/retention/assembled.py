"""How cases end, in one place, as the entrances use it."""

from dataclasses import dataclass

from broker.domain.retention_periods import RetentionPeriods
from broker.domain.times import Clock
from broker.retention.disposal import Disposals
from broker.retention.erasure import Erasures
from broker.retention.legal_holds import LegalHolds
from broker.storage.transaction import Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What ends a case, what keeps it, and what looks whether its time is over."""

    erasures: Erasures
    legal_holds: LegalHolds
    disposals: Disposals


def retention_of(transaction: Transactions, terms: RetentionPeriods, clock: Clock) -> Retention:
    """Return how cases end by `terms`."""
    erasures = Erasures(transaction=transaction, clock=clock)
    return Retention(
        erasures=erasures,
        legal_holds=LegalHolds(transaction=transaction, clock=clock),
        disposals=Disposals(transaction=transaction, erasures=erasures, terms=terms, clock=clock),
    )

"""What is kept between bodies, put together once for the entrances."""

from dataclasses import dataclass

from broker.domain.times import Clock
from broker.registers.bodies.sharing import SharingAgreements
from broker.registers.bodies.vetting import Vetting
from broker.storage.transaction import Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Agreements to share, and what was checked of workers and people."""

    sharing: SharingAgreements
    vetting: Vetting


def between_of(transaction: Transactions, clock: Clock) -> Between:
    """Return what an installation keeps between bodies."""
    return Between(
        sharing=SharingAgreements(transaction=transaction, clock=clock),
        vetting=Vetting(transaction=transaction, clock=clock),
    )

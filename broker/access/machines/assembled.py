"""Everything about machines, put together once for the entrances."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from broker.access.machines.grants import MachineAccess
from broker.access.machines.origins import origins_of
from broker.access.machines.replays import Replays
from broker.registers.clients import Clients
from broker.settings import Settings
from broker.storage.rows.machines.proofs import proof_store
from broker.storage.transaction import Transactions
from keys import IndexPurpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines:
    """Who keeps the machines, and how they come in."""

    clients: Clients
    access: MachineAccess


def machines_of(
    transaction: Transactions, settings: Settings, clock: Callable[[], datetime]
) -> Machines:
    """Return what lets machines in to an installation."""
    replays = Replays(
        store=proof_store(transaction.database, settings.home),
        digest=transaction.keystore.index_key(IndexPurpose.IDEMPOTENCY),
        clock=clock,
    )
    return Machines(
        clients=Clients(transaction=transaction, clock=clock),
        access=MachineAccess(
            transaction=transaction,
            replays=replays,
            origins=origins_of(settings),
            clock=clock,
        ),
    )

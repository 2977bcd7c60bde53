"""Everything about machines, put together once for the entrances."""

from dataclasses import dataclass

from broker.access.machines.grants import MachineAccess
from broker.access.machines.origins import origins_of
from broker.access.machines.replays import Replays
from broker.access.machines.words.post import WebhookPost
from broker.access.machines.words.rounds import WebhookRounds
from broker.domain.times import Clock
from broker.registers.machines.clients import Clients
from broker.registers.machines.webhooks import Webhooks
from broker.settings import Settings
from broker.storage.rows.short_lived.proofs import proof_store
from broker.storage.transaction import Transactions
from keys import IndexPurpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines:
    """Who keeps the machines, how they come in, and how they are sent word."""

    clients: Clients
    access: MachineAccess
    webhooks: Webhooks
    words: WebhookRounds


def machines_of(transaction: Transactions, settings: Settings, clock: Clock) -> Machines:
    """Return what lets machines in to an installation."""
    digest = transaction.keystore.index_key(IndexPurpose.IDEMPOTENCY)
    replays = Replays(
        store=proof_store(transaction.database, settings.home),
        digest=digest,
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
        webhooks=Webhooks(transaction=transaction, secrets=digest, clock=clock),
        words=WebhookRounds(
            transaction=transaction,
            post=WebhookPost(
                networks=settings.webhook_networks, authority=settings.webhook_ca_file
            ),
            secrets=digest,
            clock=clock,
        ),
    )

"""The keystore's epochs on the ledger: an entry for each, without gaps."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from broker.domain.model import Person
from broker.ledger import events
from broker.ledger.events import Event
from broker.storage.transaction import Transaction

_MOMENT: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Part of each identifier, and of no meaning: an epoch is found by its number alone."""


def epoch_id(identity: str, epoch: int) -> str:
    """Return the one identifier of the event that records an epoch of a keystore."""
    return events.derived_id(_MOMENT, f"epoch {epoch} {identity}")


def unrecorded(tx: Transaction, person: Person | None) -> list[Event]:
    """Return the events of the keystore's epochs that the ledger lacks, the oldest first."""
    return list(_newest_first(tx, person))[::-1]


def _newest_first(tx: Transaction, person: Person | None) -> Iterator[Event]:
    for epoch in range(tx.keystore.standing().epoch, 0, -1):
        identifier = epoch_id(tx.keystore.identity, epoch)
        if tx.ledger.entry_of(identifier) is not None:
            return
        yield {"id": identifier, **events.keystore_changed(epoch, person)}

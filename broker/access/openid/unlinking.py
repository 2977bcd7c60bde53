"""Let sign-ins of somebody's own organisation stand no more, whoever asks for it."""

from dataclasses import replace
from datetime import date

from broker.ledger import people_events
from broker.ledger.events import Event
from broker.storage.transaction import Transaction
from keys import PersonId


def unlinked(tx: Transaction, person: PersonId, today: date) -> tuple[Event, ...]:
    """Remove every sign-in elsewhere that stands, and return the events to be appended."""
    removed: list[Event] = []
    for identity in tx.accounts.identities_of(person):
        if identity.removed_on is None:
            gone = replace(identity, removed_on=today, version=identity.version + 1)
            mark = tx.accounts.put_identity(gone)
            removed.append(people_events.identity_unlinked(person, mark))
    return tuple(removed)

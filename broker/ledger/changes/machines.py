"""What each change of a machine or of its keys writes on the ledger, with the row that it made."""

from audit.format import events as ledger
from broker.domain.machines.clients import Client, ClientKey
from broker.ledger.events import Event
from broker.storage.rows.register import RowMark
from keys import PersonId


def client_changed(client: Client, mark: RowMark, what: str, by: PersonId) -> Event:
    """Return the event: a machine was registered, disabled or enabled."""
    return ledger.ClientChanged(
        row=mark.row,
        row_mac=mark.mac,
        by=by,
        client=client.id,
        agency=client.agency,
        what=what,
    ).event()


def client_key_changed(key: ClientKey, mark: RowMark, what: str, by: PersonId) -> Event:
    """Return the event: a key of a machine was added, confirmed or removed."""
    return ledger.ClientKeyChanged(
        row=mark.row, row_mac=mark.mac, by=by, client=key.client, key=key.id, what=what
    ).event()

"""Use cases of those who keep a body's machines: where one is sent word of what happens."""

import base64
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from broker.domain.errors import FaultyDocumentError, WrongStateError
from broker.domain.machines.clients import ClientId
from broker.domain.machines.words import Turn, Webhook
from broker.domain.model import Person
from broker.domain.times import Clock, uk_day
from broker.ledger.changes.machines import client_changed
from broker.registers.machines.clients import client_of
from broker.storage.transaction import Transactions
from keys import IndexKey

_LONGEST_URL: Final = 500
_PORTS: Final = frozenset({None, 443, 8443})


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """Keeps where machines are sent word; `secrets` derives what each word is signed with.

    Raises `UnknownClientError`, and `RowDisagreesError` where a row is not as the ledger says.
    """

    transaction: Transactions
    secrets: IndexKey
    clock: Clock

    def set(self, id_: ClientId, url: str, by: Person) -> str:
        """Send a machine word of what happens from now on; return the secret it is signed with.

        Set anew, it is another secret. Raises `FaultyDocumentError` for an address that is not
        https, has another port than 443 or 8443, or holds a name, a word or a query.
        """
        _refuse_unfit(url)
        with self.transaction() as tx:
            client, before = client_of(tx, id_, by), tx.webhooks.find(id_)
            after = Webhook(
                client=id_,
                agency=client.agency,
                url=url,
                version=1 if before is None else before.version + 1,
                set_by=by.id,
                ended_on=None,
            )
            tx.webhooks.put_turn(
                Turn(
                    client=id_,
                    next_seq=tx.ledger.head().size,
                    failures=0,
                    next_at=self.clock(),
                )
            )
            tx.append(client_changed(client, tx.webhooks.put(after), "webhook-set", by.id))
        return f"whsec_{base64.b64encode(secret_of(after, self.secrets)).decode('ascii')}"

    def end(self, id_: ClientId, by: Person) -> None:
        """Send a machine no word any more; raises `WrongStateError` where it is sent none."""
        with self.transaction() as tx:
            client, before = client_of(tx, id_, by), tx.webhooks.find(id_)
            if before is None or before.ended_on is not None:
                raise WrongStateError("This client is sent no word.")
            after = replace(before, ended_on=uk_day(self.clock()))
            tx.append(client_changed(client, tx.webhooks.put(after), "webhook-ended", by.id))


def secret_of(webhook: Webhook, secrets: IndexKey) -> bytes:
    """Return what the words of a webhook are signed with: derived, so that no row holds it."""
    return secrets.digest(f"webhook|{webhook.client}|{webhook.version}".encode("ascii"))


def _refuse_unfit(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_fit = (
            parts.scheme == "https"
            and parts.hostname
            and parts.port in _PORTS
            and not (parts.username or parts.password or parts.query or parts.fragment)
            and len(url) <= _LONGEST_URL
            and url.isascii()
            and url.isprintable()
            and " " not in url
        )
    except ValueError:
        is_fit = False
    if not is_fit:
        raise FaultyDocumentError.at(
            "url",
            "must be https, on port 443 or 8443, without a name, a word, a query "
            "or a fragment, and at most 500 characters long",
        )

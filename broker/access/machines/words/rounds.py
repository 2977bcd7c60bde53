"""Rounds of words to machines: each follows the ledger, and waits longer after each failure.

Nothing is dropped and nothing stops: a receiver that is away gets what it missed, in order. A word
may arrive twice, under the same identifier, where a gateway ended between sending and noting it.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import structlog

from audit.format.entry import parse_entry
from broker.access.machines.words.post import WebhookPost
from broker.access.machines.words.telling import word_for
from broker.domain.machines.words import Turn, Webhook, Word, signed_headers, wait_after
from broker.domain.times import Clock
from broker.registers.machines.webhooks import secret_of
from broker.storage.transaction import Transaction, Transactions
from keys import IndexKey

_AT_ONCE: Final = 200
"""How many entries one round looks at for one client."""

_LEASE: Final = timedelta(seconds=60)
"""For how long a client's turn is one gateway's: longer than one word takes to fail."""

_AT_LENGTH: Final = 10.0
"""For how many seconds a round goes on with one client, so that others hear meanwhile."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRounds:
    """Sends machines word of what was recorded since they were sent word last."""

    transaction: Transactions
    post: WebhookPost
    secrets: IndexKey
    clock: Clock

    def make(self) -> int:
        """Send what is due, and return how many words arrived; raises `LedgerError`."""
        with self.transaction.database.reading(brief=True) as connection:
            due = tuple(self._due(self.transaction.on(connection)))
        return sum(self._tell(webhook, turn) for webhook, turn in due if self._claim(turn))

    def _claim(self, turn: Turn) -> bool:
        with self.transaction() as tx:
            return tx.webhooks.claim(turn, self.clock() + _LEASE)

    def _due(self, tx: Transaction) -> Iterator[tuple[Webhook, Turn]]:
        size, now = tx.ledger.head().size, self.clock()
        for webhook in tx.webhooks.standing():
            try:
                turn = tx.webhooks.turn(webhook.client)
            except ValueError:
                # Somebody wrote there what is no moment; the other machines hear all the same.
                _log.error("webhook-turn-unreadable")
                continue
            if turn is not None and turn.next_seq < size and turn.next_at <= now:
                yield webhook, turn

    def _tell(self, webhook: Webhook, turn: Turn) -> int:
        """Send one client its words until one does not arrive; each is noted as it arrives."""
        secret, arrived = secret_of(webhook, self.secrets), 0
        until = time.monotonic() + _AT_LENGTH
        turn = replace(turn, next_at=self.clock())
        for after, word in self._words(webhook, turn):
            if word is None:
                turn = replace(turn, next_seq=after)
                continue
            headers = signed_headers(word, secret, int(self.clock().timestamp()))
            if not self.post.send(webhook.url, headers, word.body()):
                failures = turn.failures + 1
                wait = timedelta(seconds=wait_after(failures))
                _log.warning("webhook-failed", client=webhook.client, times=failures)
                turn = replace(turn, failures=failures, next_at=self.clock() + wait)
                break
            arrived += 1
            turn = replace(turn, next_seq=after, failures=0)
            if time.monotonic() > until:
                break
            self._note(replace(turn, next_at=self.clock() + _LEASE))
        self._note(turn)
        return arrived

    def _words(self, webhook: Webhook, turn: Turn) -> list[tuple[int, Word | None]]:
        """Return what the next entries are to a client, each with the number that follows it."""
        with self.transaction.database.reading() as connection:
            tx = self.transaction.on(connection)
            client = tx.clients.find(webhook.client)
            size = tx.ledger.head().size
            until = min(turn.next_seq + _AT_ONCE, size)
            if client is None or client.disabled_on is not None:
                return [(size, None)]
            entries = map(parse_entry, tx.ledger.raw_entries(turn.next_seq, until))
            return [(entry.seq + 1, word_for(tx, client, entry)) for entry in entries]

    def _note(self, turn: Turn) -> None:
        with self.transaction() as tx:
            tx.webhooks.put_turn(turn)

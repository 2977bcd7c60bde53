"""Receipts without delay: an entry proved under a head of the ledger signed for the asking."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from audit.errors import LedgerError
from audit.log.checkpoint_store import CheckpointStore, KeptCheckpoint
from audit.log.serving.receipts import issue_receipt
from broker.domain.errors import StoreUnavailableError
from broker.domain.references import Reference
from broker.logs import where_raised
from broker.storage.transaction import Transaction, Transactions

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """Gives receipts (`.tlog-proof`) for entries that are committed; holds no lock meanwhile."""

    transaction: Transactions
    checkpoints: CheckpointStore

    def of(self, number: int) -> bytes:
        """Return the receipt of entry `number`; raises `LedgerError` where none can be given.

        Raises `StoreUnavailableError` where the database is away or silent.
        """
        with self._signed() as (tx, head):
            return _receipt(tx, number, head)

    def told_of(self, number: int) -> str | None:
        """Return the receipt of entry `number` as text.

        None, and a line in the log, where none can be given: what was recorded stands without.
        """
        return self._view_of(lambda _tx: number)

    def newest_about(self, reference: Reference) -> str | None:
        """Return the receipt of the newest entry about a disclosure, or None, as `told_of`."""
        return self._view_of(lambda tx: tx.about(reference)[-1].seq)

    def _view_of(self, which: Callable[[Transaction], int]) -> str | None:
        try:
            with self._signed() as (tx, head):
                return _receipt(tx, which(tx), head).decode("utf-8")
        except (LedgerError, StoreUnavailableError) as error:
            _log.error("receipt-failed", error=type(error).__name__, where=where_raised(error))
            return None

    @contextmanager
    def _signed(self) -> Generator[tuple[Transaction, KeptCheckpoint]]:
        with (
            self.transaction.remembering(),
            self.transaction.database.reading(brief=True) as connection,
        ):
            tx = self.transaction.on(connection)
            yield tx, self.checkpoints.sign(tx.ledger)


def _receipt(tx: Transaction, number: int, head: KeptCheckpoint) -> bytes:
    return issue_receipt(tx.ledger, number, head, tx.ledger.head().frontier).to_bytes()

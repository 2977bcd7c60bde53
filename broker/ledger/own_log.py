"""The gateway's own ledger, as its entrances read it."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from audit.format.entry import Entry
from audit.format.tiles import TilePath
from audit.log.ledger import Ledger
from audit.log.tile_server import tile_content
from audit.log.verification import verify_database
from audit.verify.report import Report
from broker.ledger.checkpoints import Checkpoints
from broker.storage.transaction import Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLog:
    """Reads the ledger; every method opens its own transaction."""

    transaction: Transactions
    checkpoints: Checkpoints

    def raw_entries(self, start: int, count: int) -> list[bytes]:
        """Return up to `count` entries from number `start`, each as the bytes that were hashed."""
        with self.transaction() as tx:
            return list(tx.ledger.raw_entries(start, start + count))

    def entry(self, number: int) -> tuple[Entry, bytes] | None:
        """Return an entry and the leaf hash that was stored with it, None where there is none."""
        with self.transaction() as tx:
            entries = list(tx.ledger.entries(number, number + 1))
            leaves = list(tx.ledger.leaves(number, number + 1))
        return (entries[0], leaves[0]) if entries and leaves else None

    def tile(self, path: TilePath) -> bytes:
        """Return a tile that the newest recorded head covers; raises `NoSuchTileError`."""
        # A reader who follows the whole log must not take turns with those who write it.
        with self.reading(brief=True) as log:
            return tile_content(log, path, log.signed_size())

    def verified(self) -> Report:
        """Return what held of the whole ledger; raises as `verify_database`."""
        store = self.checkpoints.store
        with self.transaction.database.reading() as connection:
            return verify_database(
                connection,
                (head.checkpoint for head in store.all()),
                store.key,
                former=self.checkpoints.former_keys(),
            )

    @contextmanager
    def reading(self, *, brief: bool = False) -> Generator[Ledger]:
        """Yield the ledger as it stands at one moment, without taking turns with writers."""
        with self.transaction.database.reading(brief=brief) as connection:
            yield self.transaction.on(connection).ledger

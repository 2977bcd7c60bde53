"""Which proofs were used: a file of its own, or on PostgreSQL a table that all gateways share.

A unique key decides between two that use one at once. A mark is worth minutes, so nothing waits
until it is durable; where it cannot be kept, no proof is accepted.
"""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Double, String, Table, delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.schema import Column

from broker.domain.errors import BrokerError
from broker.domain.machines.errors import ReplaysUnavailableError
from broker.storage.database import Database
from broker.storage.rows.short_lived.buckets import metadata
from broker.storage.rows.short_lived.side_files import opened

BUSY_SECONDS = 2.0
"""How long a call waits for its turn at the file; more would hold up an honest caller."""

seen_proof = Table(
    "seen_proof",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("until", Double, nullable=False, index=True),
)
"""The table on PostgreSQL: marks are keyed digests, moments are seconds since 1970."""


_MADE = (
    (
        "CREATE TABLE IF NOT EXISTS seen_proof"
        " (mark TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID"
    ),
    "CREATE INDEX IF NOT EXISTS ix_seen_proof_until ON seen_proof (until)",
)


@dataclass(frozen=True, slots=True)
class ProofFile:
    """Marks in an SQLite file of their own; a new one is made wherever there is none."""

    path: Path

    def use(self, mark: str, until: float, now: float) -> bool:
        """Say whether a mark is used for the first time; it is kept until then.

        Raises `ReplaysUnavailableError`.
        """
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM seen_proof WHERE until < ?", (now,))
            taken = connection.execute(
                "INSERT OR IGNORE INTO seen_proof (mark, until) VALUES (?, ?)", (mark, until)
            )
            connection.execute("COMMIT")
            return taken.rowcount == 1

    @contextmanager
    def _opened(self) -> Generator[sqlite3.Connection]:
        try:
            with opened(self.path, BUSY_SECONDS, _MADE) as connection:
                yield connection
        except sqlite3.Error as error:
            raise ReplaysUnavailableError from error


@dataclass(frozen=True, slots=True)
class ProofTable:
    """Marks in PostgreSQL, where the gateways of an installation know each other's."""

    database: Database

    def use(self, mark: str, until: float, now: float) -> bool:
        """Do as `ProofFile.use`."""
        try:
            with self.database.transaction() as connection:
                connection.execute(text("SET LOCAL synchronous_commit TO off"))
                connection.execute(delete(seen_proof).where(seen_proof.c.until < now))
                row = insert(seen_proof).values(mark=mark, until=until).on_conflict_do_nothing()
                return connection.execute(row.returning(seen_proof.c.mark)).first() is not None
        except BrokerError as error:
            raise ReplaysUnavailableError from error


def proof_store(database: Database, home: Path) -> ProofFile | ProofTable:
    """Return where the used proofs of an installation stand."""
    return ProofTable(database) if database.path is None else ProofFile(home / "proofs.db")

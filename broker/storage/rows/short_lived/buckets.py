"""Where buckets of calls stand: a file of their own, or on PostgreSQL an unlogged table.

They are worth nothing after an hour, so nothing waits until they are durable.
"""

import sqlite3
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Double, MetaData, String, Table, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.schema import Column

from broker.domain.errors import BrokerError
from broker.storage.database import Database
from broker.storage.rows.short_lived.side_files import opened

Change = Callable[[Mapping[str, float]], Mapping[str, float]]
"""What becomes of the buckets that are there; those that it does not name stay as they are."""

BUSY_SECONDS = 0.25
"""How long a call waits for its turn at the file; a limit is not worth more."""

metadata = MetaData()

bucket = Table(
    "bucket",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("full_at", Double, nullable=False, index=True),
    prefixes=["UNLOGGED"],
)
"""The table on PostgreSQL: names are keyed digests, moments are seconds since 1970."""


_MADE = (
    (
        "CREATE TABLE IF NOT EXISTS bucket"
        " (name TEXT PRIMARY KEY, full_at REAL NOT NULL) WITHOUT ROWID"
    ),
    "CREATE INDEX IF NOT EXISTS ix_bucket_full_at ON bucket (full_at)",
)


class BucketsUnavailableError(BrokerError):
    """Raised when the buckets cannot be read or written, so that nothing can be counted."""

    def __init__(self) -> None:
        """Say what to do; the operator reads it."""
        super().__init__(
            "Calls are not counted: BROKER_HOME/limits.db (on PostgreSQL the table bucket) "
            "cannot be used. Stop the broker, delete that file, start again."
        )


@dataclass(frozen=True, slots=True)
class BucketFile:
    """Buckets in an SQLite file of their own; a new one is made wherever there is none."""

    path: Path

    def change(self, names: Collection[str], now: float, change: Change) -> None:
        """Forget what is full again, then apply `change` to the buckets of these names.

        Raises `BucketsUnavailableError`.
        """
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM bucket WHERE full_at <= ?", (now,))
            found: dict[str, float] = {}
            for name in names:
                row = connection.execute("SELECT full_at FROM bucket WHERE name = ?", (name,))
                found.update((name, moment) for (moment,) in row)
            connection.executemany(
                "INSERT OR REPLACE INTO bucket (name, full_at) VALUES (?, ?)",
                change(found).items(),
            )
            connection.execute("COMMIT")

    def all(self) -> dict[str, float]:
        """Return every bucket that is not full; raises `BucketsUnavailableError`."""
        with self._opened() as connection:
            return dict(connection.execute("SELECT name, full_at FROM bucket").fetchall())

    @contextmanager
    def _opened(self) -> Generator[sqlite3.Connection]:
        try:
            with opened(self.path, BUSY_SECONDS, _MADE) as connection:
                yield connection
        except sqlite3.Error as error:
            raise BucketsUnavailableError from error


@dataclass(frozen=True, slots=True)
class BucketTable:
    """Buckets in PostgreSQL, where the gateways of an installation count together."""

    database: Database

    def change(self, names: Collection[str], now: float, change: Change) -> None:
        """Do as `BucketFile.change`."""
        columns = bucket.c
        with self._translated(), self.database.transaction() as connection:
            connection.execute(delete(bucket).where(columns.full_at <= now))
            query = (
                select(columns.name, columns.full_at)
                .where(columns.name.in_(sorted(names)))
                .order_by(columns.name)
                .with_for_update()
            )
            found = {row.name: row.full_at for row in connection.execute(query)}
            for name, moment in sorted(change(found).items()):
                row = insert(bucket).values(name=name, full_at=moment)
                connection.execute(
                    row.on_conflict_do_update(
                        index_elements=[columns.name], set_={"full_at": moment}
                    )
                )

    def all(self) -> dict[str, float]:
        """Do as `BucketFile.all`."""
        with self._translated(), self.database.reading(brief=True) as connection:
            rows = connection.execute(select(bucket.c.name, bucket.c.full_at))
            return {row.name: row.full_at for row in rows}

    @contextmanager
    def _translated(self) -> Generator[None]:
        try:
            yield
        except BrokerError as error:
            raise BucketsUnavailableError from error


def bucket_store(database: Database, home: Path) -> BucketFile | BucketTable:
    """Return where the buckets of an installation stand."""
    return BucketTable(database) if database.path is None else BucketFile(home / "limits.db")

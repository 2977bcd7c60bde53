"""SQLite files beside the database, for what is worth minutes: nothing waits for the disk."""

import sqlite3
from collections.abc import Generator, Iterable
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def opened(path: Path, busy: float, made: Iterable[str]) -> Generator[sqlite3.Connection]:
    """Yield a connection to a file, made by the statements of `made` wherever there is none.

    `busy` is how many seconds a call waits for its turn. Raises `sqlite3.Error`.
    """
    with closing(sqlite3.connect(path, timeout=busy, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA journal_mode=MEMORY")
        for statement in made:
            connection.execute(statement)
        yield connection

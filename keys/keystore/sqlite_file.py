"""The keystore's SQLite file: guarded connections, durable writes, no trace of deletions."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from keys.errors import KeystoreDamagedError, KeystoreUnavailableError
from keys.keystore.tables.schema import (
    ADDED,
    APPLICATION_ID,
    FIRST_VERSION,
    ROTATING_VERSION,
    SCHEMA,
    VERSION,
)

_PRAGMAS: Final = (
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
)


@contextmanager
def connected(path: Path) -> Generator[sqlite3.Connection]:
    """Lend a connection to the existing file at `path` for one operation.

    Raises `KeystoreDamagedError` or `KeystoreUnavailableError` for every fault of SQLite's.
    """
    with sqlite_faults_in_our_words(), closing(connect(path)) as connection:
        yield connection


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection to the existing file at `path`, to be closed by the caller."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None
    )
    try:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Generator[None]:
    """Keep all that is written inside, durably, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def lay_out(connection: sqlite3.Connection) -> None:
    """Make the empty tables of a new keystore; its changes go to a log that `scrub` can empty."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(SCHEMA)


def refuse_foreign(connection: sqlite3.Connection) -> None:
    """Accept a file that this version of the keystore can use, or raise `KeystoreDamagedError`."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    known = _version(connection) in {FIRST_VERSION, VERSION, ROTATING_VERSION}
    if not known or (application_id, journal) != (APPLICATION_ID, "wal"):
        raise KeystoreDamagedError("its file is not one that this version wrote")


def data_version(connection: sqlite3.Connection) -> int:
    """Return a number that is another one after any other connection changed the file."""
    (version,) = connection.execute("PRAGMA data_version").fetchone()
    return int(version)


def upgrade(connection: sqlite3.Connection) -> bool:
    """Bring a file of the first layout to this one, in a transaction; say whether it was one."""
    if _version(connection) != FIRST_VERSION:
        return False
    for statement in ADDED:
        connection.execute(statement)
    return True


def _version(connection: sqlite3.Connection) -> object:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return version


def refuse_corrupt(connection: sqlite3.Connection) -> None:
    """Accept a file whose pages and indexes are whole, or raise `KeystoreDamagedError`."""
    findings = connection.execute("PRAGMA integrity_check").fetchall()
    if findings != [("ok",)]:
        raise KeystoreDamagedError("its pages are not what was written")


def scrub(connection: sqlite3.Connection) -> None:
    """Write the file anew and empty the log beside it, so that no deleted byte is left in either.

    Raises `KeystoreUnavailableError` when traces may remain.

    With secure deletion SQLite zeroes what it deletes, but it promises nothing about copies left
    where rows once moved between pages; a file written anew has none.
    """
    try:
        connection.execute("VACUUM")
        (blocked, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        raise _traces_remain() from error
    if blocked:
        raise _traces_remain()


def _traces_remain() -> KeystoreUnavailableError:
    return KeystoreUnavailableError(
        "The change is made, but traces of the old keys may still be in the keystore file: "
        "another program uses it, or the disk has no space. Put that right and repeat the change; "
        "the next start also finishes it."
    )


@contextmanager
def sqlite_faults_in_our_words() -> Generator[None]:
    """Raise `KeystoreDamagedError` or `KeystoreUnavailableError` for SQLite's own errors."""
    try:
        yield
    except sqlite3.OperationalError as error:
        # A missing table or column is not a passing fault; a full or failing disk may be.
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) == sqlite3.SQLITE_ERROR:
            raise KeystoreDamagedError("its tables are not what was laid out") from error
        raise KeystoreUnavailableError(
            "The keystore cannot be read or written now. Nothing was half done. "
            "Check the free space and the disk, then try again."
        ) from error
    except (sqlite3.DatabaseError, ValueError) as error:
        raise KeystoreDamagedError("a record is not what was written") from error

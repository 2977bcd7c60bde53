"""The row that says which installation a database and its keystore belong to."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select

from broker.domain.errors import (
    LostDatabaseError,
    LostKeystoreError,
    MismatchedPairError,
    NotInitialisedError,
)
from broker.domain.times import rfc3339
from broker.host_faults import is_missing_table
from broker.storage import tables
from broker.storage.database import Database
from broker.storage.revision import NEWEST, revision
from keys import HardwareToken, Keystore, KeystoreMissingError


def tie(connection: Connection, keystore: Keystore, at: datetime) -> bool:
    """Tie the database to its keystore, once; say whether this was the first time."""
    if connection.execute(select(tables.installation.c.keystore)).first() is not None:
        return False
    connection.execute(
        insert(tables.installation).values(
            id=1, keystore=keystore.identity, created_at=rfc3339(at)
        )
    )
    return True


def check_not_lost(database: Database, heads: Path) -> None:
    """Raise `LostDatabaseError` where `heads`, a folder, holds heads of a ledger that is gone."""
    if heads.is_dir() and any(path.name.isdecimal() for path in heads.iterdir()):
        if database.is_absent():
            raise LostDatabaseError(str(database.path))
        with database.reading(brief=True) as connection:
            if not inspect(connection).has_table(tables.installation.name):
                raise LostDatabaseError("its tables")


def check_keystore_not_lost(keystore: Path, heads: Path) -> None:
    """Raise `LostKeystoreError` for a keystore that is gone where `heads`, a folder, holds any."""
    if heads.is_dir() and any(heads.iterdir()):
        raise LostKeystoreError(str(keystore))


def open_keystore(path: Path, protection: str | HardwareToken | None, heads: Path) -> Keystore:
    """Return the keystore of an installation.

    Raises `LostKeystoreError` for one that is gone where `heads` holds any, and `Keystore.open`'s.
    """
    try:
        return Keystore.open(path, protection)
    except KeystoreMissingError:
        check_keystore_not_lost(path, heads)
        raise


def check_pair(database: Database, keystore: Keystore) -> None:
    """Raise unless the database and the keystore belong together and are of this release."""
    if database.is_absent():
        raise NotInitialisedError("There is no database of the broker here yet. Run: broker init")
    try:
        with database.transaction() as connection:
            recorded = connection.scalar(select(tables.installation.c.keystore))
            at = revision(connection)
    except Exception as error:
        if is_missing_table(error.__cause__):
            raise NotInitialisedError(
                "The database has no tables of the broker. Run: broker init"
            ) from error
        raise
    if recorded is None:
        raise NotInitialisedError("The installation is unfinished. Run: broker init")
    if at != NEWEST:
        raise NotInitialisedError(
            "The tables are those of another release. Run: broker db upgrade"
        )
    if recorded != keystore.identity:
        raise MismatchedPairError(
            "This database belongs to another keystore, so nothing in it could be opened. Put "
            "back the keystore that was backed up with it."
        )

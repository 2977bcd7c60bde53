"""What a page that is open needs, taken away while it is, and put back."""

import sqlite3
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, closing, contextmanager, suppress

from broker.wiring import Services
from keys import KeystoreDamagedError, Purpose
from keys.keystore.folder import KEYSTORE_FILE

Away = Callable[[Services], AbstractContextManager[None]]


@contextmanager
def keystore_away(services: Services) -> Generator[None]:
    """Take the keystore away, as where its disk is not there."""
    here = services.home.keystore
    away = here.rename(here.with_name("away"))
    yield
    away.rename(here)


@contextmanager
def database_away(services: Services) -> Generator[None]:
    """Let the database answer nobody."""
    holder = sqlite3.connect(services.home.path / "broker.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    yield
    holder.execute("ROLLBACK")
    holder.close()


@contextmanager
def key_of_the_ledger_away(services: Services) -> Generator[None]:
    """Take the key that signs the ledger out of the keystore, and leave all others in it.

    Signs before and after, as a gateway that serves does each second.
    """
    file = services.home.keystore / KEYSTORE_FILE
    with closing(sqlite3.connect(file, isolation_level=None)) as keystore:
        of_it = (Purpose.LEDGER,)
        rows = keystore.execute("SELECT * FROM signing_key WHERE purpose = ?", of_it).fetchall()
        keystore.execute("DELETE FROM signing_key WHERE purpose = ?", of_it)
        with suppress(KeystoreDamagedError):
            services.checkpoints.keep()
        yield
        keystore.executemany("INSERT INTO signing_key VALUES (?, ?, ?, ?, ?)", rows)
    services.checkpoints.keep()

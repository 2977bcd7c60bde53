"""Several calls of one thread on a keystore whose file is opened once."""

import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from keys.errors import KeystoreUnavailableError
from keys.keystore.files import lock_folder
from keys.keystore.folder import disk_faults_in_our_words, guarded
from keys.keystore.sqlite_file import (
    connect,
    data_version,
    refuse_foreign,
    sqlite_faults_in_our_words,
)
from keys.keystore.unlocked import Unlocked


class Visit:
    """A connection that is made for the first call and lent to each that follows.

    It holds no lock and no transaction between calls, so others work on the keystore meanwhile
    and each call sees what they did. It belongs to one thread and may not be carried over a fork.
    What was unlocked to read stays so until the visit ends or anybody changes the file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[int, int] | None = None
        self._unlocked: tuple[int, Unlocked] | None = None

    @contextmanager
    def reading(self, unlock: Callable[[sqlite3.Connection], Unlocked]) -> Generator[Unlocked]:
        """Read alone in the keystore for one call; `unlock` is called where nothing is unlocked.

        Raises as `folder.occupied`, and what `unlock` raises.
        """
        with self._connection_in_turn() as connection:
            version = data_version(connection)
            if self._unlocked is None or self._unlocked[0] != version:
                refuse_foreign(connection)
                self._unlocked = (version, unlock(connection))
            yield self._unlocked[1]

    @contextmanager
    def occupied(self) -> Generator[sqlite3.Connection]:
        """Change the keystore alone for one call; raises as `folder.occupied`."""
        # SQLite tells a connection what others changed, and nothing of its own changes.
        self._unlocked = None
        with self._connection_in_turn() as connection:
            refuse_foreign(connection)
            yield connection

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is None:
            return
        # In turn, since the files beside it may vanish now, which a guard elsewhere looks at;
        # SQLite itself needs no turn, so whoever gets none closes all the same.
        with (
            closing(self._connection),
            suppress(KeystoreUnavailableError),
            disk_faults_in_our_words(),
            lock_folder(self._folder),
        ):
            self._forget()

    @contextmanager
    def _connection_in_turn(self) -> Generator[sqlite3.Connection]:
        with guarded(self._folder) as file, sqlite_faults_in_our_words():
            connection = self._connected(file)
            try:
                yield connection
            except sqlite3.Error:
                self._forget()
                raise

    def _connected(self, file: Path) -> sqlite3.Connection:
        """Return the connection to the file that has this name now, which may be another."""
        found = file.stat()
        identity = (found.st_dev, found.st_ino)
        if self._connection is None or self._opened != identity:
            self._forget()
            self._connection, self._opened = connect(file), identity
        return self._connection

    def _forget(self) -> None:
        self._unlocked = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

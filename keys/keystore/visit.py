"""Several calls of one thread on a keystore whose file is opened once."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from keys.errors import KeystoreUnavailableError
from keys.keystore.files import lock_folder
from keys.keystore.folder import disk_faults_in_our_words, guarded
from keys.keystore.sqlite_file import connect, refuse_foreign, sqlite_faults_in_our_words


class Visit:
    """A connection that is made for the first call and lent to each that follows.

    It holds no lock and no transaction between calls, so others work on the keystore meanwhile
    and each call sees what they did. It belongs to one thread and may not be carried over a fork.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[int, int] | None = None

    @contextmanager
    def occupied(self) -> Generator[sqlite3.Connection]:
        """Work alone with the keystore for one call; raises as `folder.occupied`."""
        with guarded(self._folder) as file, sqlite_faults_in_our_words():
            connection = self._connected(file)
            try:
                refuse_foreign(connection)
                yield connection
            except sqlite3.Error:
                self._forget()
                raise

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

    def _connected(self, file: Path) -> sqlite3.Connection:
        """Return the connection to the file that has this name now, which may be another."""
        found = file.stat()
        identity = (found.st_dev, found.st_ino)
        if self._connection is None or self._opened != identity:
            self._forget()
            self._connection, self._opened = connect(file), identity
        return self._connection

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

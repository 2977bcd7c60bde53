"""Transactions on SQLite and PostgreSQL: short, and never waited for without end."""

import os
import socket
import sqlite3
import threading
import time
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from audit.log.driver import DriverCursor
from broker.domain.errors import DatabaseDamagedError, SyncFailedError
from broker.host_faults import fault_of
from broker.storage.file_lock import turn

if TYPE_CHECKING:
    import psycopg

DEADLINE_SECONDS = 3.0
"""The longest that a transaction may take on PostgreSQL before its socket is shut."""

LOCK_SECONDS = 10.0
"""The longest that a command waits for its turn to write on SQLite; a gateway waits less."""

POOL_SECONDS = 1.0
"""The longest wait for a connection of the pool; with the two for a fresh one, the deadline."""

_READING = "broker_reading"
_LOG_IS_SYNCED = "broker_log_is_synced"
_PIECE = 1 << 20


class Database:
    """One engine and its manner of beginning; `transaction()` is the only way in.

    On SQLite every transaction is BEGIN IMMEDIATE under a file lock, so that several processes
    take turns fairly. On PostgreSQL it is READ COMMITTED with a deadline kept on our side, since
    a silent server would otherwise be waited for without end. `patience` is how many seconds each
    waits at most for its turn on SQLite.
    """

    def __init__(self, url: str, *, threads: int, deadline: float = DEADLINE_SECONDS) -> None:
        """Prepare an engine for `url`; connect to nothing yet.

        A transaction on PostgreSQL takes at most `deadline` seconds, the wait for a connection
        among them.
        """
        self.engine: Engine = _engine(url, threads=threads)
        self.patience = LOCK_SECONDS
        self._deadline = deadline
        self._open = threading.local()
        self._sync_failed = False
        path = make_url(url).database
        self._path = Path(path) if self.engine.dialect.name == "sqlite" and path else None
        self._lock_path = None if self._path is None else Path(f"{self._path}.lock")

    @contextmanager
    def transaction(self) -> Generator[Connection]:
        """Yield a connection inside one transaction: committed at the end, or rolled back whole.

        Raises `StoreUnavailableError` where the database is away, full or silent, and
        `SyncFailedError` once the disk did not keep a commit. A broken constraint stays
        `IntegrityError`: that is a race for the caller to answer.
        """
        began = time.monotonic()
        try:
            with (
                _alone_in_thread(self._open),
                self._turn(),
                self._refusing_after_failed_sync(),
                self.engine.connect() as connection,
                _deadline_kept(connection, self._left_since(began)),
                connection.begin(),
            ):
                yield connection
        except IntegrityError:
            raise
        except (DBAPIError, PoolTimeoutError, OSError) as error:
            raise fault_of(error, self._path) from error

    @contextmanager
    def _refusing_after_failed_sync(self) -> Generator[None]:
        """Take nothing more once a sync failed: the next one may succeed and prove nothing."""
        if self._sync_failed:
            raise SyncFailedError
        try:
            yield
        except DBAPIError as error:
            if not _is_failed_sync(error):
                raise
            self._sync_failed = True
            raise SyncFailedError from error

    def _turn(self) -> AbstractContextManager[None]:
        path = self._lock_path
        return nullcontext() if path is None else turn(path, self.patience)

    def _left_since(self, began: float) -> float:
        """Return what is left of the deadline after the wait for a connection, and a little."""
        return max(self._deadline / 6, self._deadline - (time.monotonic() - began))

    @contextmanager
    def reading(self, *, brief: bool = False) -> Generator[Connection]:
        """Yield a connection for a read of one moment's state, no lock held.

        A `brief` one has the deadline of a transaction, since somebody waits for the answer; any
        other has none. Raises `StoreUnavailableError`. Writing through it is a mistake.
        """
        began = time.monotonic()
        on_postgresql = self.engine.dialect.name == "postgresql"
        # READ COMMITTED would show each statement another moment, and a log that grew meanwhile
        # as one whose head is wrong.
        moment = {"isolation_level": "REPEATABLE READ"} if on_postgresql else {}
        try:
            with (
                self.engine.connect().execution_options(
                    **{_READING: True}, **moment
                ) as connection,
                _deadline_kept(connection, self._left_since(began) if brief else None),
            ):
                if not brief:
                    _lift_deadlines(connection)
                yield connection
        except (DBAPIError, PoolTimeoutError, OSError) as error:
            raise fault_of(error, self._path) from error

    def holds_still(self, connection: Connection) -> bool:
        """Say whether nothing that others write shows to a transaction that has begun.

        On SQLite whoever writes is alone, and whoever reads sees one moment; so does a reading on
        PostgreSQL, where any other transaction sees what is committed between two statements.
        """
        return self.is_one_file or bool(connection.get_execution_options().get(_READING, False))

    @property
    def is_one_file(self) -> bool:
        """Whether this is SQLite, where one transaction at a time writes."""
        return self.engine.dialect.name == "sqlite"

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database; None for PostgreSQL."""
        return self._path

    def is_absent(self) -> bool:
        """Say whether the file of an SQLite database is not there, without making it."""
        return self._path is not None and not self._path.exists()

    def is_sound(self) -> bool:
        """Say whether every page of the database is whole, as far as it can be told cheaply.

        On PostgreSQL, which checks its own pages, whether it answers. Raises
        `StoreUnavailableError` where it cannot be asked.
        """
        on_sqlite = self.engine.dialect.name == "sqlite"
        try:
            with self.reading() as connection:
                question = "PRAGMA quick_check(1)" if on_sqlite else "SELECT 'ok'"
                return connection.exec_driver_sql(question).scalar() == "ok"
        except DatabaseDamagedError:
            return False

    def close(self) -> None:
        """Give every connection back to the system."""
        self.engine.dispose()


@contextmanager
def _alone_in_thread(state: threading.local) -> Generator[None]:
    """Refuse a transaction inside a transaction, which would wait for itself."""
    if getattr(state, "is_open", False):
        raise RuntimeError("A transaction is open in this thread already; pass it on instead.")
    state.is_open = True
    try:
        yield
    finally:
        state.is_open = False


@contextmanager
def _deadline_kept(connection: Connection, seconds: float | None) -> Generator[None]:
    """Shut the socket of `connection` after `seconds`: no setting of libpq ends every silence."""
    if seconds is None or connection.dialect.name != "postgresql":
        yield
        return
    raw = cast("psycopg.Connection[object]", connection.connection.driver_connection)
    with socket.socket(fileno=os.dup(raw.fileno())) as wire:
        timer = threading.Timer(seconds, wire.shutdown, args=(socket.SHUT_RDWR,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _lift_deadlines(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


_OURS: Final = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "lock_timeout": 2_000,
        "statement_timeout": 2_500,
        "idle_in_transaction_session_timeout": 5_000,
        # What a role says of its own sessions would hold: that no commit waits for the disk, say.
        "synchronous_commit": "on",
        "default_transaction_read_only": "off",
        "search_path": "public",
    }.items()
)
"""How each session with PostgreSQL begins, whatever is set for the role or the database."""


def _engine(url: str, *, threads: int) -> Engine:
    # Parameters may hold what is about a person, so no error text and no log may show them.
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(
            url,
            hide_parameters=True,
            pool_size=threads,
            max_overflow=0,
            pool_timeout=POOL_SECONDS,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_size=threads,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        pool_pre_ping=False,
        connect_args={
            "connect_timeout": 2,
            "client_encoding": "utf8",
            "options": _OURS,
        },
    )


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=3000",
        "secure_delete=ON",
    ):
        connection.cursor().execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READING, False)
    # By the driver's own cursor: this is on the path of every append to the ledger.
    DriverCursor(connection).change("BEGIN" if reading else "BEGIN IMMEDIATE", ())
    if not reading and _LOG_IS_SYNCED not in connection.info:
        _write_anew(Path(f"{Path(str(connection.engine.url.database)).resolve()}-wal"))
        connection.info[_LOG_IS_SYNCED] = True


def _is_failed_sync(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_IOERR_FSYNC


def _write_anew(log: Path) -> None:
    """Write SQLite's log once more where it stands; nobody else writes to it meanwhile.

    A process that was killed after a failed sync leaves pages in it that the system calls kept
    and the disk lacks. SQLite would append to them, and lose what it appended with the power.
    """
    with suppress(FileNotFoundError), log.open("r+b", buffering=0) as file:
        while piece := file.read(_PIECE):
            file.seek(-len(piece), os.SEEK_CUR)
            file.write(piece)
        os.fsync(file.fileno())

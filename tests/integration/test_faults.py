"""What the world does to a broker: no room, no database, silence; nothing is lost or half done."""

import gc
import socket
import sqlite3
import threading
import time
import warnings
from collections.abc import Generator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from brokers import NURSE, Clock, a_broker, a_submission, settings_for
from callers import PACKS, a_caller
from packs import pack_bytes
from postgres import Cluster, running_cluster

from audit.errors import RollbackError
from audit.log.files import write_durably
from broker.delivery.pickup import PickupCourier
from broker.domain.errors import (
    AlreadyDispatchingError,
    BackupError,
    MismatchedPairError,
    StoreUnavailableError,
)
from broker.domain.roles import Role
from broker.domain.states import State
from broker.operations.backup import backup, restore
from broker.storage.database import Database
from broker.wiring import Services, assemble


def head_size(services: Services) -> int:
    with services.transaction() as tx:
        return tx.ledger.head().size


def test_a_full_disk_takes_nothing_and_frees_itself(sqlite_broker: Services) -> None:
    services, before = sqlite_broker, head_size(sqlite_broker)
    database = services.transaction.database

    def limit(pages: int) -> None:
        with database.reading() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    def submit_until_full() -> None:
        for number in range(200):
            services.disclosures.submit(a_submission(services, f"key-{number:08}"), NURSE)

    limit(1)
    with pytest.raises(StoreUnavailableError, match="has no room"):
        submit_until_full()
    limit(1_000_000)

    full = head_size(services)
    reference = services.disclosures.submit(a_submission(services), NURSE)
    with services.transaction() as tx:
        kept = tx.store.disclosures_of(NURSE.agency, limit=500)
        assert tx.store.disclosure(reference).state is State.DECIDED
    of_each = head_size(services) - full
    assert head_size(services) == before + of_each * len(kept)


@pytest.mark.parametrize("known", [False, True], ids=["a new connection", "a known one"])
def test_an_sqlite_database_that_is_broken_is_reported_as_unavailable(
    tmp_path: Path, *, known: bool
) -> None:
    path = tmp_path / "broken.db"
    database = Database(f"sqlite:///{path}", threads=1)
    if known:
        with database.transaction() as connection:
            connection.exec_driver_sql("CREATE TABLE one (n INTEGER)")
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.write_bytes(b"no database" * 1_000)

    for opened in (database.transaction, database.reading):
        with pytest.raises(StoreUnavailableError), opened() as connection:
            connection.exec_driver_sql("SELECT * FROM one")


def test_a_pickup_folder_without_room_is_tried_again(
    sqlite_broker: Services, clock: Clock, tmp_path: Path
) -> None:
    services = sqlite_broker
    blocked = tmp_path / "a-file-where-a-folder-should-be"
    blocked.touch()
    reference = services.disclosures.submit(a_submission(services), NURSE)

    stuck = replace(services.dispatcher, courier=PickupCourier(blocked))
    stuck.dispatch()
    with services.transaction() as tx:
        assert tx.store.disclosure(reference).state is State.DEFERRED
    clock.now = clock.now.replace(hour=13)
    services.dispatcher.dispatch()

    with services.transaction() as tx:
        assert tx.store.disclosure(reference).state is State.SENT
        kinds = [entry.type for entry in tx.ledger.entries_about(str(reference))]
    assert kinds == ["received", "decided", "sealed", "deferred", "sent"]


def test_nothing_half_written_stays_in_the_pickup_folder(tmp_path: Path) -> None:
    target = tmp_path / "taken"
    target.mkdir()

    with pytest.raises(OSError, match="directory"):
        write_durably(target, b"content")

    assert list(tmp_path.iterdir()) == [target]


@pytest.fixture(name="own_cluster")
def _own_cluster() -> Generator[Cluster]:
    with running_cluster() as cluster:
        cluster.sql("CREATE DATABASE own")
        yield cluster


@pytest.mark.postgresql
@pytest.mark.usefixtures("cluster")
def test_a_database_that_went_away_comes_back_without_a_restart(
    own_cluster: Cluster, tmp_path: Path, clock: Clock
) -> None:
    services = a_broker(tmp_path / "home", clock, own_cluster.url("own"))
    with ExitStack() as several:
        for _ in range(4):
            several.enter_context(services.transaction.database.engine.connect())
    own_cluster.stop("immediate")
    with pytest.raises(StoreUnavailableError):
        services.disclosures.submit(a_submission(services), NURSE)
    own_cluster.start()

    # The first call after the restart finds a dead connection, and every other is given up too.
    with suppress(StoreUnavailableError):
        services.disclosures.submit(a_submission(services), NURSE)
    reference = services.disclosures.submit(a_submission(services), NURSE)

    with services.transaction() as tx:
        assert [one.reference for one in tx.store.disclosures_of(NURSE.agency, limit=9)] == [
            reference
        ]
    services.close()


class Silencer(threading.Thread):
    """Stands between broker and PostgreSQL, and can stop passing anything on."""

    def __init__(self, folder: Path, target: Path) -> None:
        super().__init__(daemon=True)
        self.folder = folder
        self._target = str(target / ".s.PGSQL.5432")
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(folder / ".s.PGSQL.5432"))
        self._server.listen()
        self.silent = threading.Event()

    def run(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._target)
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with source:
            with suppress(OSError):
                while data := source.recv(65_536):
                    if not self.silent.is_set():
                        sink.sendall(data)
            with suppress(OSError):
                sink.shutdown(socket.SHUT_RDWR)


@pytest.fixture(name="silencer")
def _silencer(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Generator[Silencer]:
    silencer = Silencer(tmp_path_factory.mktemp("s"), cluster.folder)
    silencer.start()
    yield silencer
    silencer.close()


@pytest.fixture(name="silenced_url")
def _silenced_url(postgresql_url: str, cluster: Cluster, silencer: Silencer) -> str:
    return postgresql_url.replace(str(cluster.folder), str(silencer.folder))


@pytest.mark.postgresql
def test_a_silent_database_is_given_up(silenced_url: str, silencer: Silencer) -> None:
    database = Database(silenced_url, threads=1, deadline=0.5)

    with database.transaction() as connection:
        connection.exec_driver_sql("SELECT 1")
    silencer.silent.set()
    with pytest.raises(StoreUnavailableError), database.transaction() as connection:
        connection.exec_driver_sql("SELECT 1")
    silencer.silent.clear()

    with database.transaction() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    database.close()


@pytest.mark.postgresql
def test_a_brief_read_of_a_silent_database_is_given_up(
    silenced_url: str, silencer: Silencer
) -> None:
    database = Database(silenced_url, threads=1, deadline=0.5)

    with database.reading(brief=True) as connection:
        connection.exec_driver_sql("SELECT 1")
    silencer.silent.set()
    with pytest.raises(StoreUnavailableError), database.reading(brief=True) as connection:
        connection.exec_driver_sql("SELECT 1")
    silencer.silent.clear()

    with database.reading(brief=True) as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    database.close()


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("brief", "timeout"), [(True, "2500ms"), (False, "0")], ids=["brief", "long"]
)
def test_only_a_long_read_may_take_its_time(
    postgresql_url: str, *, brief: bool, timeout: str
) -> None:
    database = Database(postgresql_url, threads=1, deadline=0.2)

    with database.reading(brief=brief) as connection:
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == timeout
    database.close()


@pytest.mark.postgresql
def test_a_long_read_outlasts_the_deadline(postgresql_url: str) -> None:
    database = Database(postgresql_url, threads=1, deadline=0.2)

    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT 1 FROM pg_sleep(0.6)").scalar() == 1
    database.close()


@pytest.fixture(name="silenced")
def _silenced(silenced_url: str, clock: Clock, tmp_path: Path) -> Generator[Services]:
    """A broker on PostgreSQL that can be silenced, with a connection open already."""
    services = a_broker(tmp_path / "home", clock, silenced_url)
    yield services
    services.close()
    # A connection to a server that says nothing is given up, and found by the collector alone.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.postgresql
def test_a_silent_database_keeps_nobody_waiting_for_a_tile(
    silenced: Services, silencer: Silencer
) -> None:
    auditor, path = a_caller(silenced, NURSE, Role.AUDITOR), "/ledger/tile/entries/000.p/1"
    assert auditor.get(path).status_code == 200

    silencer.silent.set()

    assert auditor.get(path).status_code == 503


@pytest.mark.postgresql
def test_a_silent_database_ends_as_503_and_heals_by_itself(
    silenced: Services, silencer: Silencer
) -> None:
    nurse, took = a_caller(silenced), []
    assert nurse.get(PACKS).status_code == 200

    silencer.silent.set()
    # The first finds a connection that fell silent, the second one that cannot be made.
    for _ in range(2):
        began = time.monotonic()
        answer = nurse.submit(pack_bytes())
        took.append(time.monotonic() - began)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    silencer.silent.clear()

    assert max(took) <= 3.5
    assert nurse.submit(pack_bytes()).status_code == 201


@pytest.mark.postgresql
def test_a_silent_database_keeps_nobody_waiting_for_a_receipt(
    silenced: Services, silencer: Silencer
) -> None:
    reference = silenced.disclosures.submit(a_submission(silenced), NURSE)
    assert silenced.receipts.newest_about(reference) is not None

    silencer.silent.set()

    assert silenced.receipts.newest_about(reference) is None


def test_one_dispatch_loop_works_on_a_host(sqlite_broker: Services) -> None:
    with (
        sqlite_broker.dispatcher.alone(),
        pytest.raises(AlreadyDispatchingError),
        sqlite_broker.dispatcher.alone(),
    ):
        pass


def test_a_backup_restores_to_the_same_broker(
    services: Services, clock: Clock, tmp_path: Path, second_url: str | None
) -> None:
    reference = services.disclosures.submit(a_submission(services), NURSE)
    written = backup(services, tmp_path / "backup")
    settings = settings_for(tmp_path / "again", second_url)

    restore(settings, database=written.database, keystore=written.keystore)

    again = assemble(settings, clock=clock)
    with again.transaction() as tx:
        found = tx.store.disclosure(reference)
        assert tx.case_file(found).pack().form
    again.dispatcher.dispatch()
    assert [path.stem for path in again.home.pickup.glob("*.eml")] == [str(reference)]
    again.close()


def test_a_pair_that_does_not_match_is_refused(
    sqlite_broker: Services, clock: Clock, tmp_path: Path
) -> None:
    other = a_broker(tmp_path / "other", clock)
    ours, theirs = backup(sqlite_broker, tmp_path / "ours"), backup(other, tmp_path / "theirs")
    other.close()

    with pytest.raises(MismatchedPairError):
        restore(settings_for(tmp_path / "new"), database=ours.database, keystore=theirs.keystore)
    assert not (tmp_path / "new").exists()


def test_a_database_beside_another_keystore_does_not_start(
    sqlite_broker: Services, clock: Clock, tmp_path: Path
) -> None:
    other = a_broker(tmp_path / "other", clock)
    other.close()
    url = sqlite_broker.settings.database_url

    with pytest.raises(MismatchedPairError):
        assemble(settings_for(tmp_path / "other", url), clock=clock)


def test_a_backup_is_never_written_over_another(sqlite_broker: Services, tmp_path: Path) -> None:
    backup(sqlite_broker, tmp_path / "backup")

    with pytest.raises(BackupError, match="holds a backup already"):
        backup(sqlite_broker, tmp_path / "backup")


def test_nothing_is_restored_over_a_broker_or_from_something_else(
    sqlite_broker: Services, tmp_path: Path
) -> None:
    written = backup(sqlite_broker, tmp_path / "backup")
    home = sqlite_broker.settings

    with pytest.raises(BackupError, match="not empty"):
        restore(home, database=written.database, keystore=written.keystore)
    with pytest.raises(BackupError, match="no backup of a database"):
        restore(
            settings_for(tmp_path / "new"), database=written.keystore, keystore=written.keystore
        )


def test_yesterdays_database_is_not_signed(sqlite_broker: Services, tmp_path: Path) -> None:
    services = sqlite_broker
    written = backup(services, tmp_path / "backup")
    services.disclosures.submit(a_submission(services), NURSE)
    services.checkpoints.keep()
    services.close()
    for path in services.home.path.glob("broker.db-*"):
        path.unlink()
    (services.home.path / "broker.db").write_bytes((written.database / "broker.db").read_bytes())

    with pytest.raises(RollbackError):
        services.checkpoints.keep()

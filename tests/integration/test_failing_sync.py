"""A disk that does not keep what was written: nothing is acknowledged, nothing built on it."""

import subprocess
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import pytest
from brokers import NURSE, Clock, a_broker
from failing_disk import COMPILER, HOW, Disk, built, gateway_on
from missing_tools import missing
from postgres import Cluster, running_cluster
from referrals import assert_ledger_verifies, recorded, submit

from broker.domain.errors import StoreUnavailableError
from broker.domain.references import Reference, parse_reference
from broker.wiring import Services

LOG = "*/broker.db-wal"
DATABASE = "*/broker.db"
MANY = 9_000
"""As many entries make the log so long that SQLite carries it into the database."""


@pytest.fixture(scope="module", name="library")
def _library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return built(tmp_path_factory.mktemp("library"))
    except FileNotFoundError:
        missing(COMPILER, HOW)


@pytest.fixture(name="disk")
def _disk(library: Path, tmp_path: Path) -> Disk:
    folder = tmp_path / "disk"
    folder.mkdir()
    return Disk(library, folder)


@pytest.fixture(name="closed")
def _closed(sqlite_broker: Services) -> Services:
    """A broker whose files nobody has open."""
    sqlite_broker.close()
    return sqlite_broker


def taken_in(services: Services) -> set[Reference]:
    with services.transaction() as tx:
        return {one.reference for one in tx.store.disclosures_of(NURSE.agency, limit=99)}


def test_a_failed_sync_is_never_acknowledged_and_ends_the_taking_in(
    disk: Disk, closed: Services
) -> None:
    with gateway_on(disk, closed) as gateway:
        kept = gateway.told("submit", "key-00000001")
        with disk.failing(LOG):
            refused = gateway.told("submit", "key-00000002")
        afterwards = gateway.told("submit", "key-00000003")

    assert refused == afterwards
    assert refused.startswith("SyncFailedError: The disk did not keep")
    assert parse_reference(kept) in taken_in(closed)
    assert_ledger_verifies(closed)


@pytest.mark.parametrize("repeated", ["key-00000002", "key-00000003"])
def test_a_new_start_goes_on_and_takes_what_was_refused_once(
    disk: Disk, closed: Services, repeated: str
) -> None:
    with gateway_on(disk, closed) as gateway, disk.failing(LOG):
        gateway.told("submit", "key-00000002")

    with gateway_on(disk, closed) as gateway:
        taken = [parse_reference(gateway.told("submit", repeated)) for _ in range(2)]

    assert taken[0] == taken[1]
    assert recorded(closed, taken[0]) == ["received", "decided"]
    assert_ledger_verifies(closed)


def test_what_a_new_start_acknowledges_does_not_stand_on_what_the_disk_lost(
    disk: Disk, closed: Services
) -> None:
    disk.hold(closed.home.path)
    with gateway_on(disk, closed) as gateway:
        kept = [gateway.told("submit", "key-00000001")]
        with disk.failing(LOG):
            gateway.told("submit", "key-00000002")

    with gateway_on(disk, closed) as gateway:
        kept.append(gateway.told("submit", "key-00000003"))
    disk.lose_power(closed.home.path)

    assert taken_in(closed) >= set(map(parse_reference, kept))
    assert_ledger_verifies(closed)


@pytest.mark.parametrize("carried_over", ["not again", "again"])
def test_a_log_that_could_not_be_carried_over_is_kept_until_it_is(
    disk: Disk, closed: Services, carried_over: str
) -> None:
    disk.hold(closed.home.path)
    with gateway_on(disk, closed) as gateway:
        gateway.told("record", MANY)
        with disk.failing(DATABASE):
            size = int(gateway.told("record", MANY)) + 1
        if carried_over == "again":
            size = [int(gateway.told("record", MANY)) + 1 for _ in range(3)][-1]
    assert disk.lacks(closed.home.path / "broker.db") is (carried_over == "not again")
    disk.lose_power(closed.home.path)

    with closed.transaction() as tx:
        assert tx.ledger.head().size == size
    assert_ledger_verifies(closed)


@pytest.mark.parametrize("pattern", ["*/checkpoints/.*.new", "*/checkpoints"])
def test_a_signed_head_that_the_disk_did_not_keep_is_not_counted_as_kept(
    disk: Disk, closed: Services, pattern: str
) -> None:
    before = sorted(path.name for path in closed.home.checkpoints.iterdir())
    with gateway_on(disk, closed) as gateway:
        gateway.told("submit", "key-00000001")
        with disk.failing(pattern):
            refused = gateway.told("keep")
            left = sorted(path.name for path in closed.home.checkpoints.iterdir())
        size = int(gateway.told("keep"))

    assert refused.startswith(("StoreUnavailableError", "StoreFaultError"))
    assert left == before
    assert (closed.home.checkpoints / f"{size:020}").exists()
    assert_ledger_verifies(closed)


def test_a_case_whose_key_the_disk_did_not_keep_is_not_taken_in(
    disk: Disk, closed: Services
) -> None:
    with gateway_on(disk, closed) as gateway:
        with disk.failing("*/keystore.db-wal"):
            refused = gateway.told("submit", "key-00000001")
        assert (taken_in(closed), closed.keystore.cases()) == (set(), ())
        kept = gateway.told("submit", "key-00000001")

    assert refused.startswith("KeystoreUnavailableError")
    assert taken_in(closed) == {parse_reference(kept)}
    assert len(closed.keystore.cases()) == 1


@pytest.fixture(name="failing_cluster")
def _failing_cluster(library: Path) -> Generator[tuple[Cluster, Disk]]:
    """A cluster that syncs, on a disk that fails when it is told to."""
    with running_cluster() as cluster:
        cluster.stop()
        shared = cluster.folder / library.name
        shared.write_bytes(library.read_bytes())
        shared.chmod(0o644)  # the server's user reads it, whatever mask an earlier test left
        disk = Disk(shared, cluster.folder)
        cluster.start("-c fsync=on -c restart_after_crash=off", disk.environment)
        cluster.sql("CREATE DATABASE own")
        yield cluster, disk


@pytest.mark.postgresql
@pytest.mark.usefixtures("cluster")
def test_a_server_whose_disk_failed_comes_back_with_all_that_was_acknowledged(
    failing_cluster: tuple[Cluster, Disk], tmp_path: Path, clock: Clock
) -> None:
    cluster, disk = failing_cluster
    services = a_broker(tmp_path / "home", clock, cluster.url("own"))
    kept = [submit(services, "key-00000001")]

    with disk.failing("*/pg_wal/*"), pytest.raises(StoreUnavailableError):
        submit(services, "key-00000002")
    assert "PANIC" in (cluster.folder / "log").read_text()
    with suppress(subprocess.CalledProcessError):
        cluster.stop("immediate")
    cluster.start("-c fsync=on", disk.environment)

    with suppress(StoreUnavailableError):
        submit(services, "key-00000003")
    kept.append(submit(services, "key-00000003"))
    assert taken_in(services) >= set(kept)
    assert_ledger_verifies(services)
    services.close()

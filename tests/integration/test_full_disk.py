"""A disk that is full, and then is not: nothing is lost, released or half done."""

import errno
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from brokers import NOON, NURSE, Clock, a_broker, a_token, settings_for
from callers import a_caller, refusal_of
from disks import Disk, small_disk
from forks import started
from ledgers import ORIGIN, SeedSigner, a_log, checkpoint_of, run_verifier
from packs import a_pack
from postgres import SUPERUSER, Cluster
from referrals import assert_ledger_verifies, recorded

from audit.errors import ExportRefusedError
from audit.log.checkpoint_store import CheckpointStore
from audit.log.serving.export import export
from broker.domain.errors import StoreUnavailableError
from broker.domain.references import parse_reference
from broker.server import start_background
from broker.wiring import Services, assemble
from keys import KeystoreUnavailableError


@pytest.fixture(
    name="cramped",
    params=[
        pytest.param("sqlite", id="sqlite"),
        pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
    ],
)
def _cramped(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock
) -> Generator[tuple[Services, Disk]]:
    """A broker whose database lies on a small disk, and that disk."""
    if request.param == "sqlite":
        with small_disk(tmp_path / "disk", 16) as disk:
            services = a_broker(disk.path / "home", clock)
            yield services, disk
            services.close()
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    with small_disk(cluster.folder / "disk", 32, owner=SUPERUSER) as disk:
        (disk.path / "small").mkdir()
        cluster.give(disk.path / "small")
        cluster.sql(f"CREATE TABLESPACE small LOCATION '{disk.path / 'small'}'")
        cluster.sql("CREATE DATABASE cramped TABLESPACE small")
        services = a_broker(tmp_path / "home", clock, cluster.url("cramped"))
        yield services, disk
        services.close()
        cluster.sql("DROP DATABASE cramped WITH (FORCE)")
        cluster.sql("DROP TABLESPACE small")


def test_a_full_disk_loses_and_releases_nothing_and_needs_no_restart(
    cramped: tuple[Services, Disk],
) -> None:
    services, disk = cramped
    nurse = a_caller(services)
    services.checkpoints.keep()
    disk.fill()

    answers: list[Any] = [
        nurse.submit(a_pack(again=f"Pack {number} of many."), f"key-{number:08}")
        for number in range(40)
    ]
    disk.free()

    assert refusal_of(answers[-1]).status == 503
    assert list(services.home.pickup.glob("*")) == []
    answers.append(nurse.submit(a_pack(again="Pack 39 of many."), f"key-{39:08}"))
    accepted = [answer.json["reference"] for answer in answers if answer.status_code == 201]
    assert answers[-1].status_code == 201
    with services.transaction() as tx:
        kept = tx.store.disclosures_of(NURSE.agency, limit=100)
    assert sorted(accepted) == sorted(str(one.reference) for one in kept)
    for reference in accepted:
        assert recorded(services, parse_reference(reference)) == ["received", "decided"]
    assert_ledger_verifies(services)


@pytest.fixture(name="disk")
def _disk(tmp_path: Path) -> Generator[Disk]:
    with small_disk(tmp_path / "disk", 2) as disk:
        yield disk


def files_of(disk: Disk) -> set[str]:
    return {str(path.relative_to(disk.path)) for path in disk.path.rglob("*")}


@pytest.mark.parametrize("room", [0, 4_096, 65_536, 131_072])
def test_an_export_without_room_leaves_nothing_and_is_whole_once_there_is_some(
    disk: Disk, tmp_path: Path, room: int
) -> None:
    log = a_log(600)
    (tmp_path / "kept").mkdir()
    keeper = CheckpointStore(tmp_path / "kept", SeedSigner(1), ORIGIN)
    kept = [keeper.keep(log)]
    disk.fill(but=room)

    with pytest.raises(ExportRefusedError, match="no room") as caught:
        export(log, kept, keeper.key, disk.path / "export")
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOSPC
    assert files_of(disk) == {"filler"}

    disk.free()
    export(log, kept, keeper.key, disk.path / "export")
    assert run_verifier("verify", disk.path / "export")[0] == 0


def test_a_head_for_which_there_is_no_room_is_not_half_kept(disk: Disk) -> None:
    log = a_log(6)
    keeper = CheckpointStore(disk.path, SeedSigner(1), ORIGIN)
    kept = keeper.keep(log.first(4))
    before = files_of(disk)
    disk.fill()

    with pytest.raises(OSError, match="No space left"):
        keeper.keep(log)
    disk.free()

    assert files_of(disk) == before
    assert keeper.newest() == kept
    assert keeper.keep(log).checkpoint == checkpoint_of(log.entries)


def test_a_gateway_that_cannot_keep_a_head_says_so_and_goes_on_once_there_is_room(
    tmp_path: Path, clock: Clock
) -> None:
    with small_disk(tmp_path / "disk", 16) as disk:
        services = a_broker(disk.path / "home", clock)
        services.checkpoints.keep()
        a_token(services, NURSE)
        disk.fill()

        # Keystore and ledger lie on the same disk, and either may be the first to miss room.
        with pytest.raises((StoreUnavailableError, KeystoreUnavailableError)):
            services.checkpoints.keep()
        disk.free()

        assert_ledger_verifies(services)
        services.close()


def keep_heads(home: Path, words: Path) -> None:
    """Do in a process of its own what runs beside the server."""
    sys.stdout = sys.stderr = words.open("w", buffering=1)
    start_background(assemble(settings_for(home), clock=Clock(NOON)), threading.Event())
    sys.stdout.write("at work\n")
    threading.Event().wait()


def eventually(holds: Callable[[], bool]) -> bool:
    """Say if it holds within half a minute."""
    for _ in range(300):
        if holds():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(name="serving")
def _serving(tmp_path: Path, clock: Clock) -> Generator[tuple[Services, Disk, Path]]:
    """A broker on a small disk, that disk, and the log of what runs beside its server."""
    words = tmp_path / "words"
    words.touch()
    with small_disk(tmp_path / "disk", 16) as disk:
        services = a_broker(disk.path / "home", clock)
        child = started(keep_heads, services.home.path, words)
        yield services, disk, words
        child.kill()
        child.join(30)
        services.close()


def test_heads_are_kept_again_by_the_same_process_once_there_is_room(
    serving: tuple[Services, Disk, Path],
) -> None:
    services, disk, words = serving
    assert eventually(lambda: "at work" in words.read_text())
    disk.fill()
    assert eventually(lambda: "checkpoint-failed" in words.read_text())
    disk.free()

    a_token(services, NURSE)
    with services.transaction() as tx:
        size = tx.ledger.head().size

    # Beside it the gateway says once a day that it lives, so the next head may count more.
    assert eventually(
        lambda: any(head.checkpoint.size >= size for head in services.checkpoints.store.all())
    )

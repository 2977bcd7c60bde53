"""Damage, modes, missing files: each is told apart, by name, with what to do."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from brokers import NURSE, Clock, a_broker, a_submission, settings_for
from callers import a_caller
from packs import pack_bytes

from broker.condition import condition, is_of_another_user, loose_files
from broker.delivery.heartbeat import Beat
from broker.domain.errors import (
    DatabaseDamagedError,
    LostDatabaseError,
    LostKeystoreError,
    StoreFaultError,
)
from broker.host_faults import fault_of
from broker.operations.backup import backup
from broker.operations.installation import initialise
from broker.wiring import Services, assemble

ANOTHER_USER = 65_534


@dataclass(frozen=True)
class Command:
    """What a command said, and how it left."""

    status: int
    words: str


def broker(home: Path, *arguments: str, **settings: str) -> Command:
    finished = subprocess.run(
        [sys.executable, "-m", "broker", *arguments],
        env={**os.environ, "BROKER_HOME": str(home), **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    # A sentence is wrapped to a page's width.
    words = " ".join((finished.stdout + finished.stderr).split())
    assert "Traceback" not in words
    return Command(status=finished.returncode, words=words)


@pytest.fixture(scope="module", name="pattern")
def _pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a few disclosures, to be copied."""
    home = tmp_path_factory.mktemp("pattern") / "home"
    os.umask(0o077)
    services = a_broker(home, Clock())
    for number in range(20):
        services.disclosures.submit(a_submission(services, f"key-{number:08}"), NURSE)
    services.checkpoints.keep()
    services.close()
    return home


@pytest.fixture(name="home")
def _home(pattern: Path, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    shutil.copytree(pattern, home)
    home.chmod(0o700)
    return home


def put_garbage(home: Path) -> None:
    (home / "broker.db").write_bytes(os.urandom(60_000))


def truncate(home: Path) -> None:
    os.truncate(home / "broker.db", (home / "broker.db").stat().st_size // 2)


def damage_pages(home: Path) -> None:
    with (home / "broker.db").open("r+b") as file:
        file.seek(40_000)
        file.write(os.urandom(60_000))


@pytest.mark.parametrize("harm", [put_garbage, truncate, damage_pages])
def test_a_damaged_database_is_an_alarm_of_its_own(
    home: Path, harm: Callable[[Path], None]
) -> None:
    harm(home)
    told = broker(home, "check")

    assert told.status == 1
    assert "THE DATABASE IS DAMAGED" in told.words
    assert "restore" in told.words


def test_a_damaged_database_is_not_backed_up(home: Path, tmp_path: Path) -> None:
    services = assemble_at(home)
    services.transaction.database.close()
    damage_pages(home)

    with pytest.raises(DatabaseDamagedError):
        backup(services, tmp_path / "backup")
    services.close()
    assert not (tmp_path / "backup" / "database").exists()


def assemble_at(home: Path) -> Services:
    return assemble(settings_for(home), clock=Clock())


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        pytest.param(
            lambda home: (home / "broker.db").unlink(),
            ("The database is missing", "broker.db", "Do not run broker init"),
            id="no database beside signed heads",
        ),
        pytest.param(
            lambda home: shutil.rmtree(home / "keystore"),
            ("The keystore is missing", "/keystore", "Put back the keystore of the newest backup"),
            id="no keystore beside signed heads",
        ),
        pytest.param(
            lambda home: [one.unlink() for one in (home / "keystore").iterdir() if one.is_file()],
            ("The keystore is missing", "/keystore", "Put back the keystore of the newest backup"),
            id="an empty keystore beside signed heads",
        ),
        pytest.param(
            lambda home: shutil.rmtree(home / "checkpoints"),
            ("checkpoints", "is missing"),
            id="no folder of checkpoints",
        ),
        pytest.param(
            lambda home: shutil.rmtree(home / "pickup"),
            ("the pickup folder is missing",),
            id="no pickup folder",
        ),
        pytest.param(
            lambda home: (home / "broker.db").chmod(0o644),
            ("others can use files of the broker", "broker.db"),
            id="modes",
        ),
    ],
)
def test_what_is_missing_or_loose_is_named(
    home: Path, harm: Callable[[Path], object], words: tuple[str, ...]
) -> None:
    harm(home)
    told = broker(home, "check")

    assert told.status in {1, 3}
    assert [word for word in words if word not in told.words] == []


def test_another_users_files_are_named(home: Path) -> None:
    os.chown(home / "gateway", ANOTHER_USER, ANOTHER_USER)
    assert loose_files(home) == (home / "gateway",)
    assert not is_of_another_user(home)

    os.chown(home, ANOTHER_USER, ANOTHER_USER)
    assert is_of_another_user(home)


def test_a_lost_database_or_keystore_is_not_made_anew(home: Path) -> None:
    (home / "broker.db").rename(home / "away.db")
    with pytest.raises(LostDatabaseError):
        initialise(settings_for(home))
    assert not (home / "broker.db").exists()
    (home / "away.db").rename(home / "broker.db")
    shutil.rmtree(home / "keystore")
    with pytest.raises(LostKeystoreError):
        initialise(settings_for(home))
    assert not (home / "keystore").exists()
    (home / "keystore").mkdir(mode=0o700)
    with pytest.raises(LostKeystoreError):
        initialise(settings_for(home))
    assert not any((home / "keystore").iterdir())


def test_init_where_nothing_may_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = broker(tmp_path / "file" / "home", "init")

    assert told.status == 1
    assert "file" in told.words


def test_a_broker_that_does_not_deliver_is_not_ready(
    sqlite_broker: Services, clock: Clock
) -> None:
    services, caller = sqlite_broker, a_caller(sqlite_broker)

    def ready() -> tuple[int, list[str]]:
        answer = caller.client.get("/readyz")
        return answer.status_code, answer.get_json()["faults"]

    assert ready() == (200, [])
    caller.submit(pack_bytes())
    clock.forward(timedelta(minutes=16))
    assert ready() == (503, ["delivery-late", "heads-unsigned"])
    services.dispatcher.dispatch()
    services.checkpoints.keep()
    beat = Beat(at=clock(), lost_lines=3, alive_on=None, database_sound=True)
    services.heartbeat.write(beat)
    assert ready() == (200, [])
    assert condition(services).log_lines_lost == 3
    clock.forward(timedelta(minutes=2))
    assert ready() == (503, ["no-rounds"])
    services.heartbeat.write(Beat(at=clock(), lost_lines=3, alive_on=None, database_sound=False))
    shutil.rmtree(services.home.pickup)
    assert ready() == (503, ["database-damaged", "pickup-unwritable"])


def test_readiness_waits_for_no_turn_to_write(sqlite_broker: Services) -> None:
    client = a_caller(sqlite_broker).client
    with sqlite_broker.transaction():
        assert client.get("/readyz").status_code == 200


def test_init_with_a_server_that_is_away_is_a_sentence(tmp_path: Path) -> None:
    url = tmp_path / "url"
    url.write_text("postgresql+psycopg://127.0.0.1:1/none")
    url.chmod(0o600)
    told = broker(tmp_path / "home", "init", BROKER_DATABASE_URL_FILE=str(url))

    assert told.status == 1
    assert "cannot be reached" in told.words


def test_a_database_that_may_not_be_written_is_called_that(tmp_path: Path) -> None:
    path = tmp_path / "broker.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE one (n INTEGER)")
    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as readable,
        pytest.raises(sqlite3.OperationalError) as refused,
    ):
        readable.execute("INSERT INTO one VALUES (1)")

    fault = fault_of(refused.value, path)
    assert isinstance(fault, StoreFaultError)
    assert f"This user may not write {path}" in str(fault)


def test_a_database_whose_folder_is_gone_is_called_that(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "broker.db"
    with pytest.raises(sqlite3.OperationalError) as refused:
        sqlite3.connect(path)

    assert f"The folder of the database is missing: {path.parent}" in str(
        fault_of(refused.value, path)
    )


def test_the_words_for_operators_reach_no_caller(home: Path) -> None:
    services = assemble_at(home)
    caller = a_caller(services)
    services.transaction.database.close()
    put_garbage(home)

    answer = caller.submit(pack_bytes())
    assert answer.status_code == 503
    assert str(home) not in answer.get_data(as_text=True)
    assert "DAMAGED" not in answer.get_data(as_text=True)
    services.close()

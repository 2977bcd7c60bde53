"""What is wrong stands in one place, with what to do, until it is mended (S37, S21, S25)."""

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from brokers import NURSE, Clock, a_broker, a_submission
from callers import PACKS, a_caller
from disks import small_disk
from packs import a_pack, example
from referrals import deliver, submit
from sqlalchemy import text
from structlog.testing import capture_logs

from broker.access.limits import limits_of
from broker.alarms import alarms
from broker.cli.running import check as checking
from broker.condition import Condition
from broker.delivery.heartbeat import Beat
from broker.domain.errors import BrokerError
from broker.notices import NOTED, Notices
from broker.operations.serving import Rounds
from broker.remedies import KNOWN
from broker.settings import CallLimits
from broker.wiring import Services
from keys import CannotOpenError


def codes(services: Services) -> list[str]:
    """The alarms, but that of modes: the folder of a test is open to others."""
    found = [alarm.code for alarm in alarms(services, thorough=True)]
    return [code for code in found if code != "loose-modes"]


def since(services: Services, code: str) -> datetime | None:
    return next(alarm.since for alarm in alarms(services) if alarm.code == code)


def execute(services: Services, statement: str) -> None:
    with services.transaction.database.transaction() as connection:
        connection.execute(text(statement))


@dataclass(frozen=True)
class Told:
    """What `broker alarms` said."""

    status: int
    words: str
    document: dict[str, Any]

    @property
    def codes(self) -> list[str]:
        return [alarm["code"] for alarm in self.document["alarms"]]


def told_at(home: Path, *arguments: str) -> Told:
    finished = subprocess.run(
        [sys.executable, "-m", "broker", "alarms", *arguments],
        env={**os.environ, "BROKER_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in finished.stderr
    document = json.loads(finished.stdout) if "--json" in arguments else {}
    words = " ".join((finished.stdout + finished.stderr).split())
    return Told(finished.returncode, words, document)


@contextmanager
def moved_away(path: Path) -> Generator[None]:
    path.rename(path.with_name("away"))
    yield
    path.with_name("away").rename(path)


def test_a_sound_broker_has_no_alarm(services: Services) -> None:
    deliver(services)
    services.checkpoints.keep()

    assert codes(services) == []


def test_what_is_mended_falls_silent_by_itself(sqlite_broker: Services, clock: Clock) -> None:
    services = sqlite_broker
    with moved_away(services.home.pickup):
        assert codes(services) == ["pickup-unwritable"]
    submit(services)
    clock.forward(timedelta(minutes=16))
    assert codes(services) == ["delivery-late", "heads-unsigned"]
    services.dispatcher.dispatch()
    services.checkpoints.keep()

    assert codes(services) == []


def test_each_alarm_says_since_when_it_stands(sqlite_broker: Services, clock: Clock) -> None:
    began = clock()
    with moved_away(sqlite_broker.home.pickup):
        alarms(sqlite_broker)
        clock.forward(timedelta(hours=3))
        assert since(sqlite_broker, "pickup-unwritable") == began
    alarms(sqlite_broker)
    with moved_away(sqlite_broker.home.pickup):
        assert since(sqlite_broker, "pickup-unwritable") == clock(), "it begins again"


def test_content_that_does_not_open_is_an_alarm_of_its_own_until_it_is_said_to_be_mended(
    services: Services, clock: Clock
) -> None:
    caller = a_caller(services)
    reference = caller.submit(a_pack()).get_json()["reference"]
    services.checkpoints.keep()
    execute(services, "UPDATE case_field SET ciphertext = substr(ciphertext, 2)")

    first = clock()
    for _ in range(2):
        assert caller.get(f"{PACKS}/{reference}").status_code == 500
        clock.forward(timedelta(minutes=1))
    (alarm,) = (one for one in alarms(services) if one.code == "integrity-failed")

    assert (alarm.count, alarm.since) == (2, first)
    assert "--mended integrity-failed" in alarm.remedy
    notices = Notices(path=services.home.notices, clock=clock)
    assert notices.end("integrity-failed")
    assert not notices.end("integrity-failed")
    assert "integrity-failed" not in codes(services)


def test_the_dispatcher_notes_what_does_not_open_too(sqlite_broker: Services) -> None:
    submit(sqlite_broker)
    execute(sqlite_broker, "UPDATE case_field SET ciphertext = substr(ciphertext, 2)")
    sqlite_broker.dispatcher.dispatch()

    assert "integrity-failed" in codes(sqlite_broker)


def test_a_ledger_that_grew_without_us_is_an_alarm(services: Services) -> None:
    submit(services)
    services.checkpoints.keep()
    execute(services, "UPDATE ledger_head SET authenticator = substr(authenticator, 2)")

    assert "ledger-grew" in codes(services)


def test_a_row_that_the_ledger_contradicts_is_an_alarm(services: Services) -> None:
    submit(services)
    services.checkpoints.keep()
    execute(
        services,
        "UPDATE disclosure SET recipient = (SELECT min(id) FROM mailbox WHERE id <> recipient)",
    )
    services.dispatcher.dispatch()

    assert {"ledger-disagrees", "recipient-changed"} & set(codes(services))


def test_a_row_that_nobody_has_used_yet_is_an_alarm_too(services: Services) -> None:
    submit(services)
    services.checkpoints.keep()
    assert codes(services) == []
    execute(services, "UPDATE disclosure SET requester = 'p-somebody-else'")
    assert codes(services) == ["rows-disagree"]
    execute(services, "UPDATE disclosure SET requester = 'p-nurse'")

    assert codes(services) == []


def test_duties_that_are_past_their_day_are_counted(services: Services, clock: Clock) -> None:
    emergency = example("5-emergency")
    emergency["questions"]["concern"]["observed_on"] = "2026-03-16"
    assert a_caller(services).submit(emergency).status_code == 201
    assert "duties-overdue" not in codes(services)
    clock.forward(timedelta(days=60))
    found = {alarm.code: alarm for alarm in alarms(services)}

    assert found["duties-overdue"].count >= 1
    since = found["duties-overdue"].since
    assert since is not None
    assert since < clock()


def test_a_document_that_nobody_rang_about_is_an_alarm(services: Services, clock: Clock) -> None:
    submit(services)
    services.dispatcher.dispatch()
    services.checkpoints.keep()
    clock.forward(timedelta(hours=25))

    assert "no-call-yet" in codes(services)


def test_buckets_that_are_empty_or_broken_are_alarms(
    sqlite_broker: Services, clock: Clock
) -> None:
    settings = replace(sqlite_broker.settings, limits=CallLimits(person=10))
    services = replace(
        sqlite_broker, settings=settings, limits=limits_of(settings, sqlite_broker.transaction)
    )
    caller = a_caller(services)
    for _ in range(11):
        caller.get(f"{PACKS}/7Q4KM2XH")
    services.checkpoints.keep()
    assert codes(services) == ["limits-reached"]
    clock.forward(timedelta(hours=1))
    assert codes(services) == []

    (services.home.path / "limits.db").write_bytes(b"no database" * 1000)
    beat = Beat(at=clock(), lost_lines=7, alive_on=None, database_sound=True, uncounted_calls=3)
    services.heartbeat.write(beat)
    found = {one.code: one.count for one in alarms(services) if one.code != "loose-modes"}
    assert found == {"log-lines-lost": 7, "limits-unavailable": 3}


def test_a_serving_gateway_logs_each_alarm_once_and_its_end(
    sqlite_broker: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: ticks[0])
    rounds = Rounds(sqlite_broker)
    with capture_logs() as logged:
        rounds.make()
        with moved_away(sqlite_broker.home.pickup):
            for _ in range(3):
                ticks[0] += 61
                clock.forward(timedelta(seconds=61))
                rounds.make()
            readyz = a_caller(sqlite_broker).client.get("/readyz").get_json()
        sqlite_broker.checkpoints.keep()
        ticks[0] += 61
        clock.forward(timedelta(seconds=61))
        rounds.make()

    said = [(line["event"], line["code"]) for line in logged if line["event"][:5] == "alarm"]
    assert said.count(("alarm", "pickup-unwritable")) == 1
    assert said.count(("alarm-over", "pickup-unwritable")) == 1
    assert readyz["alarms"] >= 1


def test_what_is_an_alarm_of_its_own_is_known_and_so_are_the_errors_behind_it() -> None:
    def below(kind: type[Exception]) -> set[str]:
        return {kind.__name__}.union(*map(below, kind.__subclasses__()))

    assert set(NOTED.values()) <= set(KNOWN)
    assert set(NOTED) <= below(Exception)
    assert CannotOpenError.__name__ in NOTED
    assert issubclass(BrokerError, Exception)


def test_every_fault_that_the_check_names_has_words() -> None:
    source = inspect.getsource(checking)
    named = set(re.findall(r'\["([a-z-]+)"\] \*', source))

    assert len(named) > 4
    assert named <= set(KNOWN)
    assert set(re.findall(r'"([a-z-]+)": ', inspect.getsource(Condition.faults))) <= set(KNOWN)


@pytest.fixture(scope="module", name="pattern")
def _pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("alarms") / "home"
    os.umask(0o077)
    services = a_broker(home, Clock())
    services.disclosures.submit(a_submission(services), NURSE)
    services.checkpoints.keep()
    services.close()
    return home


@pytest.fixture(name="home")
def _home(pattern: Path, tmp_path: Path) -> Path:
    shutil.copytree(pattern, tmp_path / "home")
    (tmp_path / "home").chmod(0o700)
    return tmp_path / "home"


def test_the_command_says_what_is_wrong_what_to_do_and_leaves_with_one(home: Path) -> None:
    told = told_at(home)

    assert told.status == 1
    assert "delivery-late" in told.words  # it was submitted in March, and nothing serves
    assert "does broker serve run?" in told.words


def test_the_command_works_with_a_damaged_database(home: Path) -> None:
    (home / "broker.db").write_bytes(os.urandom(60_000))
    told = told_at(home, "--json")

    assert told.status == 1
    assert [code for code in told.codes if code in {"unavailable", "database-damaged"}]
    assert "restore" in told.words


def test_the_command_works_without_the_keystore(home: Path) -> None:
    shutil.rmtree(home / "keystore")
    (home / "gateway").chmod(0o644)
    told = told_at(home, "--json")

    assert told.status == 1
    assert "loose-modes" in told.codes
    assert len(told.codes) > 1


def test_the_command_works_on_a_full_disk(pattern: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 16) as disk:
        home = disk.path / "home"
        shutil.copytree(pattern, home)
        home.chmod(0o700)
        disk.fill()
        told = told_at(home, "--json")

    assert told.status == 1
    assert "no-room" in told.codes
    (no_room,) = (alarm for alarm in told.document["alarms"] if alarm["code"] == "no-room")
    assert no_room["since"] is None, "nobody could write down when it began"


def test_saying_that_it_is_mended_ends_what_happened_once_and_nothing_else(home: Path) -> None:
    Notices(path=home / "notices", clock=Clock()).note("ledger-disagrees")
    assert "ledger-disagrees" in told_at(home, "--json").codes
    assert told_at(home, "--mended", "ledger-disagrees").status == 0
    assert told_at(home, "--mended", "no-room").status == 0
    assert told_at(home, "--mended", "made-up").status == 2

    assert "ledger-disagrees" not in told_at(home, "--json").codes

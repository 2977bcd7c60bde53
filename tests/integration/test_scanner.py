"""A configured scanner that gives no verdict lets nothing leave; what it finds is refused."""

import socket
import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from brokers import NURSE, Clock, read_here
from scanners import FOUND_BY_US, LARGEST, Reply, a_daemon, false_daemon, says

from broker.alarms import alarms
from broker.delivery.dispatcher import Dispatcher
from broker.delivery.scanning import Clamd, ScannerSilentError, ScanningSandbox, Why
from broker.disclosures.views import view_of
from broker.domain.references import Reference
from broker.domain.states import State
from broker.intake.submissions import submission_of
from broker.packs.attachments import AttachmentRefusedError
from broker.packs.attachments.kinds import MAX_BYTES, Attachment
from broker.packs.attachments.remarks import Remark
from broker.wiring import Services

HARMLESS = b"A letter about what was seen on Monday.\n"
CLEAN, FOUND = "clean", "found"
NOW = datetime(2026, 3, 16, tzinfo=UTC)


@pytest.fixture(name="daemon", scope="module")
def _daemon(tmp_path_factory: pytest.TempPathFactory) -> Generator[Clamd]:
    with a_daemon(tmp_path_factory.mktemp("clamd")) as clamd:
        yield clamd


def why(clamd: Clamd, content: bytes = HARMLESS, within: float = 5.0) -> str:
    """The verdict, or why there was none."""
    try:
        return CLEAN if clamd.is_harmless(content, within) else FOUND
    except ScannerSilentError as error:
        return error.why


def test_debians_daemon_passes_what_is_harmless_and_finds_what_is_not(daemon: Clamd) -> None:
    assert why(daemon) == CLEAN
    assert why(daemon, HARMLESS * 4_000 + FOUND_BY_US) == FOUND
    assert why(daemon, bytes(LARGEST + 200_000)) is Why.TOO_LARGE
    daemon.must_be_current(NOW)


@pytest.mark.long
def test_debians_daemon_passes_a_file_of_the_largest_size_before_it_leaves(
    tmp_path: Path, clock: Clock
) -> None:
    content = b"".join(b"What was heard on Monday, line %d.\n" % nth for nth in range(260_000))
    with a_daemon(tmp_path, 12_000_000) as clamd:
        sandbox = ScanningSandbox(clamd, clock)
        letter = sandbox.inspect("letter.txt", HARMLESS)
        largest = replace(letter, content=content[:MAX_BYTES])
        passed, ends = list[Attachment](), time.monotonic() + 60
        while not passed:
            assert time.monotonic() < ends
            with suppress(ScannerSilentError):
                passed.append(sandbox.cleared(largest, 100_000))
            time.sleep(0.2)
        sandbox.close()
    assert len(passed[0].content) == MAX_BYTES


def silent(connection: socket.socket) -> None:
    connection.recv(65_536)
    while connection.recv(65_536):
        pass


def hangs_up(connection: socket.socket) -> None:
    connection.recv(4)


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (silent, Why.SLOW),
        (hangs_up, Why.HALF),
        (says(b"stream: O"), Why.HALF),
        (says(b"stream: OK"), Why.HALF),
        (says(b"stream: OKAY\0"), Why.HALF),
        (says(b"\0"), Why.HALF),
        (says(b"x" * 5_000 + b"\0"), Why.HALF),
        (says(b"INSTREAM size limit exceeded. ERROR\0"), Why.TOO_LARGE),
        (says(b"stream: OK\0"), CLEAN),
        (says(b"stream: Eicar-Test-Signature FOUND\0"), FOUND),
    ],
    ids=["silent", "hangs-up", "cut", "no-end", "near", "empty", "long", "large", "ok", "found"],
)
def test_only_a_whole_ok_is_harmless(tmp_path: Path, reply: Reply, answer: str) -> None:
    with false_daemon(tmp_path, reply) as clamd:
        said = why(clamd, within=0.5)

    assert said in {answer, Why.AWAY if reply is hangs_up else answer}


def test_nobody_there_is_no_verdict_and_neither_are_old_signatures(tmp_path: Path) -> None:
    assert why(Clamd(address=str(tmp_path / "nobody"))) is Why.AWAY
    assert why(Clamd(address="127.0.0.1:1")) is Why.AWAY
    made = says(b"ClamAV 1.4.3/27831/Sun Mar  8 09:33:12 2026\0")
    with false_daemon(tmp_path, made) as clamd:
        clamd.must_be_current(NOW - timedelta(days=2))
        with pytest.raises(ScannerSilentError, match="older than seven days"):
            clamd.must_be_current(NOW)
    (tmp_path / "false.sock").unlink()
    with false_daemon(tmp_path, says(b"PONG\0")) as clamd, pytest.raises(ScannerSilentError):
        clamd.must_be_current(NOW)


def scanning(services: Services, clamd: Clamd | None) -> Services:
    """The services with another scanner."""
    sandbox = ScanningSandbox(clamd, services.clock)
    dispatcher: Dispatcher = replace(services.dispatcher, draw=sandbox.cleared)
    return replace(services, sandbox=sandbox, dispatcher=dispatcher)


def remarks(services: Services, reference: Reference) -> list[str]:
    """What its sender is told of its files."""
    view = view_of(services.disclosures, services.receipts, reference, NURSE)
    return [remark.value for one in view.attachments for remark in one.remarks]


def state(services: Services, reference: Reference) -> State:
    with services.transaction() as tx:
        return tx.disclosure(reference).state


def with_file(services: Services) -> Reference:
    note = {"name": "note.txt", "carries": ["concerns.source"], "why": "What was heard."}
    submission = submission_of(
        read_here(services, attachments=[note]),
        {"note.txt": HARMLESS},
        "key-00000001",
        services.idempotency,
        services.sandbox.inspect,
    )
    return services.disclosures.submit(submission, NURSE)


def codes(services: Services) -> set[str]:
    return {alarm.code for alarm in alarms(services)}


def test_a_found_file_is_refused_in_plain_words_and_a_clean_one_goes_without_a_remark(
    sqlite_broker: Services, daemon: Clamd
) -> None:
    services = scanning(sqlite_broker, daemon)
    with pytest.raises(AttachmentRefusedError, match="The check for malware found something"):
        services.sandbox.inspect("letter.txt", HARMLESS + FOUND_BY_US)

    passed = services.sandbox.inspect("letter.txt", HARMLESS)

    assert passed.remarks == ()
    assert services.sandbox.cleared(passed, 100_000).content == HARMLESS
    assert "scanner-silent" not in codes(services)
    services.sandbox.close()


def test_without_a_scanner_a_file_is_told_to_be_unscanned_and_goes(
    sqlite_broker: Services,
) -> None:
    reference = with_file(sqlite_broker)
    sqlite_broker.dispatcher.dispatch()

    assert Remark.UNSCANNED in remarks(sqlite_broker, reference)
    assert state(sqlite_broker, reference) is State.SENT


def test_a_silent_scanner_postpones_what_has_files_and_it_goes_by_itself_afterwards(
    sqlite_broker: Services, clock: Clock, daemon: Clamd, tmp_path: Path
) -> None:
    away = scanning(sqlite_broker, Clamd(address=str(tmp_path / "nobody")))
    reference = with_file(away)

    away.dispatcher.dispatch()

    assert remarks(away, reference).count(Remark.SCAN_WAITS) == 1
    assert state(away, reference) is State.DECIDED
    assert "scanner-silent" in codes(away)
    clock.forward(timedelta(seconds=2))
    scanning(sqlite_broker, daemon).dispatcher.dispatch()
    assert state(away, reference) is State.SENT
    away.sandbox.close()


def test_what_is_found_just_before_it_leaves_stays_and_is_an_alarm(
    sqlite_broker: Services, tmp_path: Path
) -> None:
    reference = with_file(sqlite_broker)
    with false_daemon(tmp_path, finds) as clamd:
        scanning(sqlite_broker, clamd).dispatcher.dispatch()

    assert state(sqlite_broker, reference) is State.DECIDED
    assert "malware-found" in codes(sqlite_broker)


def finds(connection: socket.socket) -> None:
    """Answer what the version is, and find something in every file."""
    asked = connection.recv(65_536)
    if asked.startswith(b"zVERSION"):
        connection.sendall(b"ClamAV 1.0.9\0")
        return
    while not asked.endswith(bytes(4)):
        asked += connection.recv(65_536)
    connection.sendall(b"stream: Own.Canary FOUND\0")

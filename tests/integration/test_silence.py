"""What falls silent is given up by the times of production, and what waited goes by itself after.

Two of these wait for real: what a test hurries elsewhere is what they hold.
"""

import socket
import threading
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Self

import pytest
from brokers import NURSE, Clock, a_submission, read_here
from mail_servers import HURRIED, Authority, courier_to, honest_server
from scanners import false_daemon

from broker.delivery.courier import Acceptance
from broker.delivery.dispatcher import LEASE
from broker.delivery.message import Envelope
from broker.delivery.scanning import ScannerSilentError, ScanningSandbox, underway
from broker.delivery.scanning.clamd import ASK_VERSION_WITHIN
from broker.delivery.scanning.gate import AT_THE_DOOR
from broker.delivery.scanning.underway import WAITED_BEHIND, WAITED_FOR
from broker.delivery.smtp import session
from broker.delivery.smtp.courier import SmtpCourier
from broker.delivery.smtp.session import PATIENCE
from broker.domain.errors import DeferredError
from broker.domain.references import Reference
from broker.domain.states import State
from broker.intake.submissions import submission_of
from broker.packs.attachments.kinds import Attachment
from broker.packs.attachments.remarks import Remark
from broker.server import ANSWER_SECONDS
from broker.wiring import Services

WITHIN = 3.5
"""After how many seconds at the latest whoever waits has an answer (design.md of the edge)."""

OURS = 0.4
"""How many of them are for what is done beside waiting."""


class Lag:
    """How late this machine wakes who sleeps: what a busy one takes is none of the broker's."""

    def __init__(self) -> None:
        self.most = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.is_set():
            begun = time.monotonic()
            time.sleep(0.01)
            self.most += max(0.0, time.monotonic() - begun - 0.02)


@dataclass
class Took:
    """How long something took, and by how much of it the machine was late."""

    seconds: float = 0.0
    late: float = 0.0

    @property
    def own(self) -> float:
        return self.seconds - self.late


@contextmanager
def took() -> Generator[Took]:
    """Measure what is done, however it ends."""
    found, begun = Took(), time.monotonic()
    with Lag() as lag:
        try:
            yield found
        finally:
            found.seconds, found.late = time.monotonic() - begun, lag.most


def test_the_times_of_production_add_up() -> None:
    waits = {
        "mail": PATIENCE.word,
        "scanner": AT_THE_DOOR,
        "scanner-before-it-leaves": WAITED_FOR,
        "database": ANSWER_SECONDS,
    }

    assert {what: seconds + OURS <= WITHIN for what, seconds in waits.items()} == dict.fromkeys(
        waits, True
    )
    assert ASK_VERSION_WITHIN <= AT_THE_DOOR
    assert WAITED_BEHIND < WAITED_FOR / 5
    # No second dispatcher takes up what the first still speaks about.
    assert PATIENCE.word < PATIENCE.verdict < PATIENCE.whole < LEASE.total_seconds()
    assert SmtpCourier.__dataclass_fields__["patience"].default is PATIENCE


@contextmanager
def full(backlog: int = 0) -> Generator[tuple[str, int]]:
    """Yield an address that takes no connection and refuses none: its queue is full."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(backlog)
        address: tuple[str, int] = listener.getsockname()
        for _ in range(backlog + 1):
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0)
            with suppress(BlockingIOError):
                waiting.connect(address)
        time.sleep(0.05)
        yield address


def test_all_addresses_of_a_relay_share_one_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    with ExitStack() as stack:
        holes = [(socket.AF_INET, stack.enter_context(full())) for _ in range(4)]
        monkeypatch.setattr(session, "_looked_up", lambda _: holes)
        courier = courier_to(25, authority)
        with took() as time_, pytest.raises(DeferredError) as raised:
            courier.try_relay("broker@disclosure.invalid")
        assert raised.value.fault == "unreachable"
        assert HURRIED.word / 2 < time_.seconds
        assert time_.own < 2 * HURRIED.word
        port, _ = stack.enter_context(honest_server(authority.context()))
        holes.append((socket.AF_INET, ("127.0.0.1", port)))

        # One that takes nothing leaves time for the one that does.
        assert courier.try_relay("broker@disclosure.invalid").startswith("TLS")


@contextmanager
def silent_port() -> Generator[int]:
    """Yield a port whose connections are taken, and are told nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        yield port


@dataclass(slots=True)
class Watched:
    """The courier of production, and how long it took."""

    courier: SmtpCourier
    name: str = "smtp"
    repeatable: bool = False
    took: Took = field(default_factory=Took)

    def deliver(self, envelope: Envelope, message: bytes) -> Acceptance:
        with took() as self.took:
            return self.courier.deliver(envelope, message)


def standing(services: Services, reference: Reference) -> State:
    with services.transaction() as tx:
        return tx.disclosure(reference).state


def test_a_silent_mail_server_defers_what_goes_by_itself_once_it_speaks(
    sqlite_broker: Services, clock: Clock, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    reference = sqlite_broker.disclosures.submit(a_submission(sqlite_broker), NURSE)

    with silent_port() as port:
        watched = Watched(courier_to(port, authority, PATIENCE))
        replace(sqlite_broker.dispatcher, courier=watched).dispatch()

    assert standing(sqlite_broker, reference) is State.DEFERRED
    assert watched.took.seconds > PATIENCE.word * 0.9
    assert watched.took.own < WITHIN
    clock.forward(timedelta(seconds=2))
    with honest_server(authority.context()) as (port, inbox):
        healed = courier_to(port, authority, PATIENCE)
        replace(sqlite_broker.dispatcher, courier=healed).dispatch()
    assert standing(sqlite_broker, reference) is State.SENT
    assert len(inbox.taken) == 1


def passes_everything(connection: socket.socket) -> None:
    """Answer as a daemon with no signatures but its owner's, which finds nothing."""
    asked = connection.recv(65_536)
    if asked == b"zVERSION\0":
        connection.sendall(b"ClamAV 1.4.3\0")
        return
    while not asked.endswith(bytes(4)):
        asked += connection.recv(65_536)
    connection.sendall(b"stream: OK\0")


def test_a_silent_scanner_keeps_nobody_waiting_and_its_files_go_once_it_speaks(
    sqlite_broker: Services, clock: Clock, tmp_path: Path
) -> None:
    services, over = sqlite_broker, threading.Event()
    names = ("one.txt", "two.txt", "three.txt")
    notes = [{"name": name, "carries": ["concerns.source"], "why": "Heard."} for name in names]
    files = {name: f"What was heard, in {name}.\n".encode() for name in names}
    pack = read_here(services, attachments=notes)

    def silent_at_first(connection: socket.socket) -> None:
        if over.wait(WITHIN * 2):
            passes_everything(connection)

    sandbox = ScanningSandbox(None, clock)
    sandbox.inspect("warm.txt", b"So that no start of a process is measured.")
    with false_daemon(tmp_path, silent_at_first) as sandbox.scanner:
        with took() as at_the_door:
            submission = submission_of(
                pack, files, "key-00000001", services.idempotency, sandbox.inspect
            )
        reference = services.disclosures.submit(submission, NURSE)
        over.set()

        remarks = [one.remarks for one in submission.attachments]
        assert [Remark.SCAN_WAITS in one for one in remarks] == [True, True, True]
        assert at_the_door.seconds > AT_THE_DOOR * 0.9
        assert at_the_door.own < WITHIN
        replace(services.dispatcher, draw=sandbox.cleared).dispatch()
    sandbox.close()
    assert standing(services, reference) is State.SENT


HANGS = b"What was heard, and the daemon never comes to an end of it.\n"
NAME = "note.txt"


def submitted(
    services: Services, sandbox: ScanningSandbox, key: str, content: bytes | None
) -> Reference:
    """Submit a pack, with a file unless that is None."""
    note = {"name": NAME, "carries": ["concerns.source"], "why": "Heard."}
    pack = read_here(services, attachments=[] if content is None else [note])
    files = {} if content is None else {NAME: content}
    submission = submission_of(pack, files, key, services.idempotency, sandbox.inspect)
    return services.disclosures.submit(submission, NURSE)


@dataclass(slots=True)
class HangingOn:
    """A daemon that says what it is and passes every file but one, until it may go on."""

    over: threading.Event = field(default_factory=threading.Event)
    asked: int = 0

    def __call__(self, connection: socket.socket) -> None:
        asked = connection.recv(65_536)
        if asked == b"zVERSION\0":
            connection.sendall(b"ClamAV 1.4.3\0")
            return
        while not asked.endswith(bytes(4)):
            asked += connection.recv(65_536)
        if HANGS in asked:
            self.asked += 1
            self.over.wait(60)
        connection.sendall(b"stream: OK\0")


@pytest.mark.parametrize("waits", [1.0, pytest.param(WAITED_FOR, marks=pytest.mark.long)])
def test_a_file_at_which_the_scanner_hangs_holds_no_other_pack_and_goes_once_it_is_passed(
    sqlite_broker: Services,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    waits: float,
) -> None:
    services, daemon = sqlite_broker, HangingOn()
    monkeypatch.setattr(underway, "WAITED_FOR", waits)
    sandbox, held = ScanningSandbox(None, clock), list[Took]()

    def timed(attachment: Attachment, budget: int) -> Attachment:
        with took() as time_:
            try:
                return sandbox.cleared(attachment, budget)
            except ScannerSilentError:
                held.append(time_)
                raise

    files = [HANGS, HANGS + b"Another.\n", b"What was heard.\n", None]
    packs = [submitted(services, sandbox, f"key-{nth:08}", one) for nth, one in enumerate(files)]
    dispatcher = replace(services.dispatcher, draw=timed)
    with false_daemon(tmp_path, daemon) as sandbox.scanner:
        dispatcher.dispatch()
        at_once = [standing(services, one) for one in packs]
        clock.forward(timedelta(seconds=2))
        dispatcher.dispatch()
        daemon.over.set()
        ends = time.monotonic() + 30
        while State.DECIDED in {standing(services, one) for one in packs}:
            assert time.monotonic() < ends
            time.sleep(0.1)
            clock.forward(timedelta(minutes=1))
            dispatcher.dispatch()
    sandbox.close()

    assert at_once == [State.DECIDED, State.DECIDED, State.SENT, State.SENT]
    assert {standing(services, one) for one in packs} == {State.SENT}
    assert daemon.asked == 2
    # The first is waited for, the second hardly, and neither a second time.
    assert held[0].seconds > waits * 0.9
    assert held[0].own < waits + OURS
    assert [one.own < WAITED_BEHIND + OURS for one in held[1:4]] == [True] * 3

"""A gateway that is told to stop or to reload: what was begun is finished, nothing is lost."""

import http.client
import json
import shutil
import ssl
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import pytest
from brokers import NURSE, Clock, a_broker, a_submission, a_token, settings_for
from fronts import NAME, Gateway, free_port, fronted, serving
from missing_tools import missing
from packs import pack_bytes
from referrals import assert_ledger_verifies

from broker.delivery.courier import Acceptance, Courier
from broker.delivery.message import Envelope
from broker.domain.references import parse_reference
from broker.domain.states import State
from broker.server import start_background
from broker.wiring import Services, assemble

CALLERS = 4


@dataclass
class SlowCourier:
    """A relay in the middle of a conversation, which goes on when it is let."""

    inner: Courier
    name: str
    reached: threading.Event = field(default_factory=threading.Event)
    let: threading.Event = field(default_factory=threading.Event)
    repeatable: bool = False

    def deliver(self, envelope: Envelope, message: bytes) -> Acceptance:
        self.reached.set()
        assert self.let.wait(30)
        return self.inner.deliver(envelope, message)


def test_the_step_that_is_worked_on_ends_well_and_no_other_is_begun(
    sqlite_broker: Services,
) -> None:
    services = sqlite_broker
    first = services.disclosures.submit(a_submission(services), NURSE)
    courier = SlowCourier(services.dispatcher.courier, name=services.dispatcher.courier.name)
    slow = replace(services, dispatcher=replace(services.dispatcher, courier=courier))
    stopping = threading.Event()
    dispatching = start_background(slow, stopping)
    assert courier.reached.wait(30)
    second = services.disclosures.submit(a_submission(services, "key-00000002"), NURSE)

    stopping.set()
    dispatching.join(0.5)
    assert dispatching.is_alive()
    courier.let.set()
    dispatching.join(30)

    assert not dispatching.is_alive()
    with services.transaction() as tx:
        states = [tx.store.disclosure(reference).state for reference in (first, second)]
    assert states == [State.SENT, State.DECIDED]


@dataclass
class Traffic:
    """People who submit one pack after another through nginx, each under a key of its own."""

    port: int
    authority: Path
    token: str
    answers: list[tuple[str, int, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def submit(self, key: str) -> tuple[int, bytes]:
        context = ssl.create_default_context(cafile=str(self.authority))
        caller = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=60, context=_named(context)
        )
        headers = {
            "Host": NAME,
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        try:
            caller.request(
                "POST", "/api/v1/disclosures", pack_bytes(again=f"Sent as {key}."), headers
            )
            answer = caller.getresponse()
            return answer.status, answer.read()
        finally:
            caller.close()

    def go_on(self, caller: int) -> None:
        number = 0
        while not self.over.is_set():
            key = f"traffic-{caller}-{number:06}"
            status, body = self.submit(key)
            self.answers.append((key, status, body.decode()))
            number += 1

    def wait_for(self, count: int) -> None:
        give_up_at = time.monotonic() + 120
        while len(self.answers) < count:
            assert time.monotonic() < give_up_at
            time.sleep(0.05)


def _named(context: ssl.SSLContext) -> ssl.SSLContext:
    """Return a context that believes the certificate's name, though an address is called."""
    context.check_hostname = False
    return context


@pytest.fixture(name="installed")
def _installed(tmp_path: Path) -> tuple[Path, str]:
    """A home that was set up just now, and a token of a nurse."""
    services = a_broker(tmp_path / "home", Clock(now=datetime.now(UTC)))
    token = a_token(services, NURSE)
    services.close()
    return tmp_path / "home", token


@pytest.fixture(name="traffic")
def _traffic(
    installed: tuple[Path, str], tmp_path: Path
) -> Generator[tuple[Gateway, Traffic, Callable[[], None]]]:
    if shutil.which("nginx", path="/usr/sbin:/usr/bin") is None:
        missing("nginx", "apt-get install nginx-light")
    home, token = installed
    settings = {"BROKER_HOSTS": NAME, "BROKER_PORT": str(free_port())}
    limits = {"BROKER_LIMIT_PERSON": "999999", "BROKER_LIMIT_BODY": "999999"}
    with serving(home, **settings, **limits) as gateway, fronted(tmp_path, gateway) as port:
        traffic = Traffic(port=port, authority=tmp_path / "authority.pem", token=token)
        threads = [
            threading.Thread(target=traffic.go_on, args=(number,)) for number in range(CALLERS)
        ]
        for thread in threads:
            thread.start()

        def rest() -> None:
            traffic.over.set()
            for thread in threads:
                thread.join(60)

        try:
            yield gateway, traffic, rest
        finally:
            rest()


def test_a_reload_fails_no_call_and_a_stop_loses_none(
    traffic: tuple[Gateway, Traffic, Callable[[], None]],
) -> None:
    gateway, calls, rest = traffic
    calls.wait_for(2 * CALLERS)
    assert gateway.process.stdout is not None

    gateway.reload()
    assert b"serves on" in gateway.process.stdout.readline()
    calls.wait_for(len(calls.answers) + 4 * CALLERS)
    assert {status for _, status, _ in calls.answers} == {HTTPStatus.CREATED}

    assert gateway.stop() == 0
    calls.wait_for(len(calls.answers) + CALLERS)
    rest()
    refused = [body for _, status, body in calls.answers if status != HTTPStatus.CREATED]
    assert {status for _, status, _ in calls.answers} == {
        HTTPStatus.CREATED,
        HTTPStatus.BAD_GATEWAY,
    }
    # Whoever comes now is shown whom to ring.
    assert all("999" in body for body in refused)

    acknowledged = [
        parse_reference(json.loads(body)["reference"])
        for _, status, body in calls.answers
        if status == HTTPStatus.CREATED
    ]
    services = assemble(settings_for(gateway.home))
    assert_ledger_verifies(services)
    with services.transaction() as tx:
        states = {tx.disclosure(reference).state for reference in acknowledged}
    services.close()
    # None is left on its way: the step that was worked on came to its end.
    assert states <= {State.DECIDED, State.SEALED, State.SENT}

"""Kill -9 at random, round after round: gateway, dispatching worker, database and mail server.

Nothing that was acknowledged is lost, and nothing goes twice without a person's word.
"""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from multiprocessing.process import BaseProcess
from pathlib import Path

import mail_server_child
import pytest
from brokers import NURSE, Clock, a_broker, a_token
from forks import started
from fronts import environment_of, free_port
from mail_servers import Authority
from packs import pack_bytes
from postgres import Cluster, running_cluster
from referrals import assert_ledger_verifies

from broker.domain.references import parse_reference
from broker.domain.states import State
from broker.wiring import Services

PATIENCE = 180.0
SETTLED = {State.SENT, State.UNKNOWN}
"""Where nothing more happens by itself: it went, or a person is asked."""


def until(there: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < give_up_at
        time.sleep(0.1)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@dataclass
class Estate:
    """A gateway on PostgreSQL and its relay, each of which can be killed and started again."""

    services: Services
    cluster: Cluster
    environment: dict[str, str]
    port: int
    mail: tuple[int, Path, Path, Path]
    acknowledged: list[str] = field(default_factory=list)
    gateway: subprocess.Popen[bytes] | None = None
    relay: BaseProcess | None = None

    def start(self) -> None:
        self.start_relay()
        self.start_gateway()

    def start_gateway(self) -> None:
        self.gateway = subprocess.Popen(
            [sys.executable, "-m", "broker", "serve"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(self.is_ready)

    def start_relay(self) -> None:
        self.relay = started(mail_server_child.main, *self.mail)
        until(lambda: answers(self.mail[0]))

    def is_ready(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            return self.call("GET", "/readyz")[0] == HTTPStatus.OK
        return False

    def call(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> tuple[int, bytes]:
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with closing(caller):
            caller.request(method, path, body, headers)
            answer = caller.getresponse()
            with closing(answer):
                return answer.status, answer.read()

    def submit(self, key: str, token: str) -> None:
        """Submit until it is acknowledged, always by the same key, as a careful caller does."""
        body = pack_bytes(again=f"Sent as {key}.")
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        give_up_at = time.monotonic() + PATIENCE
        while time.monotonic() < give_up_at:
            with suppress(OSError, http.client.HTTPException):
                status, said = self.call("POST", "/api/v1/disclosures", body, headers)
                if status in {HTTPStatus.CREATED, HTTPStatus.OK}:
                    self.acknowledged.append(json.loads(said)["reference"])
                    return
                assert status >= HTTPStatus.INTERNAL_SERVER_ERROR, said
            time.sleep(0.1)

    def kill_gateway(self) -> None:
        assert self.gateway is not None
        os.killpg(self.gateway.pid, signal.SIGKILL)
        self.gateway.wait(30)
        self.start_gateway()

    def kill_worker(self) -> None:
        """Kill the process that serves and dispatches; its master begins another."""
        assert self.gateway is not None
        children = Path(f"/proc/{self.gateway.pid}/task/{self.gateway.pid}/children")
        for child in children.read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        until(self.is_ready)

    def kill_database(self) -> None:
        file = self.cluster.folder / "data" / "postmaster.pid"
        os.kill(int(file.read_text().split()[0]), signal.SIGKILL)
        give_up_at = time.monotonic() + PATIENCE
        while time.monotonic() < give_up_at:
            # Its children hold its memory for a moment yet.
            with suppress(subprocess.CalledProcessError):
                self.cluster.start()
                break
            time.sleep(0.2)
        until(self.is_ready)

    def kill_relay(self) -> None:
        assert self.relay is not None
        self.relay.kill()
        self.relay.join(30)
        self.start_relay()

    def states(self) -> dict[str, State]:
        with self.services.transaction() as tx:
            return {one: tx.disclosure(parse_reference(one)).state for one in self.acknowledged}

    def taken(self) -> Counter[str]:
        """Return how often the relay took the message of each reference."""
        lines = self.mail[3].read_text().split() if self.mail[3].exists() else []
        return Counter(line.removeprefix("<").rpartition(".")[0].upper()[:13] for line in lines)


@contextmanager
def an_estate(folder: Path) -> Generator[Estate]:
    authority = Authority(folder)
    key, chain = authority.files(folder)
    relay_port, port = free_port(), free_port()
    with running_cluster() as cluster:
        cluster.sql("CREATE DATABASE killed")
        clock = Clock(now=datetime.now(UTC))
        services = a_broker(folder / "home", clock, cluster.url("killed"))
        url = folder / "database.url"
        url.write_text(cluster.url("killed"))
        url.chmod(0o600)
        environment = environment_of(
            folder / "home",
            port,
            BROKER_DATABASE_URL_FILE=str(url),
            BROKER_SMTP_HOST="localhost",
            BROKER_SMTP_PORT=str(relay_port),
            BROKER_SMTP_CA_FILE=str(authority.file),
            BROKER_LIMIT_PERSON="999999",
            BROKER_LIMIT_BODY="999999",
        )
        mail = (relay_port, key, chain, folder / "taken")
        estate = Estate(services, cluster, environment, port, mail)
        try:
            estate.start()
            yield estate
        finally:
            if estate.gateway is not None:
                with suppress(ProcessLookupError):
                    os.killpg(estate.gateway.pid, signal.SIGKILL)
                estate.gateway.wait(30)
            if estate.relay is not None:
                estate.relay.kill()
            services.close()


@pytest.mark.long
@pytest.mark.parametrize("rounds", [8, 200])
def test_nothing_acknowledged_is_lost_and_nothing_goes_twice(tmp_path: Path, rounds: int) -> None:
    chance = random.Random(rounds)  # noqa: S311  # the same rounds in each run
    with an_estate(tmp_path) as estate:
        victims = (
            estate.kill_gateway,
            estate.kill_worker,
            estate.kill_database,
            estate.kill_relay,
        )
        for number in range(rounds):
            clock = estate.services.clock
            assert isinstance(clock, Clock)
            clock.now = datetime.now(UTC)
            token = _a_token(estate.services)
            submitting = threading.Thread(
                target=estate.submit, args=(f"kill-round-{number:06}", token)
            )
            submitting.start()
            time.sleep(chance.random())
            victims[number % len(victims)]()
            submitting.join(PATIENCE)
            assert len(estate.acknowledged) == number + 1
        until(lambda: set(estate.states().values()) <= SETTLED)

        states, taken = estate.states(), estate.taken()
        assert len(states) == rounds
        assert {one for one, state in states.items() if state is State.SENT} <= set(taken)
        assert {one: times for one, times in taken.items() if times > 1} == {}
        assert_ledger_verifies(estate.services)


def _a_token(services: Services) -> str:
    """Return a token; the connection of before may have died with the database."""
    for _ in range(9):
        with suppress(Exception):
            return a_token(services, NURSE)
        time.sleep(0.2)
    return a_token(services, NURSE)

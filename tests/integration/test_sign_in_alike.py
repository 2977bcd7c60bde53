"""What a sign-in costs tells nobody whether there is an account, nor does it fill the memory."""

import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from argon2 import PasswordHasher
from brokers import Clock
from browsers import free_port
from people import PASSWORD, SECOND, Held, cheaply, entered, with_account
from statements import shapes_of

from broker.access import app_codes
from broker.access.attempts import MOST_FAILURES
from broker.access.passwords import AT_HAND, TOGETHER, PasswordCost, Passwords
from broker.access.sign_in import MOST_FAILURES_IN_A_ROW
from broker.domain.errors import OverloadedError
from broker.domain.people.errors import SignInRefusedError, TooManyTriesError
from broker.wiring import Services

GIBIBYTE = 1024 * 1024
"""In KiB, as costs are."""

AT_ONCE = 50
NOBODY = "nobody@northshire-trust.example"


@dataclass(frozen=True, kw_only=True)
class Steps:
    """What a refusal takes: hashes, each with its cost, codes that are compared, statements."""

    hashes: list[str] = field(default_factory=list[str])
    codes: list[str] = field(default_factory=list[str])
    asked: list[str]

    def forget(self) -> None:
        for steps in (self.hashes, self.codes, self.asked):
            steps.clear()

    def taken(self) -> tuple[list[str], list[str], list[str]]:
        return list(self.hashes), list(self.codes), list(self.asked)


@pytest.fixture(name="steps")
def _steps(services: Services, monkeypatch: pytest.MonkeyPatch) -> Steps:
    """Return what is filled with each step of a sign-in from now on."""
    steps = Steps(asked=shapes_of(services))
    verify, code_of = PasswordHasher.verify, app_codes.code_of

    def verified(hasher: PasswordHasher, stored: str, typed: str) -> bool:
        # "$argon2id$v=19$m=65536,t=3,p=1$...": what it costs stands before the salt.
        steps.hashes.append(stored.rpartition("$")[0].rpartition("$")[0])
        return verify(hasher, stored, typed)

    def compared(secret: bytes, step: int) -> str:
        steps.codes.append(f"{len(secret)} bytes")
        return code_of(secret, step)

    monkeypatch.setattr(PasswordHasher, "verify", verified)
    monkeypatch.setattr(app_codes, "code_of", compared)
    return steps


STATES = ("known", "invited", "disabled", "locked", "limited")


@pytest.mark.parametrize(
    ("state", "wrong"),
    [
        *((state, wrong) for state in STATES for wrong in ("password", "code", "both")),
        ("disabled", "nothing"),
    ],
)
def test_whoever_is_refused_takes_the_steps_of_nobody(
    services: Services, clock: Clock, steps: Steps, state: str, wrong: str
) -> None:
    held = with_account(services, clock)
    address = _brought_into(state, services, clock, held)
    password = PASSWORD if wrong in {"code", "nothing"} else "lantern orchard velvet tram"
    code = held.code(clock) if wrong in {"password", "nothing"} else "000000"

    # Whoever asks first after an entry reads it, whoever that is.
    _refused(services, steps, "somebody.else@northshire-trust.example", password, code)
    of_nobody, of_somebody = (
        _refused(services, steps, one, password, code) for one in (NOBODY, address)
    )

    assert of_nobody == of_somebody
    told, (hashes, codes, asked) = of_somebody
    if state == "limited":
        # Nothing is asked of an address that was tried too often, whoever has it.
        assert (told, hashes, codes, asked) == (TooManyTriesError, [], [], [])
    else:
        assert told is SignInRefusedError
        assert (len(hashes), len(codes)) == (1, 3)
        assert len(asked) > 5


def _brought_into(state: str, services: Services, clock: Clock, held: Held) -> str:
    """Bring somebody, and nobody, into a state; return the address of whoever is in it."""
    sign_in = cheaply(services).sign_in
    tried = {"locked": MOST_FAILURES_IN_A_ROW, "limited": MOST_FAILURES}.get(state, 1)
    for address in (NOBODY, held.address) * tried:
        # A count of refusals begins with the first; five within a quarter of an hour are enough.
        clock.forward(timedelta(minutes=1 if state == "limited" else 5))
        with pytest.raises(SignInRefusedError):
            sign_in.sign_in(address, "lantern orchard velvet tram", "000000")
    if state == "disabled":
        services.access.people.disable(held.person, SECOND)
    if state != "invited":
        return held.address
    person = entered(services, "Nia Sample")
    services.access.accounts.invite(person, SECOND)
    return "nia.sample@northshire-trust.example"


def _refused(
    services: Services, steps: Steps, address: str, password: str, code: str
) -> tuple[type[Exception], tuple[list[str], list[str], list[str]]]:
    """Return how somebody is refused, and what it takes."""
    steps.forget()
    with pytest.raises((SignInRefusedError, TooManyTriesError)) as told:
        cheaply(services).sign_in.sign_in(address, password, code)
    return told.type, steps.taken()


def test_fifty_at_once_hash_two_at_a_time_and_few_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords, lock = Passwords(cost=PasswordCost(passes=1, kibibytes=64)), threading.Lock()
    now, most = 0, 0
    stored = passwords.hash(PASSWORD)
    verify, others_told = PasswordHasher.verify, threading.Event()

    def slow(hasher: PasswordHasher, known: str, typed: str) -> bool:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        others_told.wait(20)
        time.sleep(0.005)
        try:
            return verify(hasher, known, typed)
        finally:
            with lock:
                now -= 1

    def answer(known: str | None) -> bool | type[Exception]:
        try:
            return passwords.is_right(known, PASSWORD)
        except OverloadedError as error:
            told.release()
            return type(error)

    monkeypatch.setattr(PasswordHasher, "verify", slow)
    told = threading.Semaphore(0)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = [pool.submit(answer, known) for known in [stored, None] * (AT_ONCE // 2)]
        # Whoever comes beyond is told while nobody has been answered yet.
        assert all(told.acquire(timeout=20) for _ in range(AT_ONCE - AT_HAND))
        others_told.set()
        answers = [one.result() for one in asked]

    assert answers.count(OverloadedError) == AT_ONCE - AT_HAND
    assert most == TOGETHER
    assert most * PasswordCost().kibibytes <= GIBIBYTE // 4
    assert passwords.is_right(stored, PASSWORD)


@pytest.mark.long
def test_fifty_who_sign_in_at_once_keep_the_gateway_small_and_answering(tmp_path: Path) -> None:
    with serving(tmp_path) as gateway:
        start = threading.Barrier(AT_ONCE + 1)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            tries = [pool.submit(gateway.sign_in, start) for _ in range(AT_ONCE)]
            start.wait(60)
            others = list[int]()
            while not all(one.done() for one in tries):
                others.append(gateway.status("/referrals"))
        statuses = Counter(one.result() for one in tries)
        most = gateway.most_kibibytes()

    # A refusal is a page; whoever came beyond those who wait is told to come again.
    assert set(statuses) == {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE}
    assert statuses[HTTPStatus.UNPROCESSABLE_ENTITY] >= AT_HAND
    # While the others are told, all at one moment, there may be no place for a blink.
    assert len(others) >= 20
    assert others.count(HTTPStatus.SEE_OTHER) >= 0.9 * len(others)
    assert TOGETHER * PasswordCost().kibibytes < most < GIBIBYTE


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """A gateway that serves in processes of its own."""

    port: int
    master: int

    def status(self, path: str) -> int:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("GET", path, headers={"Accept": "text/html"})
            return connection.getresponse().status

    def sign_in(self, start: threading.Barrier) -> int:
        """Load the page, wait for the others, and try as somebody whom nobody knows."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("GET", "/sign-in", headers={"Accept": "text/html"})
            answer = connection.getresponse()
            visit = answer.headers["Set-Cookie"].partition(";")[0]
            token = re.search(rb'name="_csrf" value="([^"]+)"', answer.read())
            assert token is not None
            typed = {
                "_csrf": token[1].decode(),
                # Each another, since five tries at one name are told to wait.
                "address": f"{threading.get_ident()}@northshire-trust.example",
                "password": "lantern orchard velvet tram",
                "code": "000000",
            }
            headers = {
                "Accept": "text/html",
                "Cookie": visit,
                "Content-Type": "application/x-www-form-urlencoded",
            }
            start.wait(60)
            connection.request("POST", "/sign-in", urlencode(typed), headers)
            return connection.getresponse().status

    def most_kibibytes(self) -> int:
        """Return the most memory that any process of it ever took."""
        path = Path(f"/proc/{self.master}/task/{self.master}/children")
        processes = [self.master, *map(int, path.read_text("ascii").split())]
        stated = [Path(f"/proc/{one}/status").read_text("ascii") for one in processes]
        return max(int(one.partition("VmHWM:")[2].split()[0]) for one in stated)


@contextmanager
def serving(folder: Path) -> Generator[Gateway]:
    port = free_port()
    environment = {**os.environ, "BROKER_HOME": str(folder / "home"), "BROKER_PORT": str(port)}
    command = [sys.executable, "-m", "broker"]
    subprocess.run([*command, "init"], env=environment, check=True, capture_output=True)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "serve"], env=environment, stderr=log, stdout=subprocess.PIPE
        )
        try:
            assert server.stdout is not None
            assert b"serves on" in server.stdout.readline()
            yield Gateway(port=port, master=server.pid)
        finally:
            server.terminate()
            server.communicate(timeout=60)

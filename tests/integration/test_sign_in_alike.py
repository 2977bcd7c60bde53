"""What a sign-in costs tells nobody whether there is an account, nor does it fill the memory."""

import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from brokers import Clock
from people import PASSWORD, SECOND, Held, cheaply, entered, with_account
from statements import shapes_of

from broker.access import app_codes
from broker.access.attempts import MOST_FAILURES
from broker.access.passwords import PasswordCost, Passwords
from broker.access.sign_in import MOST_FAILURES_IN_A_ROW
from broker.domain.people.errors import SignInRefusedError, TooManyTriesError
from broker.wiring import Services

GIBIBYTE = 1024 * 1024
"""In KiB, as costs are."""

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

    taken = [_refused(services, steps, one, password, code) for one in (NOBODY, address)]

    assert taken[0] == taken[1]
    told, (hashes, codes, asked) = taken[1]
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


def test_fifty_at_once_hash_two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords, lock = Passwords(cost=PasswordCost(passes=1, kibibytes=64)), threading.Lock()
    now, most = 0, 0
    stored = passwords.hash(PASSWORD)
    verify = PasswordHasher.verify

    def slow(hasher: PasswordHasher, known: str, typed: str) -> bool:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.005)
        try:
            return verify(hasher, known, typed)
        finally:
            with lock:
                now -= 1

    monkeypatch.setattr(PasswordHasher, "verify", slow)
    with ThreadPoolExecutor(50) as pool:
        known = [stored, None] * 25
        right = list(pool.map(passwords.is_right, known, [PASSWORD] * 50))

    assert right == [True, False] * 25
    assert most * PasswordCost().kibibytes <= GIBIBYTE // 4


@pytest.mark.long
def test_fifty_sign_ins_at_once_keep_a_process_below_a_gibibyte() -> None:
    script = """
        import resource
        from concurrent.futures import ThreadPoolExecutor
        from broker.access.passwords import Passwords
        passwords = Passwords()
        stored = passwords.hash("umbrella gravel seventh kite")
        with ThreadPoolExecutor(50) as pool:
            right = list(pool.map(
                lambda one: passwords.is_right(stored if one % 2 else None, "lantern orchard"),
                range(50),
            ))
        assert not any(right)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )

    assert 128 * 1024 < int(ended.stdout) < GIBIBYTE

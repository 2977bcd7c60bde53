"""What a sign-in costs tells nobody whether there is an account, nor does it fill the memory."""

import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import PasswordHasher
from brokers import Clock
from people import PASSWORD, cheaply, with_account
from statements import shapes_of

from broker.access.passwords import PasswordCost, Passwords
from broker.domain.people.errors import SignInRefusedError
from broker.wiring import Services

GIBIBYTE = 1024 * 1024
"""In KiB, as costs are."""

NOBODY = "nobody@northshire-trust.example"


@pytest.fixture(name="hashings")
def _hashings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is filled with each argon2 hash that is computed from now on."""
    computed = list[str]()
    for name in ("hash", "verify"):
        monkeypatch.setattr(PasswordHasher, name, _counted(computed, name))
    return computed


def _counted(computed: list[str], name: str) -> Callable[..., Any]:
    made = getattr(PasswordHasher, name)

    def counted(*given: Any) -> Any:
        computed.append(name)
        return made(*given)

    return counted


@pytest.mark.parametrize("wrong", ["password", "code", "both"])
def test_an_unknown_person_takes_the_steps_of_a_known_one(
    services: Services, clock: Clock, hashings: list[str], wrong: str
) -> None:
    held = with_account(services, clock)
    sign_in = cheaply(services).sign_in
    password = "lantern orchard velvet tram" if wrong != "code" else PASSWORD
    code = "000000" if wrong != "password" else held.code(clock)
    asked = shapes_of(services)
    steps = list[tuple[list[str], list[str]]]()

    # The first refusal of all begins a count of refusals.
    for address in (NOBODY, NOBODY, held.address):
        asked.clear()
        hashings.clear()
        with pytest.raises(SignInRefusedError):
            sign_in.sign_in(address, password, code)
        steps.append((list(hashings), list(asked)))

    _, unknown, known = steps
    assert unknown[0] == known[0] == ["verify"]
    assert len(known[1]) > 5
    assert unknown[1] == known[1]


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

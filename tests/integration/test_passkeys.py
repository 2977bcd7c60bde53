"""Passkeys: a device that verified its user signs a challenge once, for this broker alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from authenticators import PRESENT, Device
from brokers import Clock
from people import FIRST, Held, with_account

from broker.access.passkeys import CHALLENGE_LIFE, Passkeys
from broker.domain.people.errors import (
    NotSignedInError,
    SignInRefusedError,
    StepUpNeededError,
    UnknownPersonError,
)
from broker.wiring import Services


@pytest.fixture(name="held")
def _held(sqlite_broker: Services, clock: Clock) -> Held:
    return with_account(sqlite_broker, clock)


@pytest.fixture(name="passkeys")
def _passkeys(sqlite_broker: Services) -> Passkeys:
    return sqlite_broker.access.passkeys


@pytest.fixture(name="device")
def _device(passkeys: Passkeys, held: Held) -> Device:
    """A device whose passkey is kept."""
    device = Device()
    asked = passkeys.ask_to_add(held.token)
    passkeys.add(held.token, asked.name, device.make(asked.options))
    return device


def test_a_device_signs_its_person_in(
    sqlite_broker: Services, passkeys: Passkeys, device: Device, held: Held
) -> None:
    asked = passkeys.ask_to_sign_in()

    token = passkeys.sign_in(asked.name, device.sign(asked.options))

    assert sqlite_broker.access.sessions.of(token).person == held.person


def test_a_challenge_is_answered_once(passkeys: Passkeys, device: Device) -> None:
    asked = passkeys.ask_to_sign_in()
    answer = device.sign(asked.options)
    passkeys.sign_in(asked.name, answer)

    with pytest.raises(SignInRefusedError):
        passkeys.sign_in(asked.name, answer)


def test_a_challenge_that_was_answered_wrongly_is_gone_too(
    passkeys: Passkeys, device: Device
) -> None:
    asked = passkeys.ask_to_sign_in()
    with pytest.raises(SignInRefusedError):
        passkeys.sign_in(asked.name, "{}")

    with pytest.raises(SignInRefusedError):
        passkeys.sign_in(asked.name, device.sign(asked.options))


def test_a_challenge_waits_five_minutes(passkeys: Passkeys, device: Device, clock: Clock) -> None:
    asked = passkeys.ask_to_sign_in()
    clock.forward(CHALLENGE_LIFE + timedelta(seconds=1))

    with pytest.raises(SignInRefusedError):
        passkeys.sign_in(asked.name, device.sign(asked.options))


def another_origin(device: Device) -> None:
    device.origin = "http://localhost:8350.example"


def another_host(device: Device) -> None:
    device.host = "example.example"


def no_verified_user(device: Device) -> None:
    device.flags = PRESENT


def another_key(device: Device) -> None:
    device.key = Device().key


def an_unknown_passkey(device: Device) -> None:
    device.credential = b"nobody's"


@pytest.mark.parametrize(
    "falsify",
    [another_origin, another_host, no_verified_user, another_key, an_unknown_passkey],
    ids=lambda falsify: falsify.__name__,
)
def test_a_device_that_is_not_right_signs_nobody_in(
    passkeys: Passkeys, device: Device, falsify: Callable[[Device], None]
) -> None:
    falsify(device)
    asked = passkeys.ask_to_sign_in()

    with pytest.raises(SignInRefusedError):
        passkeys.sign_in(asked.name, device.sign(asked.options))


def test_a_copied_device_is_noticed_by_its_count(passkeys: Passkeys, device: Device) -> None:
    for _ in range(2):
        asked = passkeys.ask_to_sign_in()
        passkeys.sign_in(asked.name, device.sign(asked.options))
    device.count = 0
    asked = passkeys.ask_to_sign_in()

    with pytest.raises(SignInRefusedError):
        passkeys.sign_in(asked.name, device.sign(asked.options))


def test_what_a_device_made_signs_nobody_in(passkeys: Passkeys, held: Held) -> None:
    device = Device()
    asked = passkeys.ask_to_add(held.token)

    with pytest.raises(SignInRefusedError):
        passkeys.sign_in(asked.name, device.make(asked.options))


def test_a_passkey_is_added_after_a_step_up(passkeys: Passkeys, held: Held, clock: Clock) -> None:
    clock.forward(timedelta(minutes=6))

    with pytest.raises(StepUpNeededError):
        passkeys.ask_to_add(held.token)


def test_a_passkey_lets_the_next_action_go(
    sqlite_broker: Services, passkeys: Passkeys, device: Device, held: Held, clock: Clock
) -> None:
    clock.forward(timedelta(minutes=6))
    asked = passkeys.ask_to_step_up(held.token)

    token = passkeys.step_up(held.token, asked.name, device.sign(asked.options))

    sqlite_broker.access.sessions.spend_step_up(token)
    with pytest.raises(StepUpNeededError):
        sqlite_broker.access.sessions.spend_step_up(token)


def test_a_removed_passkey_signs_nobody_in(passkeys: Passkeys, device: Device, held: Held) -> None:
    (kept,) = passkeys.listed(held.token)
    passkeys.remove(held.token, kept.credential)
    asked = passkeys.ask_to_sign_in()

    with pytest.raises(SignInRefusedError):
        passkeys.sign_in(asked.name, device.sign(asked.options))
    with pytest.raises(UnknownPersonError):
        passkeys.remove(held.token, kept.credential)
    assert passkeys.listed(held.token) == ()


def test_a_disabled_persons_device_signs_nobody_in(
    sqlite_broker: Services, passkeys: Passkeys, device: Device, held: Held
) -> None:
    sqlite_broker.access.people.disable(held.person, FIRST)
    asked = passkeys.ask_to_sign_in()

    with pytest.raises(SignInRefusedError):
        passkeys.sign_in(asked.name, device.sign(asked.options))
    with pytest.raises(NotSignedInError):
        passkeys.listed(held.token)

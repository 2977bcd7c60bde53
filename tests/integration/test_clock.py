"""A clock far from the ledger's last moment destroys nothing until a person confirms it."""

import time
from datetime import timedelta

import pytest
from brokers import KEEPER_OF_KEYS, NURSE, Clock
from callers import a_caller
from packs import pack_bytes
from referrals import GUARDIAN

from broker.domain.errors import ClockDoubtedError, WrongDayError
from broker.domain.references import Reference, parse_reference
from broker.domain.states import State
from broker.domain.times import uk_day
from broker.operations.housekeeping import housekeeping
from broker.operations.installation import begin
from broker.operations.serving import Rounds
from broker.wiring import Services


def sent(services: Services) -> Reference:
    answer = a_caller(services).submit(pack_bytes())
    services.dispatcher.dispatch()
    return parse_reference(answer.get_json()["reference"])


def state(services: Services, reference: Reference) -> State:
    with services.transaction() as tx:
        return tx.store.disclosure(reference).state


def types(services: Services) -> list[str]:
    with services.transaction() as tx:
        return [entry.type for entry in tx.ledger.entries()]


@pytest.mark.parametrize("jump", [timedelta(days=15), timedelta(days=463), timedelta(days=-1)])
def test_a_far_clock_destroys_nothing_until_the_day_is_confirmed(
    services: Services, clock: Clock, jump: timedelta
) -> None:
    reference = sent(services)
    clock.forward(jump)
    begin(services)
    ended = housekeeping(services)

    assert (ended.passphrases, ended.cases, ended.clock_doubted) == (0, 0, True)
    # What is appended meanwhile makes the clock no better, and neither does another start.
    sent(services)
    begin(services)
    assert housekeeping(services).clock_doubted
    # To hear of what is late destroys nothing, so it waits for nobody.
    assert ("chased" in types(services)) == (jump > timedelta(0))
    with pytest.raises(ClockDoubtedError, match="broker clock confirm"):
        services.clock_guard.check()

    services.clock_guard.confirm(uk_day(clock()), KEEPER_OF_KEYS.id)
    begin(services)
    ended = housekeeping(services)
    assert not ended.clock_doubted
    assert "clock.confirmed" in types(services)
    expected = State.EXPIRED if jump > timedelta(days=14) else State.SENT
    assert state(services, reference) in {expected, State.ERASED}


def test_a_clock_that_stood_before_the_ledger_is_believed_as_long_as_it_goes_on(
    services: Services, clock: Clock
) -> None:
    clock.forward(timedelta(days=-5))
    begin(services)
    services.clock_guard.confirm(uk_day(clock()), KEEPER_OF_KEYS.id)
    for _ in range(4):
        clock.forward(timedelta(hours=20))
        begin(services)
        assert not services.clock_guard.is_doubted()
    clock.forward(timedelta(hours=-30))
    begin(services)
    assert services.clock_guard.is_doubted()


@pytest.mark.parametrize("hours", [0, 1, 47])
def test_a_clock_near_the_ledger_is_believed(
    sqlite_broker: Services, clock: Clock, hours: int
) -> None:
    clock.forward(timedelta(hours=hours))
    begin(sqlite_broker)

    assert not sqlite_broker.clock_guard.is_doubted()


def test_another_day_than_the_clocks_is_not_confirmed(
    sqlite_broker: Services, clock: Clock
) -> None:
    clock.forward(timedelta(days=15))
    begin(sqlite_broker)

    with pytest.raises(WrongDayError):
        sqlite_broker.clock_guard.confirm(uk_day(clock()) - timedelta(days=15), KEEPER_OF_KEYS.id)
    assert sqlite_broker.clock_guard.is_doubted()


def test_a_clock_that_jumps_under_a_serving_gateway_is_doubted_before_anything_goes(
    sqlite_broker: Services, clock: Clock
) -> None:
    services = sqlite_broker
    reference = sent(services)
    rounds = Rounds(services)
    rounds.make()
    clock.forward(timedelta(days=15))
    # Somebody submits before the next round, and so brings the ledger to the wrong day.
    a_caller(services, NURSE).submit(pack_bytes(), key="key-00000002")
    Rounds.make(rounds)

    assert services.clock_guard.is_doubted()
    assert state(services, reference) is State.SENT


def test_a_serving_gateway_says_once_a_day_that_it_is_alive(
    sqlite_broker: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, ticks = sqlite_broker, [time.monotonic()]
    monkeypatch.setattr(time, "monotonic", lambda: ticks[0])
    rounds = Rounds(services)
    for _ in range(50):
        rounds.make()
        clock.forward(timedelta(hours=1))
        ticks[0] += 3_600
    Rounds(services).make()

    assert types(services).count("alive") == 3


def test_a_file_about_the_clock_that_says_nothing_is_a_doubt(sqlite_broker: Services) -> None:
    sqlite_broker.home.clock.write_text("?")

    assert sqlite_broker.clock_guard.is_doubted()


def test_rules_that_end_warn_from_sixty_days_before(sqlite_broker: Services, clock: Clock) -> None:
    services = sqlite_broker
    until = uk_day(clock()) + timedelta(days=70)
    rules = services.rulebooks.in_force()
    services.rulebooks.activate(rules, KEEPER_OF_KEYS, GUARDIAN, until=until)

    left = []
    for _ in range(4):
        left.append(services.rulebooks.days_left())
        clock.forward(timedelta(days=24))
    assert left == [None, 46, 22, -2]

"""Who fails or creates too often within an hour waits; an emergency never does (decisions B9)."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from brokers import NURSE, TEACHER, Clock, a_token
from callers import PACKS, PREVIEWS, Caller, a_caller, refusal_of
from gateways import gateway
from packs import a_pack, example
from werkzeug.test import TestResponse

from broker.access.limits import Counted, limits_of
from broker.domain.roles import Role
from broker.settings import CallLimits
from broker.wiring import Services

MOST = 10
NOWHERE = f"{PACKS}/7Q4KM2XH"
HEADER = "X-Real-IP"
LOOPBACK, ELSEWHERE = "127.0.0.1", "192.0.2.7"


@pytest.fixture(name="limited")
def _limited(services: Services) -> Services:
    """A broker whose people and addresses may fail or create ten times an hour."""
    settings = replace(
        services.settings,
        limits=CallLimits(person=MOST, body=2 * MOST, address=MOST),
        client_address_header=HEADER,
    )
    limits = limits_of(settings, services.transaction)
    return replace(services, settings=settings, limits=limits)


def asked_in_vain(caller: Caller, times: int = MOST) -> TestResponse:
    return [caller.get(NOWHERE) for _ in range(times)][-1]


def guess(services: Services, peer: str, **headers: str) -> TestResponse:
    return (
        gateway(services)
        .test_client()
        .get(
            PACKS,
            headers={"Authorization": "Bearer made-up", **headers},
            environ_base={"REMOTE_ADDR": peer},
        )
    )


def emergency() -> dict[str, Any]:
    pack = example("5-emergency")
    pack["questions"]["concern"]["observed_on"] = "2026-03-16"
    return pack


def test_the_eleventh_failure_is_told_to_wait_and_for_how_long(limited: Services) -> None:
    caller = a_caller(limited)

    assert refusal_of(asked_in_vain(caller)).status == 404
    answer = caller.get(NOWHERE)

    assert (refusal_of(answer).status, refusal_of(answer).slug) == (429, "too-many-calls")
    assert answer.headers["Retry-After"] == "360"
    assert b"7Q4KM2XH" not in answer.get_data()


def test_whoever_waits_as_long_as_they_were_told_may_go_on(
    limited: Services, clock: Clock
) -> None:
    caller = a_caller(limited)
    asked_in_vain(caller, MOST + 1)

    clock.forward(timedelta(seconds=361))
    caller = a_caller(limited)

    assert caller.get(NOWHERE).status_code == 404
    assert caller.get(NOWHERE).status_code == 429


def test_what_succeeds_and_creates_nothing_is_never_refused(limited: Services) -> None:
    caller = a_caller(limited)
    sent = caller.submit(a_pack()).get_json()["reference"]
    asked_in_vain(caller, 2 * MOST)

    assert caller.get(PACKS).status_code == 200
    assert caller.get(f"{PACKS}/{sent}").status_code == 200
    assert caller.post(PREVIEWS, a_pack()).status_code == 200


def test_a_person_may_create_ten_times_an_hour_and_a_repeated_key_counts_too(
    limited: Services,
) -> None:
    caller = a_caller(limited)

    statuses = [caller.submit(a_pack()).status_code for _ in range(MOST + 1)]

    assert statuses == [201] * MOST + [429]


def test_others_of_the_same_body_go_on_until_the_body_has_used_up_its_own(
    limited: Services,
) -> None:
    first, second, third = (
        a_caller(limited, replace(NURSE, id=type(NURSE.id)(f"p-{number}"))) for number in range(3)
    )
    asked_in_vain(first)
    assert asked_in_vain(second).status_code == 404

    assert third.get(NOWHERE).status_code == 429, "the body's twenty are used up"
    assert a_caller(limited, TEACHER).get(NOWHERE).status_code == 404, "another body's are not"


def test_an_emergency_is_never_refused_by_a_bucket_nor_any_step_about_it(
    limited: Services,
) -> None:
    caller = a_caller(limited)
    asked_in_vain(caller, 3 * MOST)
    assert caller.submit(a_pack(), key="key-ordinary").status_code == 429

    taken = caller.submit(emergency(), key="key-emergency")

    assert taken.status_code == 201
    about = f"{PACKS}/{taken.get_json()['reference']}"
    limited.dispatcher.dispatch()
    told = caller.post(f"{about}/handover", {})
    assert told.status_code == 200
    assert told.get_json()["passphrase"]
    assert caller.post(f"{about}/acknowledgement", {}).status_code == 200


def test_a_pack_with_faults_is_told_them_whatever_was_counted(limited: Services) -> None:
    """Nobody can tell whether what cannot be read was an emergency."""
    caller = a_caller(limited)
    asked_in_vain(caller, 2 * MOST)

    answer = caller.submit({**emergency(), "questions": {}})

    assert answer.status_code == 422
    assert refusal_of(answer).places


def test_a_handover_asked_for_again_and_again_is_told_to_wait(limited: Services) -> None:
    caller = a_caller(limited)
    about = f"{PACKS}/{caller.submit(a_pack()).get_json()['reference']}"
    limited.dispatcher.dispatch()

    reason = {"reason": "They did not understand the fourth word."}
    statuses = [caller.post(f"{about}/handover", reason).status_code for _ in range(200)]

    # The third time is the lead's to tell.
    assert statuses[: MOST - 1] == [200, 200, *[403] * (MOST - 3)]
    assert set(statuses[MOST - 1 :]) == {429}


def test_guesses_at_tokens_are_counted_by_address(limited: Services) -> None:
    assert [guess(limited, ELSEWHERE).status_code for _ in range(MOST + 1)] == [401] * MOST + [429]
    assert guess(limited, "192.0.2.8").status_code == 401


def test_a_token_that_counts_is_let_through_from_an_address_that_guesses(
    limited: Services,
) -> None:
    for _ in range(2 * MOST):
        guess(limited, LOOPBACK)

    assert a_caller(limited).submit(a_pack()).status_code == 201


def test_one_header_names_the_client_if_the_peer_is_this_host(limited: Services) -> None:
    for _ in range(MOST):
        assert guess(limited, LOOPBACK, **{HEADER: "2001:db8::1"}).status_code == 401

    assert guess(limited, LOOPBACK, **{HEADER: "2001:db8::ffff"}).status_code == 429, "one line"
    assert guess(limited, LOOPBACK, **{HEADER: "2001:db8:1::1"}).status_code == 401
    assert guess(limited, LOOPBACK).status_code == 401


def test_a_header_from_elsewhere_or_another_header_hides_nobody(limited: Services) -> None:
    for number in range(MOST):
        named = {HEADER: f"198.51.100.{number}", "X-Forwarded-For": f"198.51.100.{number}"}
        assert guess(limited, ELSEWHERE, **named).status_code == 401

    assert guess(limited, ELSEWHERE, **{HEADER: "198.51.100.99"}).status_code == 429


def test_the_buckets_tell_nobody_who_called_or_from_where(limited: Services) -> None:
    asked_in_vain(a_caller(limited), MOST + 1)
    for _ in range(MOST + 1):
        guess(limited, ELSEWHERE)

    kept = json.dumps(dict(limited.limits.store.all()))
    assert kept.count(":") >= 3
    for clear in (NURSE.id, NURSE.agency, ELSEWHERE):
        assert clear not in kept
    assert limited.limits.exhausted() == {Counted.PERSON: 1, Counted.ADDRESS: 1}


def test_nothing_is_kept_for_longer_than_an_hour(limited: Services, clock: Clock) -> None:
    asked_in_vain(a_caller(limited), MOST + 1)
    clock.forward(timedelta(hours=1, seconds=1))

    guess(limited, ELSEWHERE)

    assert [name.partition(":")[0] for name in limited.limits.store.all()] == ["address"]


@pytest.mark.parametrize("broken", ["a folder", "no database", "removed"])
def test_a_broken_file_of_buckets_stops_nobody_and_is_counted(
    sqlite_broker: Services, broken: str
) -> None:
    caller = a_caller(sqlite_broker)
    file = sqlite_broker.home.path / "limits.db"
    file.unlink(missing_ok=True)
    if broken == "a folder":
        file.mkdir()
    elif broken == "no database":
        file.write_bytes(b"nothing that SQLite reads" * 100)

    assert caller.submit(a_pack()).status_code == 201
    assert caller.get(NOWHERE).status_code == 404
    assert guess(sqlite_broker, ELSEWHERE).status_code == 401
    assert sqlite_broker.limits.times_broken() == (0 if broken == "removed" else 3)


def test_a_guardian_and_a_practitioner_of_one_body_are_counted_apart(limited: Services) -> None:
    asked_in_vain(a_caller(limited))
    guardian = replace(NURSE, id=type(NURSE.id)("p-guardian"))

    caller = a_caller(limited, guardian, Role.GUARDIAN)

    assert caller.get("/api/v1/reviews/7Q4KM2XH").status_code == 404
    assert a_token(limited, guardian, Role.GUARDIAN)

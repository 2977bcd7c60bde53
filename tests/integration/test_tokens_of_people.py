"""Tokens beside accounts: for the host alone, and for nobody who signs in or was disabled."""

import json
from dataclasses import replace

import pytest
from brokers import NURSE, Clock, a_token
from callers import PACKS, Caller, a_caller
from gateways import gateway
from people import FIRST, entered, with_account

from broker.access.tokens import TERMS
from broker.domain.people.errors import AccountExistsError
from broker.wiring import Services


def test_nobody_makes_a_token_for_a_person_who_has_an_account(
    sqlite_broker: Services, clock: Clock
) -> None:
    held = with_account(sqlite_broker, clock)

    with pytest.raises(AccountExistsError):
        a_token(sqlite_broker, replace(NURSE, id=held.person))


def test_a_token_of_somebody_who_was_disabled_counts_no_more(sqlite_broker: Services) -> None:
    person = entered(sqlite_broker)
    nurse = a_caller(sqlite_broker, replace(NURSE, id=person))
    assert nurse.get(PACKS).status_code == 200

    sqlite_broker.access.people.disable(person, FIRST)

    assert nurse.get(PACKS).status_code == 401


def test_a_token_of_somebody_who_has_opened_an_account_since_counts_no_more(
    sqlite_broker: Services, clock: Clock
) -> None:
    held = with_account(sqlite_broker, clock)
    token = sqlite_broker.tokens.signed(replace(NURSE, id=held.person), TERMS)

    answer = Caller(client=gateway(sqlite_broker).test_client(), token=token).get(PACKS)

    assert answer.status_code == 401


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_token_counts_on_this_host(sqlite_broker: Services, address: str) -> None:
    assert status_from(sqlite_broker, address) == 200


@pytest.mark.parametrize("address", ["192.0.2.17", "2001:db8::17", "nobody"])
def test_a_token_counts_nowhere_else(sqlite_broker: Services, address: str) -> None:
    assert status_from(sqlite_broker, address) == 401


def test_a_token_that_a_proxy_brings_from_elsewhere_does_not_count(
    sqlite_broker: Services,
) -> None:
    settings = replace(sqlite_broker.settings, client_address_header="X-Real-IP")
    behind = replace(sqlite_broker, settings=settings)

    assert status_from(behind, "127.0.0.1", {"X-Real-IP": "192.0.2.17"}) == 401
    assert status_from(behind, "127.0.0.1", {"X-Real-IP": "127.0.0.1"}) == 200


def status_from(services: Services, address: str, headers: dict[str, str] | None = None) -> int:
    answer = (
        gateway(services)
        .test_client()
        .get(
            PACKS,
            headers={"Authorization": f"Bearer {a_token(services, NURSE)}", **(headers or {})},
            environ_base={"REMOTE_ADDR": address},
        )
    )
    assert answer.status_code == 200 or json.loads(answer.get_data())["status"] == 401
    return answer.status_code

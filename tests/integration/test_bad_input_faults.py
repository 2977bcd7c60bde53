"""Faults of our own, one in every route: a constant answer, and nothing of what was inside."""

import io
import json
from collections.abc import Generator
from dataclasses import replace
from typing import Any, NoReturn

import pytest
import structlog
from brokers import NURSE, a_token
from callers import KEY, PACKS, PREVIEWS, Caller, Refusal, a_caller, refusal_of
from gateways import gateway
from packs import pack_bytes

from broker.logs import configure, drain
from broker.storage.database import Database
from broker.wiring import Services

ROUTES = [
    pytest.param("GET", "/readyz", id="ready"),
    pytest.param("GET", PACKS, id="list"),
    pytest.param("GET", f"{PACKS}/PRV-0000-0000", id="show"),
    pytest.param("GET", "/api/v1/ledger/checkpoint", id="checkpoint"),
    pytest.param("GET", "/api/v1/ledger/export", id="export"),
    pytest.param("POST", PACKS, id="submission"),
    pytest.param("POST", PREVIEWS, id="preview"),
    pytest.param("POST", f"{PACKS}/PRV-0000-0000/handover", id="handover"),
    pytest.param("POST", f"{PACKS}/PRV-0000-0000/acknowledgement", id="acknowledgement"),
    pytest.param("POST", f"{PACKS}/PRV-0000-0000/recall", id="recall"),
]
CONSTANT = {
    "type": "urn:disclosure-broker:problem:fault",
    "title": "The broker made a mistake",
    "status": 500,
    "detail": (
        "Ask where it stands before you try again, with the same Idempotency-Key. Tell the "
        "operator the request_id; "
        "in an emergency ring 999 and use the telephone procedure."
    ),
}


class TalkativeDatabase(Database):
    """Fails as nobody foresaw, with a name in its words."""

    def transaction(self) -> NoReturn:
        raise LookupError("Zzcanary Qqcanary at 5 Canarystreet")

    def reading(self, *, brief: bool = False) -> NoReturn:
        raise LookupError("Zzcanary Qqcanary at 5 Canarystreet", brief)


@pytest.fixture(name="log")
def _log() -> Generator[io.StringIO]:
    stream = io.StringIO()
    configure("info", stream)
    yield stream
    structlog.reset_defaults()


@pytest.fixture(name="broken")
def _broken(sqlite_broker: Services) -> Generator[Caller]:
    """Somebody with a good token before a broker whose database fails."""
    services = sqlite_broker
    database = TalkativeDatabase(services.settings.database_url, threads=1)
    failing = replace(services.transaction, database=database)
    recalling = replace(services.afterwards.recalling, transaction=failing)
    broken = replace(
        services,
        transaction=failing,
        disclosures=replace(services.disclosures, transaction=failing),
        afterwards=replace(services.afterwards, recalling=recalling),
        checkpoints=replace(services.checkpoints, transaction=failing),
        log=replace(services.log, transaction=failing),
    )
    yield Caller(client=gateway(broken).test_client(), token=a_token(services, NURSE))
    database.close()


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_fault_in_a_route_is_answered_and_logged_without_what_was_in_it(
    broken: Caller, log: io.StringIO, method: str, path: str
) -> None:
    if method == "GET":
        answer = broken.get(path)
    else:
        body = pack_bytes() if path in (PACKS, PREVIEWS) else b"{}"
        answer = broken.post(path, body, **{"Idempotency-Key": KEY})

    drain()
    document: dict[str, Any] = json.loads(answer.get_data())
    request_id = document.pop("request_id")
    assert document == CONSTANT
    failed, asked = map(json.loads, log.getvalue().splitlines())
    assert {**failed, "timestamp": None} == {
        "error": "LookupError",
        "event": "request-failed",
        "level": "error",
        "request_id": request_id,
        "timestamp": None,
        "where": failed["where"],
    }
    assert failed["where"].startswith("test_bad_input_faults.py:")
    assert (asked["event"], asked["request_id"]) == ("request", request_id)
    assert "canary" not in log.getvalue().casefold()


def test_a_keystore_that_is_gone_is_told_without_where_it_was(sqlite_broker: Services) -> None:
    caller, home = a_caller(sqlite_broker), sqlite_broker.home
    home.keystore.rename(home.path / "elsewhere")

    answer = caller.get(PACKS)

    assert refusal_of(answer) == Refusal(503, "keys-unavailable")
    assert answer.headers["Retry-After"] == "30"
    assert str(home.path) not in answer.get_data(as_text=True)


@pytest.mark.parametrize("token", ["made-up", "a.b.c", "x" * 100_000], ids=len)
def test_what_is_no_token_is_refused_before_the_keystore_is_opened(
    sqlite_broker: Services, token: str
) -> None:
    caller, home = a_caller(sqlite_broker), sqlite_broker.home
    home.keystore.rename(home.path / "elsewhere")

    caller.token = token

    assert refusal_of(caller.get(PACKS)) == Refusal(401, "token-refused")


def test_a_case_that_was_altered_is_not_shown(sqlite_broker: Services) -> None:
    nurse = a_caller(sqlite_broker)
    path = nurse.submit(pack_bytes()).headers["Location"]
    with sqlite_broker.transaction.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE case_field SET ciphertext = zeroblob(200)")

    answer = nurse.get(path)

    assert refusal_of(answer) == Refusal(500, "integrity")


def test_a_case_that_was_erased_is_gone(sqlite_broker: Services) -> None:
    nurse = a_caller(sqlite_broker)
    path = nurse.submit(pack_bytes()).headers["Location"]
    (case,) = sqlite_broker.keystore.cases()
    sqlite_broker.keystore.erase_case(case, sqlite_broker.clock())

    assert refusal_of(nurse.get(path)) == Refusal(410, "erased")

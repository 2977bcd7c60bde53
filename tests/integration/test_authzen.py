"""A second door to trying a pack: the same rules, and an obligation not understood is a denial."""

import json
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest
from brokers import NURSE, Clock
from callers import Caller, a_caller, refusal_of
from homes import Prepared
from machines import Machine, a_machine, second_administrator
from packs import a_pack

from broker.domain.machines.clients import ClientId
from broker.wiring import Services

EVALUATION = "/access/v1/evaluation"


@pytest.fixture(name="shared", scope="module")
def _shared(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Services]:
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("authzen") / "home", Clock())
    with services.keystore.session():
        yield services
    services.close()


@pytest.fixture(name="caller", scope="module")
def _caller(shared: Services) -> Caller:
    return a_caller(shared)


@pytest.fixture(name="machine", scope="module")
def _machine(shared: Services) -> Machine:
    clock = shared.clock
    assert isinstance(clock, Clock)
    return a_machine(shared, second_administrator(shared, clock), ClientId("c-authzen"))


def asked(pack: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "subject": {"type": "person", "id": NURSE.id},
        "action": {"name": "disclose"},
        "resource": {"type": "referral-pack", "id": "draft", "properties": {"pack": pack}},
        **more,
    }


def told(caller: Caller, body: dict[str, Any]) -> dict[str, Any]:
    answer = caller.post(EVALUATION, body)
    assert answer.status_code == 200, answer.get_data()
    found: dict[str, Any] = json.loads(answer.get_data())
    return found


def test_it_says_what_the_judgement_of_the_same_pack_says_and_leaves_no_trace(
    shared: Services, caller: Caller
) -> None:
    with shared.transaction() as tx:
        before = tx.ledger.head().size

    said = told(caller, asked(a_pack()))
    judged = json.loads(caller.post("/api/v1/judgements", a_pack()).get_data())["decision"]

    assert said["decision"] is True
    assert said["context"]["outcome"] == judged["outcome"]
    assert {one["id"] for one in said["context"]["obligations"]} == {
        one["type"] for one in judged["obligations"]
    }
    assert {one["type"] for one in said["context"]["obligations"]} == {"custom"}
    with shared.transaction() as tx:
        assert tx.ledger.head().size == before


def test_an_obligation_that_is_not_understood_means_deny(caller: Caller) -> None:
    owed = [one["id"] for one in told(caller, asked(a_pack()))["context"]["obligations"]]
    missing, *others = owed

    some = told(caller, asked(a_pack(), context={"understood_obligations": others}))
    every = told(caller, asked(a_pack(), context={"understood_obligations": owed}))

    assert (some["decision"], some["context"]["not_understood"]) == (False, [missing])
    assert some["context"]["reason"] == "obligations-not-understood"
    assert every["decision"] is True


def test_what_the_rules_refuse_is_a_denial(caller: Caller) -> None:
    refused = a_pack(questions__concern__basis=["protected-characteristic"])

    said = told(caller, asked(refused))

    assert (said["decision"], said["context"]["outcome"]) == (False, "refuse")


def test_nobody_asks_for_somebody_else_and_nothing_malformed_is_judged(caller: Caller) -> None:
    other = asked(a_pack(), subject={"type": "person", "id": "p-other"})

    assert told(caller, other)["decision"] is False
    elsewise = caller.post(EVALUATION, asked(a_pack(), action={"name": "read"}))
    assert refusal_of(elsewise).status == 422
    assert refusal_of(caller.post(EVALUATION, {"subject": {}})).status == 422


def test_a_case_system_asks_before_it_sends_and_denies_what_it_does_not_understand(
    machine: Machine,
) -> None:
    program = machine.program()

    assert program.may(a_pack())
    assert not replace(program, understood=frozenset()).may(a_pack())


def test_where_it_is_asked_can_be_found(caller: Caller) -> None:
    answer = caller.client.get("/.well-known/authzen-configuration")

    assert json.loads(answer.get_data()) == {
        "policy_decision_point": "http://127.0.0.1:8350",
        "access_evaluation_endpoint": f"http://127.0.0.1:8350{EVALUATION}",
        "supported_obligations": ["custom"],
    }

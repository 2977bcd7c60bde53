"""The description of the API is true: what it says is taken is taken, and nothing else."""

import json
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from brokers import NURSE, Clock, a_token
from flask import Flask
from gateways import gateway
from homes import Prepared
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from broker.access.table import table
from broker.api.machines import described
from broker.domain.roles import Role
from broker.wiring import Services

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
]
FEW, MANY = 3, 150
Operation = APIOperation[Any, Any, Any, Any]


@pytest.fixture(name="shared", scope="module")
def _shared(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Services]:
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("openapi") / "home", Clock())
    with services.keystore.session():
        yield services
    services.close()


@pytest.fixture(name="app", scope="module")
def _app(shared: Services) -> Flask:
    return gateway(shared)


@pytest.fixture(name="document", scope="module")
def _document(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.content_type == "application/json"
    found: dict[str, Any] = json.loads(answer.get_data())
    return found


def operations_of(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for methods in document["paths"].values()
        for operation in methods.values()
    }


def test_every_route_of_the_table_is_described_with_its_roles(document: dict[str, Any]) -> None:
    calls = {call for call in table() if not call.startswith("broker ")}
    described_calls = {
        (method.upper(), path): operation["x-roles"]
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }

    assert document["openapi"] == "3.1.0"
    assert len(operations_of(document)) == len(described_calls) == len(calls)
    for call in calls:
        method, rule = call.split(" ")
        path = "/".join(
            f"{{{part.strip('<>').rpartition(':')[2]}}}" if part.startswith("<") else part
            for part in rule.split("/")
        )
        assert described_calls[method, path] == sorted(table()[call].roles)


def test_every_route_that_creates_says_what_it_takes(document: dict[str, Any]) -> None:
    posts = {call for call in table() if call.startswith("POST ")}

    assert posts == {*described.BODIES, described.TOKEN_ROUTE}
    assert set(described.GIVEN) | described.KEYED | described.CREATING <= set(table())
    named = set(document["components"]["schemas"])
    spoken_of = set()
    for part in json.dumps(document).split('"#/components/schemas/')[1:]:
        spoken_of.add(part.partition('"')[0])
    assert spoken_of <= named


def calling(shared: Services, operation: Operation, examples: int) -> None:
    """Send what the description of an operation allows, and what it forbids; check each answer."""
    said = operation.definition.raw
    roles = [Role(role) for role in said["x-roles"]]
    headers = {}
    if roles:
        caller = replace(NURSE, role=roles[0])
        headers["Authorization"] = f"Bearer {a_token(shared, caller, roles[0])}"
    drawn = operation.as_strategy(GenerationMode.POSITIVE) | operation.as_strategy(
        GenerationMode.NEGATIVE
    )

    @given(case=drawn)
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def each(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    each()


def all_of(app: Flask) -> list[Operation]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    found = list(schema.get_all_operations())
    assert all(isinstance(one, Ok) for one in found)
    return [one.ok() for one in found if isinstance(one, Ok)]


def test_nothing_that_is_sent_is_answered_otherwise_than_described(
    app: Flask, shared: Services
) -> None:
    for operation in all_of(app):
        calling(shared, operation, FEW)


@pytest.mark.long
def test_nothing_of_much_that_is_sent_is_answered_otherwise_than_described(
    app: Flask, shared: Services
) -> None:
    for operation in all_of(app):
        calling(shared, operation, MANY)

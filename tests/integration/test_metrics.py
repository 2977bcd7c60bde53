"""The figures of a monitoring system: true, on the loopback, and about nobody."""

import json
import socket
import urllib.request
from collections.abc import Generator

import pytest
from brokers import NURSE, Clock
from callers import PACKS, a_caller
from fronts import free_port
from gateways import gateway
from homes import Prepared
from packs import pack_bytes
from prometheus_client import generate_latest

from broker.api.admission import Admission
from broker.app import metrics_of
from broker.condition import Condition
from broker.domain.errors import StoreUnavailableError
from broker.metrics import Metrics
from broker.wiring import Services

CANARY = "Zzcanary"


@pytest.fixture(scope="module", name="services")
def _services(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Services]:
    made = prepared_on_sqlite.copied(tmp_path_factory.mktemp("metrics") / "home", Clock())
    yield made
    made.close()


def fetched(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
        return str(answer.read(), "utf-8")


def test_calls_are_counted_by_route_and_nothing_in_it_is_about_anybody(services: Services) -> None:
    nurse = a_caller(services)
    metrics, port = metrics_of(nurse.client.application), free_port()
    submission = nurse.submit(pack_bytes(again=f"{CANARY} asked for it."))
    reference = json.loads(submission.get_data())["reference"]
    nurse.get(f"{PACKS}/{reference}")
    nurse.get(f"/{CANARY}?{CANARY}={CANARY}")
    nurse.client.open(PACKS, method=CANARY.upper())

    metrics.serve(port)
    told = fetched(port)

    submitted = 'broker_answers_total{method="POST",route="/api/v1/disclosures",status="201"} 1.0'
    assert submitted in told.splitlines()
    assert "broker_steps 1.0" in told.splitlines()
    assert "broker_refused_total 0.0" in told.splitlines()
    for word in (CANARY.casefold(), reference.casefold(), NURSE.id, NURSE.agency):
        assert word not in told.casefold()


def test_they_are_given_on_the_loopback_alone(services: Services) -> None:
    metrics, port = metrics_of(gateway(services)), free_port()
    metrics.serve(port)

    with socket.socket() as elsewhere:
        # Another address of this host is another's to take, so nobody listens there.
        elsewhere.bind(("127.0.0.2", port))
    with pytest.raises(OSError, match="in use"):
        metrics.serve(port)


def test_without_a_database_they_say_that_it_is_not_ready() -> None:
    def away() -> Condition:
        raise StoreUnavailableError("away")

    told = generate_latest(Metrics(away, Admission(1)).registry).decode()

    assert "broker_ready 0.0" in told.splitlines()
    assert "broker_steps" not in told

"""Overload and silence: who cannot be served is told so at once, and nobody waits without end."""

import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path

import pytest
from brokers import NURSE, Clock
from callers import PACKS, Caller, a_caller, refusal_of
from flask import Flask
from gateways import gateway
from homes import Prepared
from packs import pack_bytes

from broker.api import admission
from broker.api.admission import Admission, places
from broker.server import ANSWER_SECONDS
from broker.storage.file_lock import turn
from broker.wiring import Services

AT_MOST = 3.5
"""Seconds until whoever asks is answered, whatever is silent."""


@pytest.fixture(scope="module", name="hurried")
def _hurried(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Services]:
    """A broker that waits for its turn as long as one that serves does."""
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("hurried") / "home", Clock())
    services.transaction.database.patience = ANSWER_SECONDS
    yield services
    services.close()


@pytest.fixture(scope="module", name="caller")
def _caller(hurried: Services) -> Caller:
    return a_caller(hurried, NURSE)


def places_of(app: Flask) -> Admission:
    with app.app_context():
        return admission.admission()


def test_whoever_comes_beyond_the_places_is_told_when_to_come_again(hurried: Services) -> None:
    app = gateway(hurried)
    client, taken = app.test_client(), places_of(app)
    for _ in range(places(hurried.settings.threads)):
        taken.enter()

    answer = client.get(PACKS)
    page = client.get("/referrals", headers={"Accept": "text/html"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert refusal_of(answer).slug == "overloaded"
    assert page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "999" in page.get_data(as_text=True)
    assert taken.refused == 2
    # What must be answered whatever the load: the numbers to ring, and how the gateway is.
    assert client.get("/now").status_code == HTTPStatus.OK
    assert client.get("/healthz").status_code == HTTPStatus.OK

    taken.leave()
    assert client.get(PACKS).status_code == HTTPStatus.UNAUTHORIZED
    assert client.get(PACKS).status_code == HTTPStatus.UNAUTHORIZED


def test_a_place_is_given_back_whatever_became_of_the_call(hurried: Services) -> None:
    app = gateway(hurried)
    client, taken = app.test_client(), places_of(app)

    for path in ("/nowhere", "/healthz", "/start", PACKS):
        client.get(path)

    assert taken.taken == 0


def test_a_turn_that_never_comes_ends_as_503_and_heals_by_itself(
    hurried: Services, caller: Caller
) -> None:
    path = hurried.transaction.database.path
    assert path is not None
    lock = Path(f"{path}.lock")
    took = []

    def submit(number: int) -> tuple[int, str | None]:
        began = time.monotonic()
        mine = Caller(client=caller.client.application.test_client(), token=caller.token)
        answer = mine.submit(pack_bytes(again=f"Sent by {number}."), key=f"key-{number:08}")
        took.append(time.monotonic() - began)
        return answer.status_code, answer.headers.get("Retry-After")

    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with turn(lock, 10):
            held.set()
            over.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        with ThreadPoolExecutor(4) as callers:
            answers = set(callers.map(submit, range(4)))
    finally:
        over.set()
        holder.join()

    assert answers == {(503, "30")}
    assert max(took) <= AT_MOST
    assert submit(9)[0] == HTTPStatus.CREATED

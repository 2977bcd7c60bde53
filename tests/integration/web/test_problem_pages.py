"""An error is a page that says what to do where a page was asked for, else a problem document."""

from collections.abc import Callable
from functools import cache
from http import HTTPStatus

import pytest
from flask import Flask
from gateways import gateway
from markup import page_client
from werkzeug.exceptions import HTTPException, TooManyRequests

from broker.app import create_app, routed
from broker.domain.errors import (
    BrokerError,
    NotAllowedError,
    StoreUnavailableError,
    WrongStateError,
)
from broker.web import access
from broker.web.problems import ADVICE
from broker.web.views.public import public
from broker.wiring import Services
from keys import KeyManagementError


def failing_with(services: Services, error: Exception) -> Flask:
    """Return an application with one page that raises an error."""
    RAISED[:] = [error]
    return gateway(services, of=with_a_failing_page())


RAISED: list[Exception] = []


@cache
def with_a_failing_page() -> Flask:
    app = routed()

    @access.public
    def fail() -> str:
        raise RAISED[0]

    app.add_url_rule("/failing", view_func=fail, endpoint=f"{public.name}.failing")
    return app


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 413, 415, 422, 429, 500, 503])
def test_a_status_has_a_page_that_says_what_to_do(sqlite_broker: Services, status: int) -> None:
    class Refused(HTTPException):
        code = status

    answer = page_client(failing_with(sqlite_broker, Refused())).get("/failing")

    advice = ADVICE[HTTPStatus(status)]
    assert answer.status_code == status
    assert f">{advice.title}</h1>" in answer.text
    assert all(sentence in answer.text for sentence in advice.sentences)
    assert "/channels" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(NotAllowedError("Ask the person whose task it is."), 403, id="not theirs"),
        pytest.param(WrongStateError("It was sent already."), 409, id="not at this step"),
    ],
)
def test_an_error_for_people_says_its_own_words(
    sqlite_broker: Services, error: BrokerError, status: int
) -> None:
    answer = page_client(failing_with(sqlite_broker, error)).get("/failing")

    assert answer.status_code == status
    assert str(error) in answer.text


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(StoreUnavailableError("/var/lib/zzcanary is locked"), id="the database"),
        pytest.param(KeyManagementError("zzcanary"), id="the keys"),
        pytest.param(RuntimeError("zzcanary"), id="what nobody foresaw"),
    ],
)
def test_an_error_of_ours_tells_nothing_of_itself(
    sqlite_broker: Services, error: Exception
) -> None:
    answer = page_client(failing_with(sqlite_broker, error)).get("/failing")

    assert answer.status_code >= 500
    assert "zzcanary" not in answer.text


def test_when_to_come_back_is_passed_on(sqlite_broker: Services) -> None:
    answer = page_client(failing_with(sqlite_broker, TooManyRequests(retry_after=900))).get(
        "/failing"
    )

    assert answer.headers["Retry-After"] == "900"


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/nowhere", "text/html", "text/html"),
        ("/nowhere", "application/json", "application/problem+json"),
        ("/nowhere", "*/*", "application/problem+json"),
        ("/api/v1/nowhere", "text/html", "application/problem+json"),
        ("/ledger/tile/nowhere", "text/html", "application/problem+json"),
        ("/api/v1/disclosures", "text/html", "application/problem+json"),
        ("/assets/nowhere.css", "*/*", "text/html"),
    ],
)
def test_what_is_not_there_is_answered_as_it_was_asked_for(
    sqlite_broker: Services, path: str, accept: str, kind: str
) -> None:
    answer = page_client(gateway(sqlite_broker)).get(path, headers={"Accept": accept})

    assert answer.mimetype == kind


def test_a_page_that_says_nothing_of_who_may_see_it_is_closed(sqlite_broker: Services) -> None:
    app = create_app(sqlite_broker)
    view: Callable[[], str] = lambda: "open"  # noqa: E731  # a view that nothing declares
    app.add_url_rule("/forgotten", view_func=view, endpoint=f"{public.name}.forgotten")

    answer = page_client(app).get("/forgotten")

    assert answer.status_code == 403
    assert "open</" not in answer.text


def test_a_page_is_not_shown_under_a_strangers_name(sqlite_broker: Services) -> None:
    answer = page_client(gateway(sqlite_broker)).get(
        "/start", headers={"Host": "stranger.invalid"}
    )

    assert answer.status_code == 421

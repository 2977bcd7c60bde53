"""Every route says who may call it, and answers nothing but its own methods."""

import pytest
from flask import Flask

from broker.api import access
from broker.app import create_app
from broker.domain.roles import Role
from broker.web import access as page_access
from broker.web.access import PUBLIC, Door
from broker.wiring import Services

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND")
GUARDIANS = frozenset({Role.GUARDIAN})
PRACTITIONERS = frozenset({Role.PRACTITIONER})
READERS = frozenset(access.LEDGER_READERS)
ANYBODY: frozenset[Role] = frozenset()

WHO_MAY: dict[str, frozenset[Role] | None] = {
    "GET /api/v1/disclosures": PRACTITIONERS,
    "GET /api/v1/disclosures/<reference>": PRACTITIONERS,
    "GET /api/v1/disclosures/<reference>/questions": PRACTITIONERS,
    "GET /api/v1/ledger/checkpoint": READERS,
    "GET /api/v1/ledger/entries": READERS,
    "GET /api/v1/reviews": GUARDIANS,
    "GET /api/v1/reviews/<reference>": GUARDIANS,
    "GET /api/v1/reviews/<reference>/readings": GUARDIANS,
    "GET /healthz": ANYBODY,
    "GET /readyz": ANYBODY,
    "GET /ledger/checkpoint": READERS,
    "GET /ledger/log.vkey": READERS,
    "GET /ledger/tile/<path:path>": READERS,
    "POST /api/v1/disclosures": PRACTITIONERS,
    "POST /api/v1/disclosures/<reference>/acknowledgement": PRACTITIONERS,
    "POST /api/v1/disclosures/<reference>/duties/<duty>": PRACTITIONERS,
    "POST /api/v1/disclosures/<reference>/handover": PRACTITIONERS,
    "POST /api/v1/disclosures/<reference>/recall": PRACTITIONERS | GUARDIANS,
    "POST /api/v1/disclosures/<reference>/reply": PRACTITIONERS,
    "POST /api/v1/judgements": PRACTITIONERS,
    "POST /api/v1/reviews/<reference>/decision": GUARDIANS,
    "POST /api/v1/reviews/<reference>/opinion": GUARDIANS,
    "POST /api/v1/reviews/<reference>/question": GUARDIANS,
}
"""The whole table, a new route needs a row here."""

PAGES: dict[str, Door] = {
    "GET /": PUBLIC,
    "GET /accessibility": PUBLIC,
    "GET /assets/<path:path>": PUBLIC,
    "GET /channels": PUBLIC,
    "GET /cookies": PUBLIC,
    "GET /help": PUBLIC,
    "GET /hidden": PUBLIC,
    "GET /now": PUBLIC,
    "GET /privacy": PUBLIC,
    "GET /start": PUBLIC,
}
"""The same for pages: what each asks for before it opens."""


@pytest.fixture(name="app")
def _app(sqlite_broker: Services) -> Flask:
    return create_app(sqlite_broker)


def methods_by_path(app: Flask) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule.rule, set()).update(rule.methods or set())
    return found


def test_every_route_declares_who_may_call_it(app: Flask) -> None:
    views = {
        f"{method} {rule.rule}": app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
    }
    doors = {route: page_access.declared(view) for route, view in views.items()}

    assert {route: door for route, door in doors.items() if door is not None} == PAGES
    assert {
        route: access.declared(view) for route, view in views.items() if doors[route] is None
    } == WHO_MAY


def test_a_route_that_declares_nobody_is_closed_to_everybody(app: Flask) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "open", endpoint="forgotten")

    assert app.test_client().get("/forgotten").status_code == 403


def test_an_undeclared_method_is_refused_on_every_route(app: Flask) -> None:
    client = app.test_client()
    for path, own in methods_by_path(app).items():
        url = path.replace("<reference>", "PRV-0000-0000")
        for method in set(METHODS) - own:
            answer = client.open(url, method=method, headers={"Content-Length": "0"})
            assert (method, path, answer.status_code) == (method, path, 405)
            assert answer.content_type == "application/problem+json"
            assert {word.strip() for word in answer.headers["Allow"].split(",")} == own

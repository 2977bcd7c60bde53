"""Every route says who may call it, and answers nothing but its own methods."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import commands
from flask import Flask
from gateways import gateway
from werkzeug.routing import Map, Rule

from broker.access.table import Row, page, pages, table
from broker.app import create_app, routed
from broker.cli import broker as program
from broker.web import access as page_access
from broker.web.access import PUBLIC, SIGNED_IN, Door
from broker.wiring import Services

ROOT = Path(__file__).parents[2]
ACCESS = ROOT / "broker" / "access"
TABLES = ("who_may.toml", "pages.toml")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND")


@pytest.fixture(name="app")
def _app(sqlite_broker: Services) -> Flask:
    return gateway(sqlite_broker)


def methods_by_path(app: Flask) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule.rule, set()).update(rule.methods or set())
    return found


def door_of(row: Row) -> Door:
    """What a page asks for that has this row."""
    if row.freely is not None:
        return PUBLIC
    return Door(session=True, roles=row.roles) if row.roles else SIGNED_IN


def test_every_route_has_a_row_in_the_table_and_every_row_a_route(app: Flask) -> None:
    views = {
        f"{method} {rule.rule}": app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
    }
    doors = {route: page_access.declared(view) for route, view in views.items()}

    assert {call for call in table() if not call.startswith("broker ")} == {
        route for route, door in doors.items() if door is None
    }
    assert {route: door for route, door in doors.items() if door is not None} == {
        call: door_of(row) for call, row in pages().items()
    }


def test_every_command_has_a_row_in_the_table_and_every_row_a_command() -> None:
    assert {call for call in table() if call.startswith("broker ")} == set(commands(program))


def test_the_page_of_who_may_do_what_is_the_table() -> None:
    assert (ROOT / "docs" / "access.md").read_text(encoding="utf-8") == page()


def cells() -> Iterator[tuple[str, ...]]:
    """The roles and groups that each cell of the table names."""
    said = [tomllib.loads((ACCESS / name).read_text("utf-8")) for name in TABLES]
    rows = [row for name, row in said[0].items() if name != "groups"] + said[1]["pages"]
    for row in rows:
        yield from (tuple(row[cell]) for cell in ("may", "own", "body", "other") if cell in row)


def test_a_group_of_roles_is_written_out_once_and_has_a_name_where_it_recurs() -> None:
    groups = tomllib.loads((ACCESS / TABLES[0]).read_text("utf-8"))["groups"]
    written = Counter(frozenset(cell) for cell in cells() if not set(cell) & set(groups))
    used = {word for words in (*cells(), *groups.values()) for word in words}

    assert [sorted(one) for one, times in written.items() if times > 1 and len(one) > 2] == []
    assert set(groups) <= used


def test_a_route_without_a_row_is_closed_to_everybody(sqlite_broker: Services) -> None:
    app = create_app(sqlite_broker)
    app.add_url_rule("/forgotten", view_func=lambda: "open", endpoint="forgotten")

    assert app.test_client().get("/forgotten").status_code == 403


@pytest.mark.parametrize("share", [pytest.param(1, marks=pytest.mark.long), 4])
def test_an_undeclared_method_is_refused_on_every_route(app: Flask, share: int) -> None:
    """Each method that a route lacks, or of four routes one after the other each another."""
    client = app.test_client()
    for turn, (path, own) in enumerate(methods_by_path(app).items()):
        url = path.replace("<reference>", "PRV-0000-0000")
        url = url.replace("<int:number>", "0").replace("<int:page>", "0")
        url = url.replace("<any(cy):language>", "cy")
        lacking = [method for method in METHODS if method not in own]
        for method in lacking[turn % share :: share]:
            answer = client.open(url, method=method, headers={"Content-Length": "0"})
            assert (method, path, answer.status_code) == (method, path, 405)
            assert answer.content_type == "application/problem+json"
            assert {word.strip() for word in answer.headers["Allow"].split(",")} == own


def test_a_gateway_that_is_made_has_compiled_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Rule, "_get_func_code", refused)

    with pytest.raises(AssertionError):
        Map([Rule("/")])
    assert any(routed().url_map.iter_rules())


def test_every_route_builds_the_address_that_werkzeug_builds(app: Flask) -> None:
    beside = Map(converters=app.url_map.converters, merge_slashes=False)
    for rule in app.url_map.iter_rules():
        same = Rule(rule.rule, endpoint=rule.endpoint, defaults=rule.defaults)
        beside.add(same)
        values: dict[str, object] = {"route": "a b"}
        values |= dict.fromkeys(rule.arguments, "cy")
        values |= {name: 7 for name in rule.arguments if f"<int:{name}>" in rule.rule}
        for more in (True, False):
            built = rule.build(values, append_unknown=more)
            assert built == same.build(values, append_unknown=more) is not None

"""The page about the API names what the API has."""

import re
from pathlib import Path

import pytest
from gateways import gateway

from broker.access.table import who_may
from broker.domain.problems import PROBLEMS
from broker.domain.states import State
from broker.web import access as page_access
from broker.wiring import Services

ROOT = Path(__file__).parents[2]


@pytest.fixture(name="page")
def _page() -> str:
    return (ROOT / "docs/api.md").read_text(encoding="utf-8")


def in_words(call: str) -> str:
    return ", ".join(sorted(role.value for role in who_may(call).roles)) or "anybody"


def test_every_route_stands_there_with_its_roles(page: str, sqlite_broker: Services) -> None:
    app = gateway(sqlite_broker)
    pages = {view for view in app.view_functions.values() if page_access.declared(view)}

    described = re.findall(r"^\| `([A-Z]+) ([^`]+)` \| ([^|]+) \|", page, re.MULTILINE)

    assert set(described) == {
        (method, rule.rule, in_words(f"{method} {rule.rule}"))
        for rule in app.url_map.iter_rules()
        if app.view_functions[rule.endpoint] not in pages
        for method in (rule.methods or set()) - {"HEAD"}
    }


def test_every_problem_stands_there_with_its_status(page: str) -> None:
    described = re.findall(r"^\| `([a-z-]+)` \| ([0-9]{3}) \|", page, re.MULTILINE)

    assert set(described) == {
        (problem.slug, str(problem.status.value)) for problem in PROBLEMS.values()
    }


def test_every_state_stands_there(page: str) -> None:
    row = next(line for line in page.splitlines() if line.startswith("| `state` |"))

    assert re.findall(r"`([a-z]+)`", row)[1:] == [state.value for state in State]

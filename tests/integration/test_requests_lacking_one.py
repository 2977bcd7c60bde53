"""Requests that each lack one element: refused before they leave, the element named, then right.

Every name of a whole request is left out in turn, and every text left blank.
"""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from brokers import Clock
from callers import Caller, a_caller
from homes import Prepared
from partner_requests import CHAIR, OFFICER, SCHOOL_LEAD, a_request, put
from people import entered

from broker.wiring import Services
from keys import PersonId

Path = tuple[str | int, ...]

FILLED_IN = {("questions", "purpose"), ("questions", "recipient", "needs_it_for_role")}
"""What the broker answers itself where a request does not."""

MAY_BE_BLANK = {
    ("questions", "check", "reason"),
    ("questions", "duty", "reason"),
    ("questions", "public_interest", "reason"),
    ("questions", "victim_request", "reason_not_told"),
}
"""Reasons that this request has no need of."""


@pytest.fixture(name="services")
def _services(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Services]:
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("lacking") / "home", Clock())
    entered(services, "Char Specimen", CHAIR.role, agency=CHAIR.agency, id_=PersonId("p-chair"))
    yield services
    services.close()


NAMED_BY_THE_RULES = {
    "form.individual.name": "a name",
    "form.individual.date_of_birth": "a birthday or an address",
}
"""What the rules ask for in words: enough to find one person by, and no more."""


def leaves(value: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every name of a document whose value holds no names of its own."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*at, name))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*at, index))
    else:
        yield at, value


def spelled(path: Path) -> str:
    """Return a place as a problem document spells it."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def spoiled(path: Path, blank: str | None = None) -> dict[str, Any]:
    """Return a request without one element, or with it blank."""
    request = copy.deepcopy(a_request())
    inner: Any = request
    for step in path[:-1]:
        inner = inner[step]
    if blank is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = blank
    return request


def scripted() -> dict[str, dict[str, Any]]:
    """Return requests that each lack one element, by the place of what is lacking."""
    lacking = {
        spelled(path): spoiled(path) for path, _ in leaves(a_request()) if path not in FILLED_IN
    }
    blank = {
        f"{spelled(path)}, blank": spoiled(path, " ")
        for path, value in leaves(a_request())
        if isinstance(value, str) and " " in value and path not in MAY_BE_BLANK
    }
    return {**lacking, **blank}


def faults(caller: Caller, body: dict[str, Any]) -> list[dict[str, str]]:
    answer = put(caller, body)
    found: list[dict[str, str]] = (answer.get_json() or {}).get("faults", [])
    assert answer.status_code == 422, (answer.status_code, answer.text)
    return found


def test_each_is_refused_before_it_leaves_names_what_is_lacking_and_is_then_right(
    services: Services,
) -> None:
    officer, school = (a_caller(services, one, one.role) for one in (OFFICER, SCHOOL_LEAD))
    cases = scripted()
    with services.transaction() as tx:
        before = tx.ledger.head().size

    named = {
        what: {fault["place"] for fault in faults(officer, body)}
        for what, body in cases.items()
        if what not in NAMED_BY_THE_RULES
    }

    assert len(named) >= 60
    unnamed = {
        what: found for what, found in named.items() if found != {what.removesuffix(", blank")}
    }
    assert unnamed == {}
    with services.transaction() as tx:
        assert tx.ledger.head().size == before
    assert school.get("/api/v1/requests").get_json()["to_answer"] == []
    # With what was named put back it goes: each was one element away from it.
    assert put(officer, a_request()).status_code == 201


@pytest.mark.parametrize(("what", "words"), NAMED_BY_THE_RULES.items())
def test_without_enough_to_find_one_person_by_the_rules_say_what_is_missing(
    services: Services, what: str, words: str
) -> None:
    officer, school = (a_caller(services, one, one.role) for one in (OFFICER, SCHOOL_LEAD))

    said = {fault["problem"] for fault in faults(officer, scripted()[what])}

    assert said == {f"Offer what is missing, from the fields that may go: {words}."}
    assert school.get("/api/v1/requests").get_json()["to_answer"] == []
    assert put(officer, a_request()).status_code == 201

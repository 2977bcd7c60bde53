"""A request on the command line, by each of its commands, from its question to its end."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_callers import Commands
from homes import Prepared
from panels import CORA, DOT, PAT, TIM, a_panel
from partner_requests import SCHOOL, a_request, an_answer
from people import entered

from broker.domain.model import Person
from broker.domain.roles import Role
from broker.domain.times import uk_day
from keys import PersonId

WHY_SO_SOON = "The meeting is tomorrow."
AWAY = "The tutor is away until then."
COLLEAGUE = PersonId("p-col")


@pytest.fixture(name="request_", scope="module")
def _request(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Commands]:
    panel = a_panel(prepared_on_sqlite, tmp_path_factory.mktemp("requests") / "home")
    panel.clock.now = datetime.now(UTC)  # a command reads the clock of the machine
    entered(panel.services, "Col Specimen", agency=SCHOOL, id_=COLLEAGUE)
    yield Commands(panel.services, "request")
    panel.services.close()


def written(folder: Path, document: dict[str, Any]) -> str:
    """Where a document lies that a command reads."""
    path = folder / "document.json"
    path.write_text(json.dumps(document))
    return str(path)


def tomorrow() -> date:
    return uk_day(datetime.now(UTC)) + timedelta(days=1)


def a_near_request() -> dict[str, Any]:
    near = {"on": tomorrow().isoformat(), "why": WHY_SO_SOON}
    return a_request(deadline={**near, "set_by": CORA.id, "function": "chair"})


def copy_in(told: dict[str, Any], name: str) -> dict[str, Any]:
    """Where a copy stands after a command, which tells of every copy that is somebody's to see."""
    return next(one for one in told["copies"] if one["copy"] == name)


def state(told: dict[str, Any], name: str) -> str:
    return str(copy_in(told, name)["state"])


def test_a_request_goes_its_whole_way_by_commands(request_: Commands, tmp_path: Path) -> None:
    document = written(tmp_path, a_near_request())
    assert "Nothing is missing and nothing was sent." in request_.words(PAT, "new", document)
    reference = request_.told(PAT, "issue", document)["reference"]
    assert request_.told(PAT, "issue", document)["reference"] == reference
    first, second = (f"{reference}.{number}" for number in (1, 2))

    assert f"To answer: {first}" in request_.words(DOT, "list")
    shown = request_.words(DOT, "show", first)
    assert f"why so soon {WHY_SO_SOON}" in shown
    assert "Tam Specimen" in shown
    assert state(request_.told(DOT, "take", first), first) == "opened"
    later = tomorrow() + timedelta(days=7)
    request_.told(DOT, "extend", first, "--until", str(later), "--why-file", "-", typed=AWAY)
    assert f"more time {AWAY}" in request_.words(PAT, "show", first)
    granted = request_.told(CORA, "settle", first, "--grant")
    assert copy_in(granted, first)["due_on"] == later.isoformat()
    passed = request_.told(DOT, "pass", first, COLLEAGUE, "--why-file", "-", typed=AWAY)
    assert copy_in(passed, first)["owner"] == COLLEAGUE
    col = Person(id=COLLEAGUE, agency=SCHOOL, role=Role.PRACTITIONER)
    back = request_.told(col, "pass", first, DOT.id, "--why-file", "-", typed="He knows more.")
    assert back["copies"] == []
    answered = written(tmp_path, an_answer())
    assert "they read" in request_.words(DOT, "answer", first, answered, "--preview")
    assert state(request_.told(DOT, "answer", first, answered), first) == "answered"
    assert state(request_.told(PAT, "close", first), first) == "closed"

    reason = ("--reason", "unclear", "--why-file", "-")
    returned = request_.told(TIM, "return", second, *reason, typed="Which clinic do you mean?")
    assert state(returned, second) == "returned"
    assert "sent back Which clinic do you mean?" in request_.words(PAT, "show", second)
    assert state(request_.told(PAT, "withdraw", second), second) == "withdrawn"
    assert {one["state"] for one in request_.told(PAT, "show", reference)["copies"]} == {
        "closed",
        "withdrawn",
    }

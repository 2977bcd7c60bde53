"""The table of who may do what, every cell tried by a real call.

Whoever is not said to do a thing is refused; a case that somebody is not said to reach is answered
as one that does not exist: every byte of the answer, and every statement that the database was
asked, so that no clock tells the two apart.
"""

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import click
import pytest
from brokers import NURSE, TEACHER, Clock, a_submission
from callers import Caller
from changes import a_change
from gateways import gateway
from homes import Prepared
from referrals import WEIGHED
from statements import shapes_of

from broker.access.table import Row, Standing, pages, table
from broker.access.tokens import TERMS
from broker.cli import broker as program
from broker.cli import session
from broker.domain.errors import NotAllowedError
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.web.menu import WRITERS
from broker.wiring import Services
from keys import PersonId

STANDINGS = {
    Standing.OWN: NURSE,
    Standing.BODY: replace(NURSE, id=PersonId("p-colleague")),
    Standing.OTHER: TEACHER,
}
"""Somebody who stands so to a case of the nurse's."""

ABSENT = "PRV-0000-0000"
BODIES: dict[str, dict[str, object]] = {
    "cases": {"kind": "concern"},
    "agreements": {"kind": "told", "status": "asked"},
    "links": {"other": "REFERENCE", "kind": "same-person"},
    "members": {"person": NURSE.id, "role": "practitioner"},
    "stage": {"stage": "noted"},
    "call": {"call": "another"},
    "changes": a_change(),
    "code": {"function": "designated-safeguarding-lead"},
    "close": {"end": "no-further-action"},
    "keep": {"reason": "It came up twice in one year."},
    "anew": {"preview": True},
    "resend": {"reason": "Their server was mended."},
    "sent-by-hand": {"by": "egress", "receipt": "EG-2026-04411"},
    "reply": {"reply": "They agreed on Monday."},
    "decision": {
        "verdict": "approve",
        "public_interest": WEIGHED,
        "relation": "independent",
        "reason": "The harm is near and the pack is small.",
        "principles": [1],
    },
    "advice": {"of": "ig", "question": "May this go at all?"},
    "answer": {"answer": "It may, with a reason."},
    "cover": {"deputy": "p-deputy", "first": "2026-03-20", "last": "2026-03-22"},
    "question": {"question": "Who saw it?", "relation": "independent", "principles": [1]},
    "opinion": {
        "opinion": "concur",
        "relation": "independent",
        "reason": "The harm was near.",
        "principles": [1],
    },
}
ROUTES = [row for row in table().values() if not row.call.startswith("broker ")]
COMMANDS = [row for row in table().values() if row.call.startswith("broker ") and row.roles]


@dataclass(frozen=True)
class Answered:
    """What came back but for what was asked for, and what the database was asked meanwhile."""

    status: int
    body: str
    asked: tuple[str, ...]


@dataclass(frozen=True)
class World:
    services: Services
    reference: str
    call: Callable[[Person | None, str, str], Answered]
    absent: Callable[[Role, str], Answered]


@pytest.fixture(name="world", scope="module")
def _world(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[World]:
    """A broker with one disclosure of the nurse's that nothing can be done with any more."""
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("table") / "home", Clock())
    accepted = services.disclosures.accept(a_submission(services), NURSE)
    services.afterwards.recalling.recall(accepted.reference, NURSE)
    client = gateway(services).test_client()
    asked = shapes_of(services)

    @cache
    def token_of(person: Person) -> str:
        return services.tokens.signed(person, TERMS)

    def call(person: Person | None, route: str, reference: str) -> Answered:
        token = "" if person is None else token_of(person)
        method, path = route.split(" ")
        url = path.replace("<reference>", reference).replace("<duty>", "tell-the-person")
        url = url.replace("<path:path>", "0/000.p/1").replace("<int:number>", "0")
        url = url.replace("<person>", NURSE.id).replace("<other>", reference)
        url = url.replace("<kind>", "share")
        caller = Caller(client=client, token=token)
        asked.clear()
        if method == "GET":
            answer = caller.get(url)
        else:
            body = json.dumps(BODIES.get(url.rpartition("/")[2], {}))
            body = body.replace("REFERENCE", reference)
            answer = caller.post(url, body.encode(), **{"Idempotency-Key": "table-key-0001"})
        # Alike is every byte but the reference that was asked for and the number of the request.
        body = answer.get_data().decode(errors="replace").replace(reference, "REFERENCE")
        body = body.replace(answer.headers["X-Request-Id"], "REQUEST")
        return Answered(answer.status_code, body, tuple(asked))

    @cache
    def absent(role: Role, route: str) -> Answered:
        # What is asked once in the life of a gateway is asked by the first of the two.
        call(replace(NURSE, role=role), route, ABSENT)
        return call(replace(NURSE, role=role), route, ABSENT)

    # One look into the keystore after another, for some thousand calls that change nothing in it.
    with services.keystore.session():
        yield World(services=services, reference=str(accepted.reference), call=call, absent=absent)
    services.close()


@pytest.mark.parametrize("row", [pytest.param(row, id=row.call) for row in ROUTES])
def test_a_route_lets_in_whom_the_table_says_and_nobody_else(world: World, row: Row) -> None:
    without = world.call(None, row.call, world.reference).status
    assert (without == 401) is (row.freely is None)

    if row.freely is None:
        for role in Role:
            status = world.call(replace(NURSE, role=role), row.call, world.reference).status
            assert (role, status == 403) == (role, role not in row.roles)


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=row.call) for row in ROUTES if row.is_about_a_case]
)
@pytest.mark.parametrize("standing", list(Standing))
def test_a_case_is_hidden_from_whom_the_table_does_not_say_like_one_that_is_absent(
    world: World, row: Row, standing: Standing
) -> None:
    for role in row.roles:
        person = replace(STANDINGS[standing], role=role)
        absent = world.absent(role, row.call)

        found = world.call(person, row.call, world.reference)

        assert absent.status == 404
        assert (role, found == absent) == (role, role not in row.by_standing[standing])


@contextmanager
def as_command(call: str) -> Generator[None]:
    """Stand where the program stands when it runs a command."""
    names = call.split(" ")
    context = click.Context(program, info_name="broker")
    for name in names[1:]:
        context = click.Context(click.Command(name), parent=context, info_name=name)
    with context:
        yield


@pytest.mark.parametrize("row", [pytest.param(row, id=row.call) for row in COMMANDS])
def test_a_command_lets_in_whom_the_table_says_and_nobody_else(
    world: World, row: Row, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    let_in: set[Role] = set()
    for role in Role:
        token.write_text(world.services.tokens.signed(replace(NURSE, role=role), TERMS))
        token.chmod(0o600)
        with as_command(row.call):
            try:
                let_in.add(session.bearer(world.services, token).role)
            except NotAllowedError:
                continue

    assert let_in == row.roles


WRITING = {
    "broker refer": {"POST /api/v1/disclosures", "POST /referrals/new"},
    "broker status": {"GET /api/v1/disclosures/<reference>", "GET /referrals/<reference>"},
    "broker handover": {
        "POST /api/v1/disclosures/<reference>/handover",
        "POST /referrals/<reference>/words",
    },
    "broker done": {
        "POST /api/v1/disclosures/<reference>/duties/<duty>",
        "POST /referrals/<reference>/duties/<duty>",
    },
    "broker reply": {
        "POST /api/v1/disclosures/<reference>/reply",
        "POST /referrals/<reference>/reply",
    },
    "broker agreement show": {
        "GET /api/v1/cases/<reference>/agreements",
        "GET /referrals/<reference>/agreement",
    },
    "broker agreement set": {
        "POST /api/v1/cases/<reference>/agreements",
        "POST /referrals/<reference>/agreement/<kind>",
    },
    "broker agreement withdraw": {
        "POST /api/v1/cases/<reference>/agreements/<kind>/withdrawal",
        "POST /referrals/<reference>/agreement/<kind>",
    },
    "broker change notify": {
        "POST /api/v1/disclosures/<reference>/changes",
        "POST /referrals/<reference>/changed",
    },
}


@pytest.mark.parametrize("command", list(WRITING))
def test_whoever_may_write_may_on_every_way(command: str) -> None:
    rows = {**table(), **pages()}

    assert {frozenset(rows[way].roles) for way in (command, *WRITING[command])} == {
        frozenset(WRITERS)
    }

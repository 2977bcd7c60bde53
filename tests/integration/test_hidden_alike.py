"""What is not somebody's is answered as what does not exist, and asks the database the same.

Of every route that takes a reference and is about no one case of the caller's: requests and their
copies, meetings, concerns, notices, what was received. Those about a case: test_access_table.py.
"""

import json
from collections.abc import Callable, Generator
from dataclasses import dataclass

import pytest
from brokers import NOON, Clock
from callers import Caller
from concerns import a_team, begun, put_to
from gateways import gateway
from homes import Prepared
from panels import COUNCIL, panel_of
from partner_requests import NIL, SCHOOL, TRUST
from referrals import deliver
from statements import shapes_of

from broker.access.table import Row, table
from broker.access.tokens import TERMS
from broker.domain.model import Person
from broker.domain.references import Prefix, new_reference
from broker.domain.roles import Role
from broker.wiring import Services
from keys import PersonId

ROUTES = [
    row
    for row in table().values()
    if not row.call.startswith("broker ")
    and "<reference>" in row.call
    and not row.is_about_a_case
    and row.roles
]
PACK: dict[str, object] = {
    "pack": "panel-pack/1",
    "picks": ["1"],
    "statement": "The panel assesses it.",
    "necessity": "It cannot without.",
    "proportionality": "The harm is near.",
    "screened": "yes",
}
BODIES: dict[str, dict[str, object]] = {
    "answer": {"comes": True},
    "approval": {"seen": "0" * 32},
    "asked": {"person": "p-may", "as": "member"},
    "check": {"advice": "refer", "also": [], "reason": "He needs help from those he knows."},
    "concern": {"wrong": "late", "why": "It came when the day had passed."},
    "delegate": {"person": "p-may"},
    "extension": {"until": "2026-03-25", "why": "The tutor is away until then."},
    "from": {"identifiers": {"individual.name": "Tam Specimen"}},
    "look-back": {
        "relation": "independent",
        "principles": [1],
        "opinion": "concur",
        "reason": "The harm was near.",
    },
    "note": {"person": "p-may", "attends": "coming"},
    "pack": PACK,
    "pack-judgement": PACK,
    "passing": {"to": "p-dot", "why": "She knows him best of us all."},
    "regional-notices": {"kind": "panel-referral", "told": True},
    "return": {"reason": "unclear", "why": "It does not say which days."},
    "settlement": {"granted": True},
}
SECOND_ANSWER = "/copies/<int:number>/answer"


@dataclass(frozen=True)
class Answered:
    """What came back but for what was asked for, and what the database was asked meanwhile."""

    status: int
    body: str
    asked: tuple[str, ...]


@dataclass(frozen=True)
class World:
    references: dict[Prefix, str]
    call: Callable[[Person, str, str], Answered]


@pytest.fixture(name="world", scope="module")
def _world(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[World]:
    """A concern of the trust's, a request and a meeting of the council's, and what was sent."""
    clock = Clock(NOON)
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("hidden") / "home", clock)
    panel, team = panel_of(services, clock), a_team(services)
    references = {
        Prefix.CONCERN: put_to(services, begun(services, team).row.id, team).reference,
        Prefix.MEETING: panel.called().reference,
        Prefix.DISCLOSURE: deliver(services, "key-00000009"),
    }
    said = {prefix: str(reference) for prefix, reference in references.items()}
    said[Prefix.REQUEST] = request_in(services)
    client, asked = gateway(services).test_client(), shapes_of(services)

    def call(person: Person, route: str, reference: str) -> Answered:
        method, path = route.split(" ")
        url = path.replace("<reference>", reference).replace("<int:number>", "1")
        caller = Caller(client=client, token=services.tokens.signed(person, TERMS))
        asked.clear()
        if method == "GET":
            answer = caller.get(url)
        else:
            parts = route.replace("/<reference>", "").rpartition("/")
            body = NIL if route.endswith(SECOND_ANSWER) else BODIES.get(parts[2], {})
            answer = caller.post(url, json.dumps(body).encode(), **{"Idempotency-Key": "key-0001"})
        said = answer.get_data(as_text=True).replace(reference, "REFERENCE")
        said = said.replace(answer.headers["X-Request-Id"], "REQUEST")
        return Answered(answer.status_code, said, tuple(asked))

    yield World(references=said, call=call)
    services.close()


def request_in(services: Services) -> str:
    with services.transaction() as tx:
        found = [entry.reference for entry in tx.ledger.entries()]
    return next(one for one in found if one is not None and one.startswith(Prefix.REQUEST))


def kind_of(row: Row) -> Prefix:
    """Return what a route is about."""
    kinds = {
        "/requests/": Prefix.REQUEST,
        "/meetings/": Prefix.MEETING,
        "/concerns/": Prefix.CONCERN,
    }
    return next(
        (kind for part, kind in kinds.items() if f"/api/v1{part}" in row.call), Prefix.DISCLOSURE
    )


@pytest.mark.parametrize("row", [pytest.param(row, id=row.call) for row in ROUTES])
@pytest.mark.parametrize(
    "most", [pytest.param(1, id="one role"), pytest.param(None, marks=pytest.mark.long)]
)
def test_what_is_hidden_is_asked_for_like_what_is_absent(
    world: World, row: Row, most: int | None
) -> None:
    kind = kind_of(row)
    for role in sorted(row.roles - {Role.CLIENT}, reverse=True)[:most]:
        for body in (TRUST, SCHOOL, COUNCIL):
            stranger = Person(id=PersonId("p-stranger"), agency=body, role=role)
            # What is asked once in the life of a gateway is asked by the first of the two.
            world.call(stranger, row.call, str(new_reference(prefix=kind)))
            absent = world.call(stranger, row.call, str(new_reference(prefix=kind)))

            found = world.call(stranger, row.call, world.references[kind])

            assert absent.status == 404, absent.body
            if (found.status, found.body) == (absent.status, absent.body):
                assert (role, body, found.asked) == (role, body, absent.asked)

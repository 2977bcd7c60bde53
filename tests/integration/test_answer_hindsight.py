"""A Guardian looks back at answers to partners that share nothing: a nil and a no, by chance."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from brokers import Clock
from callers import REVIEWS, Caller, a_caller
from forks import Call, called
from gateways import gateway
from homes import Prepared
from markup import page_client
from packs import EXAMPLES
from partner_requests import (
    NIL,
    OFFICER,
    REQUESTS,
    SCHOOL,
    TRUST_LEAD,
    a_request,
    an_answer,
    put,
)
from people import with_guardian
from referrals import GUARDIAN
from sqlalchemy import delete
from visits import Visit, cheap

from broker.access.tokens import TERMS
from broker.cli import main
from broker.domain import obligations
from broker.domain.obligations import is_sampled
from broker.domain.partner_requests.copies import CopyName
from broker.storage import tables
from broker.wiring import Services

REASON = "They looked where it would be, and hold nothing."
CONCUR: dict[str, Any] = {
    "opinion": "concur",
    "reason": REASON,
    "relation": "independent",
    "principles": [7],
}


@dataclass
class World:
    """A trust that is asked, its lead and its Guardian."""

    services: Services
    clock: Clock
    officer: Caller
    lead: Caller
    guardian: Caller

    def answered(self, child: str, answer: dict[str, Any] = NIL) -> str:
        """A copy that the trust has answered."""
        reference = put(self.officer, a_request(child)).get_json()["reference"]
        told = self.lead.post(f"{REQUESTS}/{reference}/copies/2/answer", answer)
        assert told.status_code == 200, told.text
        return f"{reference}.2"

    def listed(self) -> list[str]:
        """The copies on the Guardian's list."""
        found = self.guardian.get(REVIEWS).get_json()["answers"]
        return [str(one["copy"]) for one in found]


@pytest.fixture(name="world")
def _world(prepared_on_sqlite: Prepared, tmp_path: Path) -> Iterator[World]:
    clock = Clock()
    services = prepared_on_sqlite.copied(tmp_path / "home", clock)
    people = (OFFICER, TRUST_LEAD, GUARDIAN)
    yield World(services, clock, *(a_caller(services, one, one.role) for one in people))
    services.close()


@dataclass
class Chance:
    """Says in the place of chance which answers are chosen."""

    patch: pytest.MonkeyPatch

    def chooses(self, *, every: bool = True) -> None:
        """Choose every answer, or none."""
        self.patch.setattr(obligations, "CHOSEN", "0123456789abcdef" if every else "")


@pytest.fixture(name="chance")
def _chance(monkeypatch: pytest.MonkeyPatch) -> Chance:
    return Chance(patch=monkeypatch)


def look_back_at(copy: str) -> str:
    reference, _, number = copy.partition(".")
    return f"{REQUESTS}/{reference}/copies/{number}/look-back"


def no_to_all(child: str) -> dict[str, Any]:
    fields = [{"field": "needs.health", "share": "no", "why": "It is her sister's record."}]
    return an_answer(child, fields=fields)


@pytest.mark.usefixtures("by_chance")
def test_chance_chooses_on_the_ledger_among_answers_that_share_nothing(world: World) -> None:
    copies = [world.answered(f"Tam Chance {number}") for number in range(5)]

    with world.services.transaction() as tx:
        said = {
            f"{entry.event['ref']}.{entry.event['copy']}": str(entry.event["words_c"])
            for copy in copies
            for entry in tx.ledger.entries_about(copy[:-2])
            if entry.type == "request.answered"
        }
    assert sorted(world.listed()) == sorted(one for one in copies if is_sampled(said[one]))


def test_a_guardian_of_the_body_that_answered_reads_it_and_says_what_they_think(
    world: World, chance: Chance
) -> None:
    chance.chooses()
    nil, no = world.answered("Tam Nil"), world.answered("Tam No", no_to_all("Tam No"))
    assert sorted(world.listed()) == sorted([nil, no])

    read = world.guardian.get(look_back_at(no)).get_json()
    done = world.guardian.post(look_back_at(no), CONCUR)

    assert read["answer"] == "declined"
    (said,) = [one for one in read["words"] if one["what"] == "answered"]
    assert said["fields"][0]["why"] == "It is her sister's record."
    assert (done.status_code, done.get_json()["opinion"]) == (200, "concur")
    assert world.guardian.post(look_back_at(no), CONCUR).status_code == 200
    assert world.listed() == [nil]
    with world.services.transaction() as tx:
        entries = [one.event for one in tx.ledger.entries_about(no[:-2])]
        question = tx.copies.copy(CopyName.read(no)).disclosure
        readings = [one.event for one in tx.about(question) if one.type == "read"]
    looked = [one for one in entries if one["type"] == "request.looked-back"]
    assert [(one["by"], one["opinion"], one["copy"]) for one in looked] == [
        (GUARDIAN.id, "concur", 2)
    ]
    assert "sister" not in json.dumps(looked)
    assert (readings[-1]["by"], readings[-1]["what"]) == (GUARDIAN.id, "questions")
    assert world.services.log.differences() == ()
    field = tables.case_field
    with world.services.transaction.database.transaction() as connection:
        connection.execute(delete(field).where(field.c.name == "answer-hindsight"))
    assert world.services.log.differences() == (f"case_field/{question}/answer-hindsight",)


def test_nobody_else_looks_back_and_nothing_else_is_looked_back_at(
    world: World, chance: Chance
) -> None:
    chance.chooses()
    copy = world.answered("Tam Else")
    school = a_caller(world.services, replace(GUARDIAN, agency=SCHOOL), GUARDIAN.role)
    own = a_caller(world.services, replace(GUARDIAN, id=TRUST_LEAD.id), GUARDIAN.role)
    assert world.lead.get(look_back_at(copy)).status_code == 403
    assert school.get(look_back_at(copy)).status_code == 404
    assert school.post(look_back_at(copy), CONCUR).status_code == 404
    refused = own.post(look_back_at(copy), CONCUR)
    assert (refused.status_code, "deputy" in refused.text) == (403, True)
    shallow = world.guardian.post(look_back_at(copy), {**CONCUR, "reason": "ok"})
    assert shallow.status_code in {403, 422}
    chance.chooses(every=False)
    assert world.listed() == []
    assert world.guardian.get(look_back_at(copy)).status_code == 409


def test_it_is_due_in_two_weeks_and_late_after_that(world: World, chance: Chance) -> None:
    chance.chooses()
    world.answered("Tam Late")
    world.clock.forward(timedelta(days=17))
    guardian = a_caller(world.services, GUARDIAN, GUARDIAN.role)

    (line,) = guardian.get(REVIEWS).get_json()["answers"]

    assert (line["due_on"], line["days_late"], line["cause"]) == ("2026-03-30", 3, "sample")


def run(world: World, *arguments: str, typed: str = "") -> tuple[int, str, str]:
    home = world.services.home.path
    token = home / "token-of-guardian"
    token.write_text(world.services.tokens.signed(GUARDIAN, TERMS))
    token.chmod(0o600)
    environment = {**os.environ, "BROKER_HOME": str(home), "BROKER_TOKEN_FILE": str(token)}
    call = Call(
        arguments=("review", *arguments),
        typed=typed,
        folder=EXAMPLES.parent,
        environment=environment,
    )
    return called(main, call)


def one_chosen(world: World) -> str:
    """A copy that chance has chosen: of one in eight, the first."""
    for number in range(100):
        copy = world.answered(f"Tam Typed {number}")
        if copy in world.listed():
            return copy
    raise AssertionError


@pytest.mark.usefixtures("by_chance")
def test_on_the_command_line_it_is_listed_read_and_looked_back_at(world: World) -> None:
    copy = one_chosen(world)
    world.clock.now = datetime.now(UTC)  # a command reads the clock of the machine

    assert copy in run(world, "list")[1]
    assert "What do you hold of health?" in run(world, "show", copy)[1]
    options = ("--relation", "independent", "--principle", "7", "--reason-file", "-")
    status, told, _ = run(world, "look-back", copy, "--opinion", "dissent", *options, typed=REASON)
    assert (status, "dissent (chance chose it)" in told) == (0, True)
    assert "Nothing waits." in run(world, "list")[1]


def test_in_the_pages_their_part_is_asked_first_and_then_what_they_think(
    world: World, chance: Chance
) -> None:
    chance.chooses()
    copy = world.answered("Tam Paged", no_to_all("Tam Paged"))
    held = with_guardian(world.services, world.clock, agency=TRUST_LEAD.agency)
    visit = Visit(client=page_client(gateway(cheap(world.services))), held=held, clock=world.clock)
    visit.sign_in()
    page = f"/reviews/answers/{copy[:-2]}/2"
    assert page in visit.get("/reviews").text
    first = visit.get(page).text
    assert "What is your part in this?" in first
    assert "sister" not in first
    assert "A deputy looks at this" in visit.send(page, relation="relative").text

    read = visit.send(page, relation="independent")

    assert "It is her sister&#39;s record." in read.text
    empty = visit.send(page, _step="look-back")
    assert (empty.status_code, "Select whether you agree" in empty.text) == (422, True)
    told = {"opinion": "concur", "reason": CONCUR["reason"], "principles": "7", "learning": ""}
    done = visit.send(page, _step="look-back", **told)
    assert done.headers["Location"] == "/reviews"
    assert page not in visit.get("/reviews").text

"""A partner is asked and answers in a browser, page by page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from brokers import Clock
from gateways import gateway
from homes import Prepared
from markup import page_client
from partner_requests import POLICE, TRUST
from people import FIRST, cheaply, entered, opened, with_account
from request_walks import ANSWERING, ASKING, walked
from request_walks import is_put as put_by_an_officer
from visits import Visit, cheap

from broker.domain.roles import Role
from broker.wiring import Services
from keys import AgencyId, PersonId


@dataclass
class World:
    services: Services
    clock: Clock
    officer: Visit
    lead: Visit


def with_account_at(
    services: Services, clock: Clock, name: str, role: Role, agency: AgencyId
) -> Visit:
    person = entered(services, name, role, agency=agency)
    access = cheaply(services)
    invited = access.accounts.invite(person, replace(FIRST, agency=agency))
    held = opened(access, invited, clock)
    clock.forward(timedelta(minutes=1))
    return Visit(client=page_client(gateway(cheap(services))), held=held, clock=clock)


@pytest.fixture(name="world", scope="module")
def _world(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    clock = Clock()
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("pages") / "home", clock)
    council = AgencyId("northshire-council")
    entered(services, "Char Specimen", Role.CHAIR, agency=council, id_=PersonId("p-chair"))
    officer = with_account_at(services, clock, "Ofi Specimen", Role.POLICE, POLICE)
    held = with_account(services, clock, "Lea Specimen", Role.LEAD)
    lead = Visit(client=page_client(gateway(cheap(services))), held=held, clock=clock)
    for visit in (officer, lead):
        assert visit.sign_in().status_code == 303
    yield World(services, clock, officer, lead)
    services.close()


def test_an_officer_asks_and_the_lead_of_the_body_answers_in_part(world: World) -> None:
    officer, lead = world.officer, world.lead
    officer.get("/requests/new")
    begun = officer.send("/requests/new").headers["Location"]
    last = walked(officer, begun, ASKING)
    assert "What they will read: Safeguarding lead" in officer.get(last).text

    receipt = officer.send(last, _action="continue").headers["Location"]
    assert "Asked" in officer.get(receipt).text
    reference = receipt.split("/")[2]
    assert reference in lead.get("/requests").text

    waits = officer.get(f"/requests/{reference}/1").text
    assert ("Nobody answers? Ring" in waits, "Not sure it is them?" in waits) == (True, False)
    page = lead.get(f"/requests/{reference}/1").text
    assert "Not sure it is them? Ring Prevent team" in page
    assert "Tam Specimen" in page
    assert "What happened at the clinic?" in page
    begun = lead.send(f"/requests/{reference}/1/answer").headers["Location"]
    last = walked(lead, begun, ANSWERING)
    assert "[Seen by a receptionist, 9 March 2026] He came with" in lead.get(last).text
    receipt = lead.send(last, _action="continue").headers["Location"]

    assert "goes as a sealed document" in lead.get(receipt).text
    seen = officer.get(f"/requests/{reference}/1").text
    assert "Answered: part of it is shared" in seen
    assert "The rest is about others." in seen
    assert "a man nobody knew" not in seen
    closed = officer.send(f"/requests/{reference}/1/close")
    assert closed.status_code == 303
    assert "Closed" in officer.get(f"/requests/{reference}/1").text


def test_that_nothing_is_held_takes_two_pages(world: World) -> None:
    reference = is_put(world, "Tam Nil")
    begun = begin_answer(world, reference)

    last = walked(world.lead, begun, {"hold": {"held": "no"}})
    assert "Nothing is shared" in world.lead.get(last).text
    receipt = world.lead.send(last, _action="continue").headers["Location"]

    assert "Nothing was shared" in world.lead.get(receipt).text
    seen = world.officer.get(f"/requests/{reference}/2").text
    assert "Answered: they hold nothing" in seen
    assert "They hold nothing of what is asked" in seen


def test_another_name_stops_until_somebody_says_that_they_rang(world: World) -> None:
    reference = is_put(world, "Tam Other")
    begun = begin_answer(world, reference)
    health = {"answer/needs.health": ANSWERING["answer/concerns.event"]}

    last = walked(world.lead, begun, {**ANSWERING, **health})
    assert "Ring 01632 960 001" in world.lead.get(last).text
    again = world.lead.send(last, _action="continue")
    assert again.status_code == 200
    receipt = world.lead.send(last, _action="continue", rung="yes").headers["Location"]

    assert "Your Guardian decides what is shared" in world.lead.get(receipt).text


def test_a_list_cannot_be_asked_and_the_page_says_so(world: World) -> None:
    world.officer.get("/requests/new")
    begun = world.officer.send("/requests/new").headers["Location"]
    answers = {**ASKING, "whom": {"selector": "list-of-people", "people": "12"}}

    last = walked(world.officer, begun, answers)

    shown = world.officer.get(last).text
    assert "This cannot be asked as it stands." in shown
    refused = world.officer.send(last, _action="continue")
    assert "This cannot be asked yet" in refused.text


def test_it_is_sent_back_and_more_time_asked_for_with_reasons(world: World) -> None:
    reference = is_put(world, "Tam Return")
    base = f"/requests/{reference}/2"
    world.lead.get(f"{base}/time")
    wrong = world.lead.send(f"{base}/time", why="Soon", _action="continue")
    assert (wrong.status_code, "Enter until when" in wrong.text) == (422, True)
    until = {"until-day": "30", "until-month": "3", "until-year": "2026"}
    asked = world.lead.send(
        f"{base}/time", why="The clinic is closed this week.", _action="continue", **until
    )
    assert asked.status_code == 303
    assert "More time is asked for" in world.lead.get("/requests").text

    world.lead.get(f"{base}/return")
    without = world.lead.send(f"{base}/return", _action="continue")
    assert without.status_code == 422
    given = world.lead.send(
        f"{base}/return", reason="unclear", why="Which of two clinics?", _action="continue"
    )

    assert given.headers["Location"] == "/requests"
    assert "Which of two clinics?" in world.officer.get(base).text
    assert world.lead.get(f"{base}/return").status_code == 409


def test_what_was_typed_on_a_step_outlives_hiding_the_screen_and_is_sent_then(
    world: World,
) -> None:
    base = f"/requests/{is_put(world, 'Tam Hidden')}/2"
    world.lead.get(f"{base}/return")
    hidden = world.lead.send(
        f"{base}/return", reason="unclear", why="Which of two clinics?", _action="hide"
    )
    assert hidden.headers["Location"] == "/hidden"
    world.clock.forward(timedelta(minutes=1))
    world.lead.sign_in()

    page = world.lead.get("/typed").text

    assert "Which of two clinics?" in page
    assert f'action="{base}/return"' in page
    typed = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page))
    sent = world.lead.send(f"{base}/return", **typed)
    assert sent.headers["Location"] == "/requests"
    assert "What you typed before" not in world.lead.get("/requests").text


def is_put(world: World, child: str) -> str:
    return put_by_an_officer(world.services, child)


def begin_answer(world: World, reference: str) -> str:
    world.lead.get(f"/requests/{reference}/2")
    return str(world.lead.send(f"/requests/{reference}/2/answer").headers["Location"])


def test_a_practitioner_sees_what_was_passed_to_them_and_nothing_else(
    world: World,
) -> None:
    reference = is_put(world, "Tam Pass")
    base = f"/requests/{reference}/2"
    nurse = with_account_at(world.services, world.clock, "Nia Specimen", Role.PRACTITIONER, TRUST)
    nurse.sign_in()
    assert nurse.get(base).status_code == 404

    world.lead.get(f"{base}/pass")
    passed = world.lead.send(
        f"{base}/pass", to=nurse.held.person, why="She knows the clinic.", _action="continue"
    )

    assert passed.status_code == 303
    assert nurse.get(base).status_code == 200
    assert reference in nurse.get("/requests").text


def test_more_time_is_offered_until_the_day_and_not_after(world: World) -> None:
    base = f"/requests/{is_put(world, 'Tam Late')}/2"
    world.lead.sign_in()
    assert "Ask for more time" in world.lead.get(base).text

    world.clock.forward(timedelta(days=8))
    world.lead.sign_in()

    late = world.lead.get(base).text
    assert "Late" in late
    assert "Ask for more time" not in late
    assert "The day has passed, so more time cannot be asked for. You can still answer." in late

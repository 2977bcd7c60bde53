"""A writer asks their lead on the pages, the lead answers there, and the writer sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from brokers import Clock, a_submission
from concerns import NO, REASON, lead_completes
from gateways import gateway
from markup import page_client
from people import Held, acting, with_account
from visits import Visit, cheap, signed_in
from walks import AGREEING_ADULT, Typed, walk, written

from broker.domain.roles import Role
from broker.wiring import Services

ASKING: dict[str, Typed] = {**AGREEING_ADULT, "lead": {"lead": "ask"}}
ADULT: dict[str, Typed] = {page: typed for page, typed in AGREEING_ADULT.items() if page != "lead"}


@dataclass
class World:
    services: Services
    clock: Clock
    writer: Visit
    lead: Visit
    deputy: Held


@pytest.fixture(name="world")
def _world(sqlite_broker: Services, clock: Clock) -> World:
    deputy = with_account(sqlite_broker, clock, "Dee Specimen", Role.LEAD)
    held = with_account(sqlite_broker, clock, "Lea Specimen", Role.LEAD)
    lead = Visit(client=page_client(gateway(cheap(sqlite_broker))), held=held, clock=clock)
    writer = signed_in(sqlite_broker, clock)
    assert lead.sign_in().status_code == 303
    return World(services=sqlite_broker, clock=clock, writer=writer, lead=lead, deputy=deputy)


def test_a_lead_reads_earlier_concerns_before_they_answer_and_the_writer_does_not(
    world: World,
) -> None:
    said = {
        "form__individual.name": "Alex Fictitious",
        "form__individual.contact": "01632 960 777",
        "form__concerns.description": "What was seen the first time. Fictitious.",
    }
    first = a_submission(world.services, **said)
    sender = acting(world.writer.held, Role.PRACTITIONER)
    before = str(world.services.disclosures.submit(first, sender))
    where = {"address": "1 Example Street", "contact": "01632 960 777"}
    base = asked(world, {**ASKING, "where": where})
    listed = world.lead.get("/checks").text
    reference = "CON-" + listed.partition("/checks/CON-")[2][:9]

    answer = {"advice": "nothing-more", "why": "Typed and kept. Fictitious."}
    shown = world.lead.get(f"/checks/{reference}").text
    refused = world.lead.send(f"/checks/{reference}", **answer)
    found = world.lead.get(f"/checks/{reference}/earlier").text
    read = world.lead.get(f"/checks/{reference}/earlier/{before}")

    assert "Earlier concerns about this person" in shown
    for listed in (shown, found, refused.text):
        assert f'href="/checks/{reference}/earlier/{before}"' in listed
        assert "What was seen the first time." not in listed
    assert refused.status_code == 422
    assert f"Open each first: {before}." in refused.text
    assert ">Typed and kept. Fictitious.</textarea>" in refused.text
    assert f"{before} (opens in new tab)</a>" in refused.text
    assert "What was seen the first time." in read.text
    assert world.lead.get(f"/checks/{reference}/earlier/PRV-0000-0000").status_code == 404
    assert world.writer.get(f"/checks/{reference}/earlier").status_code == 403
    assert "You have read it." in world.lead.get(f"/checks/{reference}").text
    assert world.lead.send(f"/checks/{reference}", **answer).status_code == 303
    assert before not in world.writer.get(f"{base}/lead-answer").text


def asked(world: World, plan: Mapping[str, Typed] = ASKING) -> str:
    """Put a draft to the lead and return its address."""
    return put(world, written(world.services, world.writer, plan, until="ask-lead"))


def put(world: World, base: str) -> str:
    world.writer.get(f"{base}/ask-lead")
    answer = world.writer.send(f"{base}/ask-lead", whom=f"lead/{world.lead.held.person}")
    assert answer.headers["Location"] == f"{base}/lead-answer"
    return base


def reference_of(world: World) -> str:
    listed = world.lead.get("/checks").text
    return "CON-" + listed.partition("/checks/CON-")[2][:9]


def answered(world: World, advice: str, why: str = REASON) -> None:
    reference = reference_of(world)
    world.lead.get(f"/checks/{reference}")
    sent = world.lead.send(f"/checks/{reference}", advice=advice, why=why)
    assert sent.status_code == 303


def test_the_lead_is_asked_says_yes_and_the_writer_sends(world: World) -> None:
    base = put(world, walk(world.writer, ASKING, until="/ask-lead").base)
    waiting = world.writer.get(f"{base}/lead-answer").text
    assert "You asked your lead" in waiting
    assert "Lea Specimen" in waiting
    reference = reference_of(world)
    read = world.lead.get(f"/checks/{reference}")
    assert "teach them a lesson" in read.text
    assert "Alex Fictitious" in read.text
    assert "Look into this" not in read.text

    assert "Check this concern</h1>" in read.text
    answered(world, "refer")

    after = world.lead.get(f"/checks/{reference}").text
    assert "You answered this concern</h1>" in after
    assert "Whoever wrote it was told by mail that you answered." in after
    told = world.writer.get(f"{base}/lead-answer").text
    assert "Your lead wants this to go" in told
    assert REASON in told
    walked = walk(world.writer, ADULT, f"{base}/ask")
    assert walked.last is not None
    assert f"With the Prevent or safeguarding lead on 16 March 2026: {REASON}" in walked.last.text
    sent = world.writer.send(f"{base}/check", _action="continue")
    assert "on its way" in world.writer.get(sent.headers["Location"]).text.casefold()
    assert "Nothing is waiting" in world.lead.get("/checks").text
    assert "Sent" in world.lead.get("/concerns").text


def test_nothing_is_sent_while_the_lead_has_not_answered(world: World) -> None:
    base = asked(world)
    walked = walk(world.writer, ADULT, f"{base}/ask")
    assert walked.last is not None
    assert "This waits for your lead" in walked.last.text

    sent = world.writer.send(f"{base}/check", _action="continue")

    assert sent.headers["Location"] == f"{base}/lead-answer"
    assert "You have given nothing in yet" in world.writer.get("/referrals").text


def test_against_advice_it_is_left_or_sent_all_the_same_with_a_reason(world: World) -> None:
    base = asked(world)
    answered(world, "nothing-more", NO)
    told = world.writer.get(f"{base}/lead-answer").text
    assert "Your lead does not want this to go" in told
    assert NO in told
    assert "Leave it with them" in told

    again = world.writer.send(f"{base}/lead-answer", _action="carry-on", why=" ")
    assert again.status_code == 422
    assert "Enter why" in again.text
    short = world.writer.send(f"{base}/lead-answer", _action="carry-on", why="Because.")
    assert short.status_code == 422
    assert ">Because.</textarea>" in short.text
    on = world.writer.send(
        f"{base}/lead-answer", _action="carry-on", why="I have seen him with the knife."
    )

    assert on.headers["Location"] == f"{base}/check"
    walked = walk(world.writer, ADULT, f"{base}/ask")
    assert walked.last is not None
    assert "This can go" in walked.last.text


def test_a_concern_that_is_left_is_closed_and_says_so(world: World) -> None:
    base = asked(world)
    answered(world, "early-help", NO)
    world.writer.get(f"{base}/lead-answer")

    left = world.writer.send(f"{base}/lead-answer", _action="leave")

    assert "This concern is closed" in world.writer.get(left.headers["Location"]).text
    assert "Left, not sent" in world.lead.get("/concerns").text


def test_a_question_back_is_read_and_somebody_else_can_be_asked(world: World) -> None:
    base = asked(world)
    answered(world, "tell-me-more", "Who saw it first, and when?")
    told = world.writer.get(f"{base}/lead-answer").text
    assert "Your lead asks you something" in told
    assert "Who saw it first, and when?" in told

    world.writer.get(f"{base}/ask-lead")
    world.writer.send(f"{base}/ask-lead", whom=f"lead/{world.deputy.person}")

    assert "Dee Specimen" in world.writer.get(f"{base}/lead-answer").text


def test_faults_are_named_and_what_was_typed_stays(world: World) -> None:
    base = written(world.services, world.writer, ASKING, until="ask-lead")
    world.writer.get(f"{base}/ask-lead")
    nobody = world.writer.send(f"{base}/ask-lead", whom="lead/p-nobody")
    assert nobody.status_code == 422
    assert "Select whom you ask" in nobody.text
    world.writer.send(f"{base}/ask-lead", whom=f"lead/{world.lead.held.person}")
    reference = reference_of(world)
    world.lead.get(f"/checks/{reference}")

    nothing = world.lead.send(f"/checks/{reference}", why="Typed and kept.")

    assert nothing.status_code == 422
    assert "Select what should happen" in nothing.text
    assert ">Typed and kept.</textarea>" in nothing.text
    assert "Enter why" in world.lead.send(f"/checks/{reference}", advice="refer").text


def test_an_answer_is_taken_once(world: World) -> None:
    asked(world)
    reference = reference_of(world)
    answered(world, "refer")
    world.lead.get("/checks")

    other = world.lead.send(f"/checks/{reference}", advice="nothing-more", why=NO)

    assert other.status_code == 409
    assert "answered by the lead" in other.text


def test_who_was_not_asked_finds_nothing(world: World) -> None:
    asked(world)
    reference = reference_of(world)

    assert world.writer.get(f"/checks/{reference}").status_code == 403
    assert world.lead.get("/checks/CON-0000-0000").status_code == 404
    assert world.lead.get("/checks/nothing").status_code == 404


def test_hidden_in_the_middle_of_a_reason_the_words_are_kept(world: World) -> None:
    base = asked(world)
    world.writer.get(f"{base}/lead-answer")

    hidden = world.writer.send(f"{base}/lead-answer", _action="hide", why="Half a reas")

    assert hidden.headers["Location"] == "/hidden"
    world.clock.forward(timedelta(minutes=1))  # a code counts once
    world.writer.sign_in()
    assert ">Half a reas</textarea>" in world.writer.get(f"{base}/lead-answer").text


def test_where_the_lead_completes_they_go_on_from_a_yes_and_send_it(world: World) -> None:
    lead_completes(world.services)
    base = asked(world)
    assert world.writer.get(f"{base}/check").headers["Location"] == f"{base}/lead-answer"
    reference = reference_of(world)

    answered(world, "refer")

    assert "You complete it and send it." in world.lead.get(f"/checks/{reference}").text
    told = world.writer.get(f"{base}/lead-answer").text
    assert "They choose who gets it, and send it" in told
    assert "Check and send" not in told
    walked = walk(world.lead, ADULT, f"{base}/ask")
    assert walked.last is not None
    assert "Mira Specimen" in walked.last.text
    sent = world.lead.send(f"{base}/check", _action="continue")
    assert "on its way" in world.lead.get(sent.headers["Location"]).text.casefold()


def test_the_list_of_drafts_says_that_a_lead_was_asked_and_that_they_answered(
    world: World,
) -> None:
    base = asked(world)
    waits = world.writer.get("/referrals").text
    listed = world.lead.get("/checks").text
    reference = "CON-" + listed.partition("/checks/CON-")[2][:9]
    world.lead.get(f"/checks/{reference}")
    world.lead.send(f"/checks/{reference}", advice="refer", why=REASON)
    answered = world.writer.get("/referrals").text

    assert "Asked; the answer is due by 16 March 2026" in waits
    assert f'href="{base}/lead-answer">Read what was answered' in answered
    assert REASON not in answered

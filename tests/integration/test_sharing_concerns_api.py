"""A concern about sharing through the API, by real calls, and what is due by a day."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from callers import Refusal, a_caller, refusal_of
from homes import Prepared
from panels import COLE, COUNCIL, DOT, MAX, TIM, Panel, a_panel
from referrals import GUARDIAN

CONCERNS = "/api/v1/sharing-concerns"
REQUESTS = "/api/v1/requests"
WHY = "It leaves out what the panel needs."
TOO_LITTLE = {"wrong": "too-little", "why": WHY}


@pytest.fixture(name="panel")
def _panel(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Panel]:
    panel = a_panel(prepared_on_sqlite, tmp_path_factory.mktemp("sharing-api") / "home")
    yield panel
    panel.services.close()


def copy_of(panel: Panel) -> str:
    (line,) = panel.services.partner_requests.views.put_by_us(COLE)
    return f"{REQUESTS}/{line.copy.name.request}/copies/{line.copy.name.number}"


def test_it_is_raised_once_read_by_both_sides_and_settled_by_a_guardian(panel: Panel) -> None:
    base, services = copy_of(panel), panel.services
    cole, dot = (a_caller(services, one, one.role) for one in (COLE, DOT))
    guardian = replace(GUARDIAN, agency=COUNCIL)
    gia = a_caller(services, guardian, guardian.role)

    raised = cole.post(f"{base}/concern", TOO_LITTLE)
    again = cole.post(f"{base}/concern", TOO_LITTLE)
    another = cole.post(f"{base}/concern", {"wrong": "too-little", "why": "Another reason."})
    named = raised.get_json()["concern"]
    theirs = dot.get(f"{CONCERNS}/{named}").get_json()
    taken = dot.post(f"{CONCERNS}/{named}/outcome", {"outcome": "answer-stands", "why": WHY})
    settling = {"outcome": "answer-stands", "why": "It is about his sister."}
    settled = gia.post(f"{CONCERNS}/{named}/outcome", settling)
    repeated = gia.post(f"{CONCERNS}/{named}/outcome", settling)

    assert (raised.status_code, again.status_code) == (201, 201)
    assert again.get_json() == raised.get_json()
    assert refusal_of(another) == Refusal(409, "wrong-state")
    assert theirs["why"] == WHY
    assert refusal_of(taken) == Refusal(403, "not-allowed")
    assert settled.get_json()["outcome"] == "answer-stands"
    assert repeated.get_json() == settled.get_json()
    assert "answer-stands" in cole.get(CONCERNS).text
    assert WHY not in cole.get(CONCERNS).text
    stranger = a_caller(services, TIM, TIM.role)
    assert refusal_of(stranger.get(f"{CONCERNS}/{named}")).slug == "unknown-sharing-concern"
    assert a_caller(services, MAX, MAX.role).get(CONCERNS).status_code == 403


def test_what_cannot_be_raised_and_what_is_not_said_are_refused(panel: Panel) -> None:
    base = copy_of(panel)
    cole = a_caller(panel.services, COLE, COLE.role)

    late = cole.post(f"{base}/concern", {"wrong": "late", "why": WHY})
    shape = cole.post(f"{base}/concern", {"wrong": "rude", "why": ""})
    nothing = cole.post(f"{REQUESTS}/REQ-0000-0000/copies/1/concern", TOO_LITTLE)

    assert refusal_of(late) == Refusal(409, "wrong-state")
    assert refusal_of(shape) == Refusal(422, "faulty-document", ("why", "wrong"))
    assert refusal_of(nothing).status == 404

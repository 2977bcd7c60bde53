"""A call whose answer was lost comes again with its key, one or many at once: done once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from callers import FROM, Caller, Refusal, a_caller, refusal_of
from partner_requests import (
    CHAIR,
    NIL,
    OFFICER,
    REQUESTS,
    SCHOOL_LEAD,
    TRUST_LEAD,
    a_request,
    an_answer,
    put,
)
from people import entered
from referrals import deliver
from werkzeug.test import TestResponse

from broker.domain.model import Person
from broker.domain.roles import Role
from broker.wiring import Services
from keys import PersonId

CASES = "/api/v1/cases"
NAMED = {"individual.name": "QQCANARY, Zzcanary", "individual.date_of_birth": "1991-11-02"}
AT_ONCE = 6
STEPS: dict[str, tuple[Person, dict[str, Any], str]] = {
    "answer": (SCHOOL_LEAD, an_answer(), "request.answered"),
    "return": (SCHOOL_LEAD, {"reason": "unclear", "why": "Which week is it?"}, "request.returned"),
    "extension": (
        SCHOOL_LEAD,
        {"until": "2026-03-30", "why": "The tutor is away."},
        "request.extended",
    ),
    "passing": (SCHOOL_LEAD, {"to": "p-col", "why": "She knows him well."}, "request.opened"),
}


@dataclass
class Asked:
    """A broker in which the school was asked, and who calls it."""

    services: Services
    reference: str

    def caller(self, person: Person) -> Caller:
        return a_caller(self.services, person, person.role)

    def step(self, caller: Caller, step: str, body: Any, key: str) -> TestResponse:
        path = f"{REQUESTS}/{self.reference}/copies/1/{step}"
        return caller.post(path, body, **{"Idempotency-Key": key})

    def recorded(self, kind: str) -> int:
        with self.services.transaction() as tx:
            return [one.type for one in tx.ledger.entries_about(self.reference)].count(kind)


@pytest.fixture(name="asked")
def _asked(services: Services) -> Asked:
    entered(services, "Char Specimen", Role.CHAIR, agency=CHAIR.agency, id_=CHAIR.id)
    entered(services, "Col Specimen", agency=SCHOOL_LEAD.agency, id_=PersonId("p-col"))
    answer = put(a_caller(services, OFFICER, OFFICER.role), a_request())
    return Asked(services, str(answer.get_json()["reference"]))


def at_once(callers: list[Caller], call: Any) -> list[TestResponse]:
    """What each of several callers is answered who call in the same moment."""
    ready = Barrier(len(callers))

    def one(caller: Caller) -> TestResponse:
        ready.wait()
        answer: TestResponse = call(caller)
        return answer

    with ThreadPoolExecutor(len(callers)) as pool:
        return list(pool.map(one, callers))


@pytest.mark.parametrize("step", STEPS)
def test_a_step_with_a_request_is_done_once_by_its_key(asked: Asked, step: str) -> None:
    person, body, kind = STEPS[step]
    before = asked.recorded(kind)
    callers = [asked.caller(person) for _ in range(AT_ONCE)]

    answers = at_once(callers, lambda one: asked.step(one, step, body, "step-of-march"))
    later = asked.step(callers[0], step, body, "step-of-march")

    assert {one.status_code for one in (*answers, later)} == {200}
    assert len({one.get_data() for one in (*answers, later)}) == 1
    assert asked.recorded(kind) == before + 1
    assert asked.services.log.differences() == ()
    other = asked.step(callers[0], step, {**body, "why": "For another reason."}, "step-of-march")
    assert refusal_of(other).slug in {"key-reused", "faulty-document"}
    without = callers[0].client.post(
        f"{REQUESTS}/{asked.reference}/copies/1/{step}",
        json=body,
        headers={"Authorization": f"Bearer {callers[0].token}"},
    )
    assert refusal_of(without) == Refusal(428, "key-missing")


def test_more_time_is_settled_once_by_its_key(asked: Asked) -> None:
    asked.step(asked.caller(SCHOOL_LEAD), "extension", STEPS["extension"][1], "more-of-march")
    chair = asked.caller(CHAIR)

    answers = [
        asked.step(chair, "extension/settlement", {"granted": True}, "settled-of-march")
        for _ in range(2)
    ]

    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].get_json()["copies"][0]["due_on"] == "2026-03-30"
    assert asked.recorded("request.extended") == 2
    assert asked.services.log.differences() == ()


def test_an_answer_that_is_only_shown_takes_no_key(asked: Asked) -> None:
    lead = asked.caller(SCHOOL_LEAD)
    shown = lead.client.post(
        f"{REQUESTS}/{asked.reference}/copies/1/answer",
        json={**NIL, "preview": True},
        headers={"Authorization": f"Bearer {lead.token}"},
    )

    assert (shown.status_code, shown.get_json()["kept"]) == (200, False)


def test_a_case_is_opened_once_by_its_key(asked: Asked) -> None:
    key = {"Idempotency-Key": "case-of-march"}
    callers = [asked.caller(OFFICER) for _ in range(AT_ONCE)]

    answers = at_once(callers, lambda one: one.post(CASES, {"kind": "concern"}, **key))
    again = callers[0].post(CASES, {"kind": "concern"}, **key)

    assert {one.status_code for one in (*answers, again)} == {201}
    assert len({one.get_json()["case"] for one in (*answers, again)}) == 1
    other_kind = callers[0].post(CASES, {"kind": "channel"}, **key)
    assert refusal_of(other_kind) == Refusal(422, "key-reused")
    theirs = asked.caller(TRUST_LEAD).post(CASES, {"kind": "concern"}, **key)
    assert theirs.get_json()["case"] != again.get_json()["case"]
    new = callers[0].post(CASES, {"kind": "concern"}, **{"Idempotency-Key": "case-of-april"})
    assert new.get_json()["case"] != again.get_json()["case"]


def test_a_case_of_what_came_is_opened_once_by_its_key(services: Services) -> None:
    about = deliver(services)
    typed = {"identifiers": NAMED}
    key = {"Idempotency-Key": "from-of-march"}
    callers = [a_caller(services, OFFICER, OFFICER.role) for _ in range(AT_ONCE)]

    answers = at_once(callers, lambda one: one.post(f"{FROM}{about}", typed, **key))
    again = callers[0].post(f"{FROM}{about}", typed, **key)

    assert {one.status_code for one in (*answers, again)} == {201}
    assert len({one.get_json()["case"] for one in (*answers, again)}) == 1
    with services.transaction() as tx:
        opened = [one for one in tx.ledger.entries() if one.type == "case.opened"]
    assert [one.event["case"] for one in opened].count(again.get_json()["case"]) == 1
    other = deliver(services, "key-00000002")
    reused = callers[0].post(f"{FROM}{other}", typed, **key)
    assert refusal_of(reused) == Refusal(422, "key-reused")
    without = callers[0].post(f"{FROM}{about}", typed, **{"Idempotency-Key": ""})
    assert refusal_of(without) == Refusal(428, "key-missing")

"""Whoever asked reads what became of each field of an answer, and never that it comes if not."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from brokers import Clock
from callers import Caller, a_caller
from homes import Prepared
from partner_requests import (
    CHAIR,
    NIL,
    OFFICER,
    REQUESTS,
    TRUST_LEAD,
    a_request,
    an_answer,
    an_ask,
    put,
)
from people import entered

from broker.domain.partner_requests.copies import CopyName
from broker.domain.roles import Role
from broker.ledger.readings import Entrance
from broker.web.views.requests.words import stands
from broker.wiring import Services
from keys import PersonId

GUARDIAN = replace(TRUST_LEAD, id=PersonId("p-guardian"), role=Role.GUARDIAN)
GROUNDS: dict[str, Any] = {"reason": "It does not help.", "relation": "independent"}
KEPT_BACK = ("Not shared: a Guardian or the rules kept it back", "")


@pytest.fixture(name="services", scope="module")
def _services(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Services]:
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("became") / "home", Clock())
    entered(services, "Char Specimen", Role.CHAIR, agency=CHAIR.agency, id_=CHAIR.id)
    yield services
    services.close()


def is_answered(services: Services, child: str, answer: dict[str, Any]) -> str:
    """Ask the trust of an event and of health; return the copy that it answered."""
    asked = a_request(child)
    asks = [an_ask(), an_ask("needs.health")]
    asked["bodies"] = [{**asked["bodies"][1], "asks": asks}]
    reference = put(a_caller(services, OFFICER, OFFICER.role), asked).get_json()["reference"]
    lead = a_caller(services, TRUST_LEAD, TRUST_LEAD.role)
    answered = lead.post(f"{REQUESTS}/{reference}/copies/1/answer", answer)
    assert answered.status_code == 200, answer
    return f"{reference}.1"


def both_shared(child: str) -> dict[str, Any]:
    answer = an_answer(child)
    event = answer["fields"][0]
    return {**answer, "fields": [event, {**event, "field": "needs.health"}]}


def is_decided(services: Services, copy: str, **decided: Any) -> None:
    sent = read(services, copy)["answer_sent"]["reference"]
    guardian: Caller = a_caller(services, GUARDIAN, GUARDIAN.role)
    said = {**GROUNDS, "principles": [3], **decided}
    answer = guardian.post(f"/api/v1/reviews/{sent}/decision", said)
    assert answer.status_code == 200, answer.text


def read(services: Services, copy: str) -> dict[str, Any]:
    """What the officer who asked reads of a copy."""
    request, _, number = copy.partition(".")
    officer = a_caller(services, OFFICER, OFFICER.role)
    found: dict[str, Any] = officer.get(f"{REQUESTS}/{request}/copies/{number}").get_json()
    return found


def became(services: Services, copy: str) -> dict[str, tuple[str, str]]:
    fields = read(services, copy)["words"][-1]["fields"]
    return {one["field"]: (one["stands"], one["why"]) for one in fields}


def in_words(services: Services, copy: str) -> str:
    views = services.partner_requests.views
    return stands(views.content(CopyName.read(copy), OFFICER, Entrance.PAGE).line)


def test_a_field_that_the_guardian_keeps_back_is_not_told_as_shared(services: Services) -> None:
    copy = is_answered(services, "Tam Reduced", both_shared("Tam Reduced"))
    waits = became(services, copy)
    said = in_words(services, copy)

    is_decided(services, copy, verdict="approve-reduced", leave_out=["needs.health"])

    assert set(waits.values()) == {("A Guardian decides", "")}
    assert said == "Answered: their Guardian decides what is shared"
    assert became(services, copy) == {
        "concerns.event": ("Shared", "It shows who is with him."),
        "needs.health": KEPT_BACK,
    }
    assert in_words(services, copy) == "Answered: their Guardian has decided what is shared"


def test_an_answer_that_the_guardian_refuses_is_told_so(services: Services) -> None:
    copy = is_answered(services, "Tam Refused", both_shared("Tam Refused"))

    is_decided(services, copy, verdict="refuse")

    assert set(became(services, copy).values()) == {KEPT_BACK}
    assert in_words(services, copy) == "Answered: their Guardian shares none of it"


def test_whoever_asked_reads_whom_to_ring_at_the_body_that_is_asked(services: Services) -> None:
    copy = is_answered(services, "Tam Nothing", NIL)
    (trust,) = (
        box for box in services.directory.entries().mailboxes if box.id == "northshire-trust-lead"
    )

    assert read(services, copy)["no_answer"] == f"Ring {trust.telephone} ({trust.title})."

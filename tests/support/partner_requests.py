"""Requests to partners for tests: an invented person, an officer, a school and a trust."""

import copy
from dataclasses import replace
from itertools import count
from typing import Any

from callers import Caller
from packs import QUESTIONS
from werkzeug.test import TestResponse

from broker.domain.directory.backing import Listing
from broker.domain.directory.functions import Function, rules_word
from broker.domain.model import MailboxId, Person
from broker.domain.roles import Role
from broker.registers.directory import Entries
from broker.wiring import Services
from keys import AgencyId, PersonId

REQUESTS = "/api/v1/requests"
POLICE, SCHOOL, TRUST = map(AgencyId, ("northshire-police", "example-school", "northshire-trust"))
OFFICER = Person(id=PersonId("p-officer"), agency=POLICE, role=Role.POLICE)
CHAIR = Person(id=PersonId("p-chair"), agency=AgencyId("northshire-council"), role=Role.CHAIR)
SCHOOL_LEAD = Person(id=PersonId("p-dsl"), agency=SCHOOL, role=Role.LEAD)
TRUST_LEAD = Person(id=PersonId("p-lead"), agency=TRUST, role=Role.LEAD)

BORN = "2010-05-04"


def whom(child: str = "Tam Specimen") -> dict[str, str]:
    """Return a child whom nobody is."""
    return {"individual.name": child, "individual.date_of_birth": BORN}


_CHILD = {
    "subject": {
        **QUESTIONS["subject"],
        "date_of_birth": BORN,
        "competence": "unknown",
        "capacity": "presumed",
    },
    "family": {"parent_position": "not-asked", "implicated": "no"},
    "told": {
        "status": "no",
        "telling_raises_risk": "no",
        "reason": "He is told once it is known who holds what.",
        "tell_by": None,
    },
    "agreement_to_share": {
        "status": "not-sought",
        "given_by": "nobody",
        "recipients": [],
        "purposes": [],
        "given_on": None,
        "expires_on": None,
        "asking_raises_risk": "no",
        "reason_not_sought": "Partners are asked before agreement is sought.",
    },
}


def questions(**changes: Any) -> dict[str, Any]:
    """Return what the rules ask of whoever asks, or answers, about the child."""
    return {**copy.deepcopy(QUESTIONS), **copy.deepcopy(_CHILD), **changes}


def an_ask(field: str = "concerns.event", **changes: Any) -> dict[str, Any]:
    return {
        "field": field,
        "sentence": f"What do you hold of {field.partition('.')[2]}?",
        "from": "2025-09-01",
        "until": "2026-03-16",
        **changes,
    }


def a_request(child: str = "Tam Specimen", **changes: Any) -> dict[str, Any]:
    """Return a request of 16 March 2026 to the school and the trust that nothing is wrong with."""
    return {
        "request": "request/1",
        "purpose": "police-screening",
        "answer_to": "northshire-prevent",
        "deadline": {"on": "2026-03-23", "set_by": "p-chair", "function": "chair"},
        "form": whom(child),
        "questions": questions(
            purpose_statement="The police screen a referral about a recruiter.",
            concern={**QUESTIONS["concern"], "harm": "significant"},
        ),
        "bodies": [
            {
                "mailbox": "example-school-dsl",
                "why": "He goes to school there.",
                "asks": [an_ask(), an_ask("needs.protective_factors")],
            },
            {
                "mailbox": "northshire-trust-lead",
                "why": "A clinic of theirs may know him.",
                "asks": [an_ask("needs.health")],
            },
        ],
        **changes,
    }


def a_statement(**changes: Any) -> dict[str, Any]:
    return {
        "known": "seen",
        "source": "the form tutor",
        "on": "2026-03-09",
        "words": "He left early twice with a man nobody knew.",
        **changes,
    }


def an_answer(child: str = "Tam Specimen", **changes: Any) -> dict[str, Any]:
    """Return the school's answer in part: an event goes, what protects him stays."""
    return {
        "answer": "request-answer/1",
        "held": "yes",
        "person": whom(child),
        "fields": [
            {
                "field": "concerns.event",
                "share": "all",
                "why": "It shows who is with him.",
                "statements": [a_statement()],
            },
            {
                "field": "needs.protective_factors",
                "share": "no",
                "why": "It is about his sister.",
            },
        ],
        "questions": answer_questions(),
        **changes,
    }


def answer_questions(**changes: Any) -> dict[str, Any]:
    """Return what whoever answers is asked; the rest the question says."""
    said = questions(**changes)
    for name in (
        "purpose",
        "purpose_statement",
        "scope",
        "requester",
        "victim_request",
        "reasons_for_extra_fields",
    ):
        del said[name]
    return said


NIL = {"answer": "request-answer/1", "held": "no"}


def leads_for_the_icb(services: Services, agency: AgencyId) -> None:
    """Let the directory say that a body of it leads for the ICB."""
    directory, rules = services.directory, services.rulebooks.in_force()
    one = next(box for box in directory.entries().mailboxes if box.agency == agency)
    contact = replace(
        one,
        id=MailboxId("northshire-icb"),
        function=rules_word(Function.ICB_LEAD),
        listing=Listing(kept_as=Function.ICB_LEAD),
    )
    directory.add(Entries(agencies=(), mailboxes=(contact,)), rules, PersonId("p-keeper"))


_numbers = count(1)


def put(caller: Caller, body: dict[str, Any], key: str | None = None) -> TestResponse:
    key = key or f"request-{next(_numbers):04}"
    return caller.post(REQUESTS, body, **{"Idempotency-Key": key})

"""A partner is asked about one person and answers, through the API."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from brokers import Clock
from callers import Caller, a_caller
from homes import Prepared
from ledgers import run_verifier
from look_ups import looked_up
from partner_requests import (
    CHAIR,
    NIL,
    OFFICER,
    REQUESTS,
    SCHOOL,
    SCHOOL_LEAD,
    TRUST_LEAD,
    a_request,
    an_answer,
    an_ask,
    put,
    questions,
)
from people import FIRST, entered
from werkzeug.test import TestResponse

from audit.format.entry import parse_entry
from audit.format.partial import Extent
from audit.log.serving.export import write_folder
from broker.delivery.courier import Acceptance
from broker.delivery.message import Envelope
from broker.domain.errors import WrongStateError
from broker.domain.model import Person
from broker.domain.partner_requests.answers import GivenAnswer, Held
from broker.domain.partner_requests.copies import CopyName
from broker.domain.roles import Role
from broker.ledger.readings import Entrance
from broker.ledger.shares import share_about
from broker.wiring import Services
from keys import PersonId


@dataclass
class Sides:
    """Everybody who has a part in a request, each calling the API."""

    services: Services
    clock: Clock
    officer: Caller
    chair: Caller
    school: Caller
    trust: Caller


def the_sides(prepared: Prepared, home: Path) -> Sides:
    clock = Clock()
    services = prepared.copied(home, clock)
    people = (OFFICER, CHAIR, SCHOOL_LEAD, TRUST_LEAD)
    callers = [a_caller(services, person, person.role) for person in people]
    return Sides(services, clock, *callers)


@pytest.fixture(name="sides", scope="module")
def _sides(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sides]:
    """One broker for every test that leaves its day alone; each asks about a child of its own."""
    sides = the_sides(prepared_on_sqlite, tmp_path_factory.mktemp("requests") / "home")
    yield sides
    sides.services.close()


@pytest.fixture(name="apart")
def _apart(prepared_on_sqlite: Prepared, tmp_path: Path) -> Iterator[Sides]:
    """A broker of its own, whose clock may be moved and whose rows may be edited."""
    sides = the_sides(prepared_on_sqlite, tmp_path / "home")
    yield sides
    sides.services.close()


_children = count(1)


@pytest.fixture(name="child")
def _child() -> str:
    return f"Tam Specimen {next(_children)}"


def told(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(answer.get_data())
    assert (answer.status_code, body if answer.status_code != status else "") == (status, "")
    return body


def places(answer: TestResponse) -> list[str]:
    return [fault["place"] for fault in told(answer, 422)["faults"]]


def is_put(sides: Sides, child: str = "Tam Specimen", **changes: Any) -> str:
    return str(told(put(sides.officer, a_request(child, **changes)), 201)["reference"])


def waiting(caller: Caller, reference: str) -> list[dict[str, Any]]:
    """What waits to be answered, of one request."""
    lines = told(caller.get(REQUESTS))["to_answer"]
    return [line for line in lines if line["copy"].startswith(reference)]


def asked_so_far(sides: Sides) -> int:
    return len(told(sides.officer.get(REQUESTS))["asked"])


def copy_of(reference: str, number: int = 1) -> str:
    return f"{REQUESTS}/{reference}/copies/{number}"


def types_about(services: Services, reference: str) -> list[str]:
    with services.transaction() as tx:
        return [entry.type for entry in tx.ledger.entries_about(reference)]


def test_two_bodies_are_asked_and_each_sees_its_own_questions(sides: Sides, child: str) -> None:
    reference = is_put(sides, child)

    (line,) = waiting(sides.school, reference)
    said = told(sides.school.get(copy_of(reference)))

    assert line["copy"] == f"{reference}.1"
    assert [ask["field"] for ask in said["asks"]] == [
        "concerns.event",
        "needs.protective_factors",
    ]
    assert {one["text"] for one in said["about"]} == {child, "2010-05-04"}
    assert said["not_sure"].startswith("Ring 01632 960 001")
    assert "needs.health" not in json.dumps(said)
    assert sides.school.get(copy_of(reference, 2)).status_code == 404
    assert told(sides.trust.get(copy_of(reference, 2)))["asks"][0]["field"] == "needs.health"


def test_one_answers_in_part_another_that_nothing_is_held_and_all_of_it_is_recorded(
    sides: Sides,
    child: str,
) -> None:
    reference = is_put(sides, child)
    told(sides.school.post(f"{copy_of(reference)}/taking"))

    (answered,) = told(sides.school.post(f"{copy_of(reference)}/answer", an_answer(child)))[
        "copies"
    ]
    (nil,) = told(sides.trust.post(f"{copy_of(reference, 2)}/answer", NIL))["copies"]

    assert (answered["answer"], nil["answer"]) == ("part", "nil")
    assert (answered["answer_sent"]["state"], nil["answer_sent"]) == ("decided", None)
    for number in (1, 2):
        told(sides.officer.post(f"{copy_of(reference, number)}/closing"))
    assert types_about(sides.services, reference) == [
        "request.issued",
        "request.issued",
        "request.opened",
        "request.answered",
        "request.answered",
        "request.closed",
        "request.closed",
    ]
    assert types_about(sides.services, answered["answer_sent"]["reference"])[:2] == [
        "received",
        "decided",
    ]


def test_the_rules_judge_an_answer_for_the_officer_and_by_the_bases_of_who_answers(
    sides: Sides,
    child: str,
) -> None:
    reference = is_put(sides, child)
    told(sides.school.post(f"{copy_of(reference)}/answer", an_answer(child)))

    with sides.services.transaction() as tx:
        copy = tx.copies.copy(CopyName.read(f"{reference}.1"))
        assert copy.answer_disclosure is not None
        facts: Any = tx.case_file(tx.disclosure(copy.answer_disclosure)).facts()
        form = tx.case_file(tx.disclosure(copy.answer_disclosure)).pack().form

    assert facts["requester"]["person"] == "p-officer"
    assert (facts["requester"]["kind"], facts["sender"]["kind"]) == ("police", "education")
    assert facts["legal"]["schedule_1"] == "18"
    assert form["concerns.event"].startswith("[Seen by the form tutor, 9 March 2026] He left")


def test_what_stays_with_the_partner_comes_back_with_its_reason(sides: Sides, child: str) -> None:
    reference = is_put(sides, child)
    told(sides.school.post(f"{copy_of(reference)}/answer", an_answer(child)))

    words = told(sides.officer.get(copy_of(reference)))["words"]

    assert words[-1]["fields"][1] == {
        "field": "needs.protective_factors",
        "share": "no",
        "stands": "Not shared",
        "why": "It is about his sister.",
    }
    assert "He left early" not in json.dumps(words)


TRAWLS = {
    "a list of people": {"scope": {"people": 12, "selector": "list-of-people"}},
    "everybody who shares a trait": {"scope": {"people": 1, "selector": "shared-characteristic"}},
    "everybody at a place": {"scope": {"people": 400, "selector": "everyone-at-a-place"}},
    "a belief alone": {
        "concern": {**questions()["concern"], "basis": ["lawful-belief"]},
    },
    "no harm": {"concern": {**questions()["concern"], "harm": "none"}},
    "less would do": {"necessity": {"reason": "It may help.", "less_would_do": "yes"}},
    "a victim, without a line of enquiry": {
        "victim_request": {
            "applies": "yes",
            "line_of_enquiry": "no",
            "counselling_records": "no",
            "substantial_probative_value": "not-applicable",
            "senior_approval": "not-applicable",
            "victim_told": "yes",
            "reason_not_told": "",
        }
    },
    "counselling records, without approval": {
        "victim_request": {
            "applies": "yes",
            "line_of_enquiry": "yes",
            "counselling_records": "yes",
            "substantial_probative_value": "yes",
            "senior_approval": "no",
            "victim_told": "yes",
            "reason_not_told": "",
        }
    },
}


@pytest.mark.parametrize("name", TRAWLS)
def test_a_trawl_cannot_be_asked_and_one_correction_makes_it_right(
    sides: Sides, child: str, name: str
) -> None:
    asked = {**a_request(child)["questions"], **TRAWLS[name]}
    before = asked_so_far(sides)

    refused = put(sides.officer, a_request(child, questions=asked))

    assert set(places(refused)) == {"bodies[0]", "bodies[1]"}
    assert asked_so_far(sides) == before
    is_put(sides, child)


def test_what_the_rules_refused_is_recorded_and_reaches_nobody(sides: Sides, child: str) -> None:
    asked = {**a_request(child)["questions"], **TRAWLS["a list of people"]}
    with sides.services.transaction() as tx:
        before = tx.ledger.head().size

    told(put(sides.officer, a_request(child, questions=asked)), 422)

    with sides.services.transaction() as tx:
        kinds = [parse_entry(raw).type for raw in tx.ledger.raw_entries(before, before + 9)]
    assert [kind for kind in kinds if kind in {"received", "decided"}] == [
        "received",
        "decided",
    ] * 2


def due(on: str) -> dict[str, Any]:
    return {"deadline": {"on": on, "set_by": "p-chair", "function": "chair"}}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"bodies": []}, "bodies"),
        ({"answer_to": "example-school-dsl"}, "answer_to"),
        (
            {"deadline": {"on": "2026-03-15", "set_by": "p-chair", "function": "chair"}},
            "deadline.on",
        ),
        (
            {"deadline": {"on": "2026-03-17", "set_by": "p-chair", "function": "chair"}},
            "deadline.why",
        ),
        (
            {"deadline": {"on": "2026-02-30", "set_by": "p-chair", "function": "chair"}},
            "deadline.on",
        ),
        (
            {
                "bodies": [
                    {
                        "mailbox": "northshire-prevent",
                        "why": "We may know him.",
                        "asks": [an_ask()],
                    }
                ]
            },
            "bodies[0].mailbox",
        ),
        (
            {
                "bodies": [
                    {
                        "mailbox": "example-school-dsl",
                        "why": "He goes there.",
                        "asks": [an_ask("record.whole", sentence="Which clinics saw him?")],
                    }
                ]
            },
            "bodies[0].asks[0].field",
        ),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_kept(
    sides: Sides, child: str, changes: dict[str, Any], place: str
) -> None:
    before = asked_so_far(sides)
    assert places(put(sides.officer, a_request(child, **changes))) == [place]
    assert asked_so_far(sides) == before


def test_a_day_is_set_by_somebody_who_acts_as_chair_or_coordinator(apart: Sides) -> None:
    entered(apart.services, "Nobody Inparticular", id_=PersonId("p-chair"))
    assert places(put(apart.officer, a_request())) == ["deadline.set_by"]

    entered(apart.services, "Cora Specimen", Role.COORDINATOR, id_=PersonId("p-cora"))
    day = {"on": "2026-03-23", "set_by": "p-cora", "function": "coordinator"}
    is_put(apart, deadline=day)

    apart.services.access.people.disable(PersonId("p-cora"), FIRST)
    assert places(put(apart.officer, a_request(deadline=day))) == ["deadline.set_by"]


def test_the_same_call_puts_a_request_once(sides: Sides, child: str) -> None:
    first, again = (
        told(put(sides.officer, a_request(child), "request-twice"), 201)["reference"]
        for _ in range(2)
    )

    assert again == first
    assert len(waiting(sides.school, first)) == 1


def test_a_second_request_in_other_words_is_shown_to_both(sides: Sides, child: str) -> None:
    first = is_put(sides, child)
    other = a_request(child)
    other["questions"]["purpose_statement"] = "The team wants to know about a recruiter."

    second = told(put(sides.officer, other), 201)

    assert [copy["asks_the_same_as"] for copy in second["copies"]] == [
        f"{first}.1",
        f"{first}.2",
    ]
    (line,) = waiting(sides.school, second["reference"])
    assert line["asks_the_same_as"] == f"{first}.1"


def test_who_answers_second_reads_who_answered(sides: Sides, child: str) -> None:
    reference = is_put(sides, child)
    told(sides.trust.post(f"{copy_of(reference, 2)}/answer", NIL))

    second = told(sides.trust.post(f"{copy_of(reference, 2)}/answer", NIL), 409)

    assert "Answered by p-lead at 2026-03-16T12:00" in second["detail"]


def test_two_answers_at_once_are_one(sides: Sides, child: str) -> None:
    name = CopyName.read(f"{is_put(sides, child)}.2")
    answering = sides.services.partner_requests.answering
    nil = GivenAnswer(held=Held.NO, person={}, questions={})
    both = Barrier(2)

    def answers(person: Person) -> bool:
        both.wait()
        try:
            answering.answer(name, person, nil)
        except WrongStateError:
            return False
        return True

    people = (TRUST_LEAD, replace(TRUST_LEAD, id=PersonId("p-deputy")))
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(answers, people)) == [False, True]
    assert types_about(sides.services, str(name.request)).count("request.answered") == 1


def test_what_is_on_its_way_at_this_moment_cannot_be_withdrawn(apart: Sides, child: str) -> None:
    is_put(apart, child)
    said: list[int] = []

    class Withdrawing:
        name = "pickup"
        repeatable = True

        def deliver(self, envelope: Envelope, _message: bytes) -> Acceptance:
            with apart.services.transaction() as tx:
                copy = tx.copies.of_disclosure(envelope.reference)
            assert copy is not None
            path = f"{copy_of(str(copy.name.request), copy.name.number)}/withdrawal"
            said.append(apart.officer.post(path).status_code)
            return Acceptance(tls="none")

    replace(apart.services.dispatcher, courier=Withdrawing()).dispatch()

    assert said == [409, 409]


def test_an_answer_after_withdrawal_is_told_that_nobody_asks_any_more(
    sides: Sides, child: str
) -> None:
    reference = is_put(sides, child)
    told(sides.school.post(f"{copy_of(reference)}/taking"))
    told(sides.officer.post(f"{copy_of(reference)}/withdrawal"))

    late = told(sides.school.post(f"{copy_of(reference)}/answer", an_answer(child)), 409)

    assert late["detail"].startswith("They no longer ask this.")
    assert waiting(sides.trust, reference)


def test_an_answer_about_somebody_else_stops_until_somebody_has_rung(
    sides: Sides, child: str
) -> None:
    reference = is_put(sides, child)
    other = an_answer(
        person={"individual.name": "Tim Specimen", "individual.date_of_birth": "2010-05-04"}
    )

    stopped = told(sides.school.post(f"{copy_of(reference)}/answer", other), 409)
    assert "Ring 01632 960 001" in stopped["detail"]
    assert "Tim" not in stopped["detail"]

    told(sides.school.post(f"{copy_of(reference)}/answer", {**other, "rung": True}))


def test_an_answer_that_the_rules_refuse_says_what_would_be_right_and_waits(
    sides: Sides,
    child: str,
) -> None:
    reference = is_put(sides, child)
    wrong = an_answer(child)
    wrong["questions"]["told"] = {**wrong["questions"]["told"], "reason": ""}

    assert places(sides.school.post(f"{copy_of(reference)}/answer", wrong)) == ["answer"]
    assert waiting(sides.school, reference)
    told(sides.school.post(f"{copy_of(reference)}/answer", an_answer(child)))


def test_what_would_be_read_is_shown_before_and_nothing_is_kept_or_looked_up(
    sides: Sides, child: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = looked_up(monkeypatch)
    told(sides.officer.post("/api/v1/request-judgements", a_request(child)))
    assert found == []
    reference = is_put(sides, child)
    found.clear()

    shown = told(
        sides.school.post(f"{copy_of(reference)}/answer", {**an_answer(child), "preview": True})
    )

    goes = {line["field"] for line in shown["what_goes"]["goes"]}
    assert goes == {"individual.name", "individual.date_of_birth", "concerns.event"}
    assert waiting(sides.school, reference)
    assert found == []


def test_a_sensitive_field_waits_for_the_partner_s_own_guardian(sides: Sides, child: str) -> None:
    reference = is_put(sides, child)
    health = an_answer(child)
    health["fields"] = [{**health["fields"][0], "field": "needs.health"}]

    (copy,) = told(sides.trust.post(f"{copy_of(reference, 2)}/answer", health))["copies"]

    assert (copy["answer"], copy["answer_sent"]["state"]) == ("referred", "referred")
    guardian = replace(TRUST_LEAD, id=PersonId("p-guardian"), role=Role.GUARDIAN)
    queue = [str(one.reference) for one in sides.services.referrals.waiting(guardian)]
    assert copy["answer_sent"]["reference"] in queue


def test_it_is_sent_back_with_a_reason_and_passed_to_a_colleague(apart: Sides) -> None:
    reference = is_put(apart)
    colleague = entered(apart.services, "Col Specimen", agency=SCHOOL_LEAD.agency)
    stranger = entered(apart.services, "Stra Specimen")
    left = entered(apart.services, "Lef Specimen", agency=SCHOOL_LEAD.agency)
    apart.services.access.people.disable(left, replace(FIRST, agency=SCHOOL_LEAD.agency))

    body = {"to": stranger, "why": "She knows the clinic well."}
    for nobody in (stranger, left):
        told(apart.school.post(f"{copy_of(reference)}/passing", {**body, "to": nobody}), 422)
    offered = apart.services.partner_requests.offers.colleagues(
        CopyName.read(f"{reference}.1"), SCHOOL_LEAD
    )
    assert [one.person for one in offered] == [colleague]
    told(apart.school.post(f"{copy_of(reference)}/passing", {**body, "to": colleague}))
    passed_to = a_caller(
        apart.services,
        Person(id=colleague, agency=SCHOOL_LEAD.agency, role=Role.PRACTITIONER),
    )
    assert len(waiting(passed_to, reference)) == 1
    returned = {"reason": "too-broad", "why": "Which of the two events do you mean?"}
    (copy,) = told(passed_to.post(f"{copy_of(reference)}/return", returned))["copies"]

    assert copy["state"] == "returned"
    assert told(apart.school.post(f"{copy_of(reference)}/answer", an_answer()), 409)


def test_more_time_is_asked_for_before_the_day_and_granted_by_who_set_it(apart: Sides) -> None:
    reference = is_put(apart)
    wanted = {"until": "2026-03-30", "why": "The tutor is away until the 27th."}
    told(apart.school.post(f"{copy_of(reference)}/extension", wanted))

    told(apart.officer.post(f"{copy_of(reference)}/extension/settlement", {"granted": True}), 403)
    (copy,) = told(
        apart.chair.post(f"{copy_of(reference)}/extension/settlement", {"granted": True})
    )["copies"]

    assert (copy["due_on"], copy["wanted_until"]) == ("2026-03-30", None)
    apart.clock.forward(timedelta(days=15))
    again = {**wanted, "until": "2026-04-09"}
    fresh = a_caller(apart.services, SCHOOL_LEAD, Role.LEAD)
    assert places(fresh.post(f"{copy_of(reference)}/extension", again)) == ["until"]


def test_a_late_copy_climbs_step_by_step_and_nothing_is_sent_or_closed(apart: Sides) -> None:
    reference = is_put(apart)
    chasing = apart.services.partner_requests.chasing
    assert chasing.chase() == 0

    climbed = []
    for days in (5, 3, 2, 30):
        apart.clock.forward(timedelta(days=days))
        climbed.append((chasing.chase(), chasing.chase()))

    assert climbed == [(2, 0), (2, 0), (2, 0), (0, 0)]
    assert types_about(apart.services, reference)[2:] == ["request.escalated"] * 6
    fresh = a_caller(apart.services, SCHOOL_LEAD, Role.LEAD)
    (line,) = told(fresh.get(REQUESTS))["to_answer"]
    assert (line["state"], line["lateness"]) == ("issued", "later")


def test_one_row_that_somebody_edited_is_refused_and_stops_no_other(apart: Sides) -> None:
    reference = is_put(apart)
    with apart.services.transaction.database.transaction() as connection:
        connection.exec_driver_sql(
            "update request_copy set asked = 'northshire-trust' where id like '%.1'"
        )

    assert apart.trust.get(copy_of(reference)).status_code == 409
    apart.clock.forward(timedelta(days=8))
    assert apart.services.partner_requests.chasing.chase() == 1


def test_an_erased_question_leaves_nothing_by_which_it_could_be_found_again(
    apart: Sides,
) -> None:
    reference = is_put(apart)
    with apart.services.transaction() as tx:
        cases = [disclosure.case for disclosure in tx.store.all_disclosures()]
    for name in (f"{reference}.1", f"{reference}.2"):
        apart.services.partner_requests.asking.withdraw(CopyName.read(name), OFFICER)
    for case in cases:
        apart.services.retention.erasures.erase(case, PersonId("p-keys"), "error")

    with apart.services.transaction.database.transaction() as connection:
        left = connection.exec_driver_sql("select count(*) from request_sameness").scalar()
    assert left == 0


def test_nobody_else_sees_a_request(sides: Sides, child: str) -> None:
    reference = is_put(sides, child)
    stranger = a_caller(
        sides.services, Person(id=PersonId("p-x"), agency=CHAIR.agency, role=Role.LEAD), Role.LEAD
    )
    absent = told(stranger.get(f"{REQUESTS}/REQ-1010-000P"), 404)
    found = told(stranger.get(f"{REQUESTS}/{reference}"), 404)
    assert absent["detail"] == found["detail"]


def test_a_late_copy_is_told_by_mail_once_a_step_to_whom_it_climbed(apart: Sides) -> None:
    entered(apart.services, "Dot Specimen", Role.LEAD, agency=SCHOOL, id_=SCHOOL_LEAD.id)
    entered(apart.services, "Cora Specimen", Role.CHAIR, agency=CHAIR.agency, id_=CHAIR.id)
    entered(apart.services, "Ofi Specimen", Role.POLICE, agency=OFFICER.agency, id_=OFFICER.id)
    reference, pickup = is_put(apart), apart.services.home.pickup
    chasing, told_of = apart.services.partner_requests.chasing, list[list[str]]()

    for forward in (5, 3, 2):
        apart.clock.forward(timedelta(days=forward))
        before = set(pickup.glob("notice-*.eml"))
        chasing.chase()
        chasing.chase()
        new = sorted(set(pickup.glob("notice-*.eml")) - before)
        mails = [one.read_text() for one in new]
        assert "Specimen" not in "".join(mail.partition("\n\n")[2] for mail in mails)
        about = [mail for mail in mails if f"Subject: Request {reference}.1" in mail]
        told_of.append(
            sorted(mail.partition("To: ")[2].partition("@")[0].strip() for mail in about)
        )

    assert told_of == [["dot.specimen"], ["dot.specimen"], ["cora.specimen", "ofi.specimen"]]


def test_asker_and_answerer_each_read_their_own_entries_of_a_request(
    sides: Sides, child: str, tmp_path: Path
) -> None:
    reference = is_put(sides, child)
    told(sides.school.post(f"{copy_of(reference)}/answer", an_answer(child)))
    told(sides.trust.post(f"{copy_of(reference, 2)}/answer", NIL))
    polices, schools = (
        Person(id=PersonId(f"g-{agency}"), agency=agency, role=Role.GUARDIAN)
        for agency in (OFFICER.agency, SCHOOL)
    )

    def share_of(person: Person) -> tuple[Extent, list[object]] | None:
        with sides.services.transaction() as tx:
            share = share_about(tx, person, reference)
        if share is None:
            return None
        return share.extent, [entry.event["copy"] for entry in share.entries]

    assert share_of(polices) == share_of(OFFICER) == (Extent.WHOLE, [1, 2, 1, 2])
    assert share_of(schools) == (Extent.COPY, [1, 1])
    took_part = replace(TRUST_LEAD, role=Role.PRACTITIONER)
    assert share_of(took_part) == (Extent.COPY, [2, 2])
    assert share_of(replace(took_part, id=PersonId("p-x"))) is None
    assert share_of(replace(polices, agency=CHAIR.agency)) is None
    write_folder(tmp_path / "export", sides.services.log.partial(schools, Entrance.CLI))
    status, out, _ = run_verifier(
        "verify", tmp_path / "export", "--policy", tmp_path / "export" / "policy"
    )
    assert (status, f"{reference}: 2 entries of its own copy, no others." in out) == (0, True)

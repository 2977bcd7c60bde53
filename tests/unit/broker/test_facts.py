"""What the broker itself says among the facts, and what only differs in wording."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from brokers import NOON
from packs import QUESTIONS, with_attachment
from values import (
    BASIS,
    NOTHING_KNOWN,
    POLICE,
    PREVENT,
    TRUST,
    a_read_pack,
    a_route,
    the_rulebook,
)

from broker.domain.facts import (
    ANSWERED_BY_PEOPLE,
    NO_APPROVAL,
    Earlier,
    Known,
    Route,
    facts_of,
    with_approval,
    with_refusal,
    without_wording,
)
from broker.domain.model import Agency, Approval, LegalBasis, Pack
from broker.domain.questions.asked import Ask, InRequest
from keys import AgencyId, PersonId
from policies import faults_in


def facts(route: Route | None = None, **changes: Any) -> dict[str, Any]:
    pack = a_read_pack(**changes)
    submitted = facts_of(pack, route or a_route(), NOTHING_KNOWN, asked_at=NOON)
    return with_refusal(submitted, refused_before=False)


@pytest.mark.parametrize(
    ("sharing", "workers", "expected"),
    [(None, None, ("yes", "yes")), (False, True, ("no", "yes")), (True, False, ("yes", "no"))],
    ids=["none entered", "no agreement covers it", "no worker's checks count"],
)
def test_what_is_kept_between_bodies_stands_before_what_the_directory_says(
    *, sharing: bool | None, workers: bool | None, expected: tuple[str, str]
) -> None:
    in_date = date(2027, 1, 1)
    body = replace(POLICE, sharing_agreement_until=in_date, suitability_until=in_date)
    route = replace(a_route(), recipient=body, sharing=sharing, workers=workers)

    recipient = facts(route)["recipient"]

    assert (recipient["sharing_agreement_live"], recipient["suitability_checked"]) == expected


def test_the_broker_adds_what_it_knows_to_what_people_answered() -> None:
    assert facts() == {
        **QUESTIONS,
        "contract": "facts/2",
        "earlier": {"concerns": 0, "seen": "not-applicable"},
        "asked_at": "2026-03-16T12:00:00+00:00",
        "requester": {
            "signed_request": "yes",
            "person": "p-nurse",
            "agency": "northshire-trust",
            "kind": "nhs",
            "authenticated": "yes",
            "assigned_to_case": "yes",
        },
        "sender": {
            "agency": "northshire-trust",
            "kind": "nhs",
            "mail": "secure",
            "sharing_duty_body": "yes",
        },
        "recipient": {
            "needs_it_for_role": "yes",
            "agency": "northshire-police",
            "kind": "police",
            "function": "prevent-inbox",
            "sharing_duty_body": "yes",
            "in_directory": "yes",
            "mail": "secure",
            "mailbox_type": "role",
            "accepts_encrypted": "yes",
            "sharing_agreement_live": "yes",
            "undertaking_signed": "no",
            "suitability_checked": "no",
            "in_united_kingdom": "yes",
        },
        "legal": {
            **QUESTIONS["legal"],
            "article_6": "6(1)(e)",
            "article_9": "9(2)(g)",
            "schedule_1": "6",
            "power": "Made-up Act 2015 s26",
            "sharing_duty_in_force": "no",
        },
        "approval": NO_APPROVAL,
        "previously_refused": "no",
        "fields": [
            "individual.name",
            "individual.address",
            "individual.contact",
            "individual.date_of_birth",
            "concerns.description",
            "concerns.source",
            "referrer.person",
            "dates.noticed",
        ],
    }


def test_the_facts_of_a_pack_have_no_faults() -> None:
    assert faults_in(facts(), the_rulebook().vocabulary) == ()


def test_a_field_that_only_an_attachment_carries_is_asked_for_once() -> None:
    notes = [
        *with_attachment("one.txt", "needs.health", "individual.name"),
        *with_attachment("two.txt", "needs.health"),
    ]

    assert facts(form={"individual.name": "x"}, attachments=notes)["fields"] == [
        "individual.name",
        "needs.health",
    ]


@pytest.mark.parametrize(
    ("verified_on", "in_directory"),
    [
        pytest.param(date(2026, 3, 16), "yes", id="today"),
        pytest.param(date(2026, 3, 17), "no", id="tomorrow"),
        pytest.param(None, "no", id="never"),
    ],
)
def test_an_entry_counts_once_it_is_verified(verified_on: date | None, in_directory: str) -> None:
    route = a_route(mailbox=replace(PREVENT, verified_on=verified_on))

    assert facts(route)["recipient"]["in_directory"] == in_directory


@pytest.mark.parametrize(
    ("until", "live"),
    [
        pytest.param(date(2026, 3, 16), "yes", id="to the end of today"),
        pytest.param(date(2026, 3, 15), "no", id="yesterday"),
        pytest.param(None, "no", id="never"),
    ],
)
def test_an_agreement_and_a_check_count_to_their_last_day(until: date | None, live: str) -> None:
    recipient = replace(POLICE, sharing_agreement_until=until, suitability_until=until)
    said = facts(a_route(recipient=recipient))["recipient"]

    assert (said["sharing_agreement_live"], said["suitability_checked"]) == (live, live)


def test_the_day_is_that_of_london() -> None:
    recipient = replace(POLICE, sharing_agreement_until=date(2026, 6, 30))
    after_midnight = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)

    said: Any = facts_of(
        a_read_pack(),
        a_route(recipient=recipient),
        NOTHING_KNOWN,
        asked_at=after_midnight,
    )["recipient"]

    assert said["sharing_agreement_live"] == "no"


OWN = LegalBasis(article_6="6(1)(c)", article_9="9(2)(b)", schedule_1="18", power="Another Act s1")


@pytest.mark.parametrize(
    ("bases", "basis"),
    [
        pytest.param({"*": BASIS, "referral": OWN}, ("6(1)(c)", "Another Act s1"), id="own"),
        pytest.param({"*": BASIS, "crime": OWN}, ("6(1)(e)", "Made-up Act 2015 s26"), id="other"),
        pytest.param({"crime": OWN}, ("none", ""), id="none"),
    ],
)
def test_the_legal_basis_is_the_sending_agencys_for_the_purpose(
    bases: dict[str, LegalBasis], basis: tuple[str, str]
) -> None:
    legal = facts(a_route(sender=replace(TRUST, bases=bases)))["legal"]

    assert (legal["article_6"], legal["power"]) == basis


@pytest.mark.parametrize(
    ("sender", "answer", "status"),
    [
        pytest.param(TRUST, "done", "done", id="asked"),
        pytest.param(TRUST, "not-asked", "not-asked", id="not asked"),
        pytest.param(TRUST, "cannot-wait", "cannot-wait", id="it cannot wait"),
        pytest.param(TRUST, "not-required", "not-asked", id="nobody excuses themselves"),
        pytest.param(POLICE, "done", "done", id="asked, though nobody asked for it"),
        pytest.param(POLICE, "not-asked", "not-required", id="a body that asks for no check"),
        pytest.param(POLICE, "cannot-wait", "not-required", id="nothing to wait for"),
    ],
)
def test_whether_the_lead_is_asked_is_the_bodys_setting(
    sender: Agency, answer: str, status: str
) -> None:
    said = facts(a_route(sender=sender), questions__check={"status": answer, "reason": "It is."})

    assert said["check"] == {"status": status, "reason": "It is."}


def test_the_lead_is_asked_for_the_purposes_of_the_body_alone() -> None:
    said = facts(questions__purpose="crime", questions__check__status="not-asked")

    assert said["check"]["status"] == "not-required"


def test_what_the_broker_knows_besides_stands_among_the_facts() -> None:
    known = Known(earlier=Earlier(concerns=2, seen="no"), sharing_duty=True)

    said: Any = facts_of(a_read_pack(), a_route(way_out="not-secure"), known, asked_at=NOON)

    assert said["earlier"] == {"concerns": 2, "seen": "no"}
    assert said["legal"]["sharing_duty_in_force"] == "yes"
    assert said["sender"]["mail"] == "not-secure"


def test_earlier_concerns_make_no_other_request_of_it() -> None:
    known = replace(NOTHING_KNOWN, earlier=Earlier(concerns=2, seen="no"))

    said = facts_of(a_read_pack(), a_route(), known, asked_at=NOON)

    assert without_wording(with_refusal(said, refused_before=False)) == without_wording(facts())


def test_a_refusal_before_is_told_to_the_rules() -> None:
    said = with_refusal(facts(), refused_before=True)

    assert said["previously_refused"] == "yes"


def test_an_approver_is_heard_and_fields_they_left_out_are_not_asked_for() -> None:
    before = facts(form={"individual.name": "x", "needs.health": "y"})
    approval = Approval(
        approver=PersonId("p-guardian"),
        relation="independent",
        decision="approve-reduced",
        reason="The harm is serious.",
        left_out=frozenset({"needs.health"}),
    )

    assert with_approval(before, approval) == {
        **before,
        "approval": {
            "approver": "p-guardian",
            "relation": "independent",
            "decision": "approve-reduced",
            "reason": "The harm is serious.",
        },
        "fields": ["individual.name"],
    }


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"questions__purpose_statement": "In other words."}, id="purpose"),
        pytest.param({"questions__necessity__reason": "In other words."}, id="necessity"),
        pytest.param({"questions__proportionality__reason": "Otherwise."}, id="proportionality"),
    ],
)
def test_other_words_are_the_same_request(changes: dict[str, Any]) -> None:
    assert without_wording(facts(**changes)) == without_wording(facts())


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"questions__public_interest__reason": "There is one now."}, id="a reason"),
        pytest.param({"questions__danger": "unknown"}, id="a word"),
        pytest.param({"questions__scope__people": 2}, id="a number"),
        pytest.param({"questions__concern__observed_on": "2026-03-11"}, id="a day"),
        pytest.param({"form": {"individual.name": "x"}}, id="fields"),
        pytest.param(
            {"questions__reasons_for_extra_fields": {"needs.health": "He asked."}},
            id="extra field",
        ),
    ],
)
def test_another_fact_is_another_request(changes: dict[str, Any]) -> None:
    assert without_wording(facts(**changes)) != without_wording(facts())


def test_the_moment_makes_no_other_request() -> None:
    pack, route = a_read_pack(), a_route()

    first = facts_of(pack, route, NOTHING_KNOWN, asked_at=NOON)
    later = facts_of(pack, route, NOTHING_KNOWN, asked_at=datetime(2026, 4, 1, tzinfo=UTC))

    assert without_wording(later) == without_wording(first)


def test_no_wording_is_left() -> None:
    said = repr(without_wording(facts()))

    assert QUESTIONS["purpose_statement"] not in said
    assert QUESTIONS["necessity"]["reason"] not in said
    assert BASIS.power not in said


def test_people_answer_exactly_what_the_broker_does_not_derive() -> None:
    def places(value: Any, above: str = "") -> set[str]:
        if isinstance(value, dict) and above != "reasons_for_extra_fields.":
            return {place for key, v in value.items() for place in places(v, f"{above}{key}.")}
        return {above.removesuffix(".")}

    answered = places(QUESTIONS)

    assert {
        place
        for place in the_rulebook().vocabulary.shapes
        if any(place == one or place.startswith(f"{one}.") for one in ANSWERED_BY_PEOPLE)
    } == answered


def test_an_answer_is_asked_for_by_the_officer_who_put_the_question() -> None:
    officer = InRequest(
        copy="REQ-7Q4K-M2XH.1", officer=PersonId("p-officer"), agency=AgencyId("northshire-police")
    )
    pack = replace(a_read_pack(), in_request=officer)
    told = facts_of(pack, a_route(asking=POLICE), NOTHING_KNOWN, asked_at=NOON)
    requester: Any = told["requester"]
    assert (requester["person"], requester["agency"], requester["kind"]) == (
        "p-officer",
        "northshire-police",
        "police",
    )


def test_what_belongs_to_a_request_stays_with_its_pack() -> None:
    ask = Ask(
        field="needs.health",
        sentence="Does a clinic know him?",
        since=date(2025, 3, 1),
        until=date(2026, 3, 1),
    )
    question = InRequest(
        copy="REQ-7Q4K-M2XH.1",
        officer=PersonId("p-officer"),
        agency=AgencyId("northshire-police"),
        asks=(ask,),
        why="The clinic sees him.",
        statement="To screen a referral.",
    )
    pack = replace(a_read_pack(), in_request=question)
    assert Pack.of_document(pack.document()) == pack

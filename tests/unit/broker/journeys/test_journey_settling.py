"""What nobody knew is asked by the question that asked it first, and its answer is that fact."""

from typing import Any

import pytest
from journeys import circumstances
from packs import a_pack

from broker.domain.guardians.settling import UNSETTLED, Settlement, settled, value_at
from broker.domain.model import Pack
from broker.web.writing.settling import page_of_the_unsettled, settlement_of
from policies import Rulebook

WAITING: dict[str, tuple[str, str]] = {
    "danger": ("danger-unsure--danger", "none"),
    "material_assistance": ("crime--terrorism", "no"),
    "concern.source": ("source--source", "reported"),
    "concern.harm": ("harm--harm", "significant"),
    "concern.serious_crime": ("crime--serious", "no"),
    "necessity.less_would_do": ("why--less", "no"),
    "subject.capacity": ("able--capacity", "has"),
    "subject.decision_can_wait": ("capacity--can_wait", "no"),
    "subject.care_and_support_needs": ("able--care", "no"),
    "subject.own_answer_to_support": ("support--own", "agrees"),
    "family.implicated": ("family--implicated", "no"),
    "agreement_to_share.status": ("agree--answer", "refused"),
    "agreement_to_share.asking_raises_risk": ("agree--answer", "not-sought"),
    "told.telling_raises_risk": ("told--told", "safe"),
    "legal.compulsion": ("order--kind", "none"),
    "legal.order_verified": ("order--seen", "yes"),
    "recipient.needs_it_for_role": ("other-recipient--needs", "yes"),
    "victim_request.line_of_enquiry": ("victim--line_of_enquiry", "yes"),
}
"""For each place the field that a sender fills in, and an answer that settles it."""

OF_A_CHILD = {"subject.own_answer_to_support", "family.implicated"}


def questions_for(place: str) -> dict[str, Any]:
    """Return the questions of a pack on which that place is asked."""
    questions = a_pack()["questions"]
    if place in OF_A_CHILD:
        questions["subject"]["date_of_birth"] = "2009-05-01"
    if place == "subject.own_answer_to_support":
        questions["purpose"] = "support-delivery"
    if place == "subject.decision_can_wait":
        questions["subject"]["capacity"] = "lacks"
    if place == "legal.order_verified":
        questions["legal"]["compulsion"] = "warrant"
    if place == "victim_request.line_of_enquiry":
        questions["purpose"] = "crime"
        questions["victim_request"]["applies"] = "yes"
    return dict(questions)


def test_every_place_that_an_answer_settles_has_a_question() -> None:
    assert WAITING.keys() == UNSETTLED.keys()


@pytest.mark.parametrize("place", WAITING)
def test_an_answer_settles_what_nobody_knew(place: str) -> None:
    questions, (name, code) = questions_for(place), WAITING[place]
    facts = {
        **questions,
        "asked_at": "2026-03-16T10:00:00Z",
        "earlier": {"concerns": 0},
        "recipient": {
            "kind": "police",
            "function": "prevent-inbox",
            "sharing_duty_body": "no",
            "needs_it_for_role": "yes",
        },
        "legal": {**questions["legal"], "sharing_duty_in_force": "no"},
        "sender": {"sharing_duty_body": "no"},
    }
    known = circumstances(facts, Rulebook.shipped())

    page = page_of_the_unsettled((place,), questions, known)
    settles = settlement_of({name: code}, (place,), questions, known)

    first = page.questions[0]
    assert first.id == name
    assert first.label
    assert code in {option.code for option in first.options}
    answer = settles.answers[place]
    assert isinstance(answer, str)
    assert answer not in UNSETTLED[place]


def test_what_was_found_about_deciding_is_written_on_the_form_too() -> None:
    document = a_pack()
    pack = Pack.of_document(
        {**document, "questions": {**document["questions"], "confirmed": []}, "attachments": []}
    )
    given = Settlement(
        answers={"subject.capacity": "has", "danger": "none"},
        form={"capacity.finding": "Assessed by Dr Example."},
    )

    after = settled(pack, given)

    assert after.form == {**pack.form, "capacity.finding": "Assessed by Dr Example."}
    assert value_at(after.questions, "subject.capacity") == "has"
    assert value_at(after.questions, "subject.send") == value_at(pack.questions, "subject.send")
    assert settled(pack, Settlement()) is pack
    assert Settlement.of_document({"text": "Words.", **given.document()}) == given

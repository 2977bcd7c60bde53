"""What a Guardian reads, made of plain values: answers in words, quarters, the public interest."""

from datetime import date

import pytest
from packs import a_pack

from broker.domain.errors import FaultyDocumentError
from broker.domain.model import Pack
from broker.guardian.answers import answers_of, day_in_words, reasons_of
from broker.guardian.not_shared import Quarter
from broker.guardian.public_interest import PARTS, must_be_weighed, with_decider
from policies import Decision, Effect, Finding, Outcome, Status
from policies.decision import RuleId


def pack_with(**changes: object) -> Pack:
    document = a_pack(**changes)
    document["questions"].setdefault("confirmed", [])
    return Pack.of_document(document)


def said(pack: Pack) -> dict[str, str]:
    return {one.place: one.answer for group in answers_of(pack) for one in group.answers}


def a_decision(status: Status) -> Decision:
    finding = Finding(rule=RuleId("R13"), status=status, effect=Effect.NONE, say="It is weighed.")
    return Decision(
        outcome=Outcome.PERMIT,
        findings=(finding,),
        obligations=(),
        release=(),
        withheld={},
        lawful_if=(),
        version="sha256:0",
        engine="facts/2",
    )


def test_codes_are_told_in_words_and_days_as_people_write_them() -> None:
    words = said(pack_with(questions__concern__harm="serious"))

    assert words["concern.harm"] == "Serious harm: death, serious injury, or as grave"
    assert words["concern.basis"] == "Something they did, contact with a person or group"
    assert words["concern.observed_on"] == "10 March 2026"
    assert all("-" not in answer.split()[0] for answer in words.values())


def test_what_does_not_arise_is_left_out_and_no_other_answer_is() -> None:
    pack = pack_with(questions__panel__applies="yes")
    words = said(pack)

    assert "victim_request.line_of_enquiry" not in words
    assert "agreement_to_share.asking_raises_risk" not in words
    assert words["panel.applies"] == "Yes"


def test_an_age_that_nobody_knows_exactly_is_told_as_a_span() -> None:
    age = {"from": 14, "to": 16}

    assert (
        said(pack_with(questions__subject__approximate_age=age))["subject.approximate_age"]
        == "14 to 16"
    )


def test_a_reason_that_nobody_wrote_is_said_to_be_missing() -> None:
    reasons = {one.place: one.answer for one in reasons_of(pack_with(again="It was lost."))}

    assert reasons["public_interest.reason"] == "(nothing written)"
    assert reasons["again"] == "It was lost."


def test_a_text_that_is_no_day_is_none() -> None:
    assert (day_in_words("2026-03-09"), day_in_words("soon")) == ("9 March 2026", "")


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026-q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_quarter_has_its_days(name: str, first: date, last: date) -> None:
    quarter = Quarter.named(name)

    assert quarter is not None
    assert (quarter.first, quarter.last) == (first, last)
    assert quarter.before.after == quarter
    assert Quarter.of_day(last) == quarter


@pytest.mark.parametrize("name", ["2026-q5", "2026q1", "1999-q1", "2026-q1/", ""])
def test_another_text_names_no_quarter(name: str) -> None:
    assert Quarter.named(name) is None


def test_an_approval_against_a_no_names_every_part_that_nobody_wrote() -> None:
    pack = pack_with(questions__agreement_to_share__status="withdrawn")

    with pytest.raises(FaultyDocumentError) as refused:
        must_be_weighed("approve", {"good": "Help in time."}, pack, a_decision(Status.MET))

    places = {fault.place for fault in refused.value.faults}
    expected = {f"public_interest.{part}" for part in PARTS} - {
        "public_interest.good",
        "public_interest.decided-by",
    }
    assert places == expected


def test_a_part_that_is_none_is_refused_without_being_repeated() -> None:
    with pytest.raises(FaultyDocumentError) as refused:
        must_be_weighed("refuse", {"Zzcanary": "x"}, pack_with(), a_decision(Status.MET))

    assert "Zzcanary" not in str(refused.value)


@pytest.mark.parametrize(
    ("verdict", "status", "rule"),
    [
        ("refuse", "refused", Status.MET),
        ("approve", "given", Status.MET),
        ("approve", "refused", Status.NOT_APPLICABLE),
    ],
)
def test_nothing_is_weighed_where_nobody_said_no_or_nothing_goes(
    verdict: str, status: str, rule: Status
) -> None:
    pack = pack_with(questions__agreement_to_share__status=status)

    must_be_weighed(verdict, {}, pack, a_decision(rule))


def test_who_decides_is_filled_in_where_something_was_weighed() -> None:
    assert with_decider({"good": " Help. ", "less": " "}, "p-1") == {
        "good": "Help.",
        "decided-by": "p-1",
    }
    assert with_decider({}, "p-1") == {}

"""What cannot be judged is named, place by place, and what was sent is never repeated."""

from datetime import date
from typing import Any

import pytest

from policies import (
    Effect,
    Fault,
    FaultKind,
    Outcome,
    Rulebook,
    Status,
    decide,
    faults_in,
    faults_in_subset,
)
from policies.tools.cases import changed

Bases = dict[str, dict[str, object]]

MISSING = "This fact is missing; 'unknown' is an answer where nobody knows."
EXTRA = "There is no fact of this name."


def test_a_good_document_has_no_fault(bases: Bases, rulebook: Rulebook) -> None:
    assert all(faults_in(base, rulebook.vocabulary) == () for base in bases.values())


def test_a_misspelt_fact_is_missing_and_extra(bases: Bases, rulebook: Rulebook) -> None:
    facts = changed(bases["referral"], {"concern.harmm": "serious"})
    concern = facts["concern"]
    assert isinstance(concern, dict)
    del concern["harm"]

    assert faults_in(facts, rulebook.vocabulary) == (
        Fault(place="concern.harm", kind=FaultKind.MISSING, say=MISSING),
        Fault(place="concern.harmm", kind=FaultKind.EXTRA, say=EXTRA, nearest="harm"),
    )


def test_a_wrong_capital_is_a_fault_with_the_word_that_was_meant(
    bases: Bases, rulebook: Rulebook
) -> None:
    facts = changed(bases["referral"], {"agreement_to_share.status": "Refused"})

    (fault,) = faults_in(facts, rulebook.vocabulary)

    assert fault.place == "agreement_to_share.status"
    assert fault.nearest == "refused"
    assert str(fault) == (
        "agreement_to_share.status: This fact must be one of: given, refused, withdrawn, "
        "not-sought, unable, unknown. Did you mean 'refused'?"
    )


@pytest.mark.parametrize(
    ("place", "value"),
    [
        pytest.param("asked_at", "2026-03-16T10:00:00", id="a moment without offset"),
        pytest.param("asked_at", "2026-03-16", id="a day for a moment"),
        pytest.param("asked_at", "2026-02-30T10:00:00Z", id="an impossible moment"),
        pytest.param("asked_at", "9999-12-31T23:59:59-14:00", id="a moment past the calendar"),
        pytest.param("asked_at", "2026-03-16T10:00:00+24:00", id="an impossible offset"),
        pytest.param("asked_at", "20260316T100000Z", id="a moment in another form"),
        pytest.param("asked_at", 20260316, id="a number for a moment"),
        pytest.param("concern.observed_on", "2026-02-30", id="an impossible day"),
        pytest.param("concern.observed_on", "20260310", id="a day in another form"),
        pytest.param("concern.observed_on", "2026-W11-2", id="a week day"),
        pytest.param("concern.observed_on", "2026-03-17", id="observed tomorrow"),
        pytest.param("subject.date_of_birth", "2026-03-17", id="born tomorrow"),
        pytest.param("subject.approximate_age", {"from": 19, "to": 17}, id="an age upside down"),
        pytest.param("subject.approximate_age", {"from": 17}, id="half an age"),
        pytest.param("subject.approximate_age", {"from": 17, "to": 121}, id="an age too high"),
        pytest.param("subject.approximate_age", {"from": 1, "to": 2, "at": 3}, id="a third age"),
        pytest.param("subject.approximate_age", {"from": True, "to": 2}, id="a flag for an age"),
        pytest.param("subject.approximate_age", 17, id="a number for an age range"),
        pytest.param("scope.people", True, id="a flag for a number"),
        pytest.param("scope.people", 1.0, id="a fraction for a number"),
        pytest.param("scope.people", -1, id="fewer than nobody"),
        pytest.param("scope.people", 100001, id="too many people"),
        pytest.param("danger", None, id="nothing for a word"),
        pytest.param("danger", True, id="a flag for a word"),
        pytest.param("purpose_statement", 7, id="a number for a text"),
        pytest.param("purpose_statement", "x" * 4001, id="a text too long"),
        pytest.param("concern.basis", "lawful-belief", id="a word for a list"),
        pytest.param("concern.basis", ["lawful-belief", "lawful-belief"], id="a word twice"),
        pytest.param("concern.basis", ["lawful-beleif"], id="an unknown word in a list"),
        pytest.param("concern.basis", [["lawful-belief"]], id="a list in a list"),
        pytest.param("fields", ["individual.nmae"], id="an unknown field"),
        pytest.param("requester.person", "A Person", id="a name for an identifier"),
        pytest.param("requester.person", "", id="an empty identifier"),
        pytest.param("requester.person", "p\n", id="an identifier with a line end"),
        pytest.param("approval.approver", "A Person", id="a name for an approver"),
        pytest.param("reasons_for_extra_fields", {"individual.nmae": "x"}, id="a field unknown"),
        pytest.param("reasons_for_extra_fields", {"individual.name": ""}, id="an empty reason"),
        pytest.param("reasons_for_extra_fields", {"individual.name": 1}, id="a reason of digits"),
        pytest.param("reasons_for_extra_fields", {7: "x"}, id="a number for a field"),
        pytest.param("reasons_for_extra_fields", [], id="a list for reasons"),
        pytest.param("concern", "serious", id="a word for a group"),
    ],
)
def test_an_ill_typed_fact_is_named_and_refused(
    place: str, value: object, bases: Bases, rulebook: Rulebook
) -> None:
    facts = changed(bases["referral"], {place: value})

    decision = decide(facts, rulebook)

    (finding,) = decision.findings
    assert (finding.rule, finding.status) == ("facts", Status.CANNOT_BE_JUDGED)
    assert finding.effect is Effect.REFUSE
    assert f" {place}: " in finding.say
    assert decision.outcome is Outcome.REFUSE
    assert (decision.release, decision.withheld, decision.obligations) == ((), {}, ())
    assert decision.lawful_if == ("Put right each fact that is named, then ask again.",)


@pytest.mark.parametrize(
    "document", [None, [], "facts", 7, {1: 2}], ids=["nothing", "list", "text", "number", "odd"]
)
def test_what_is_no_document_is_refused(document: Any, rulebook: Rulebook) -> None:
    assert decide(document, rulebook).outcome is Outcome.REFUSE


def test_a_danger_that_is_plain_still_says_999(bases: Bases, rulebook: Rulebook) -> None:
    facts = changed(bases["danger"], {"concern.harm": "Serious"})

    decision = decide(facts, rulebook)

    assert [obligation.type for obligation in decision.obligations] == ["call-999"]
    assert decision.outcome is Outcome.REFUSE


def test_no_value_that_was_sent_is_repeated(bases: Bases, rulebook: Rulebook) -> None:
    changes = {"danger": "Jane Sample", "requester.person": "Jane Sample", "Jane Sample": 1}

    text = str(decide(changed(bases["referral"], changes), rulebook).document())

    assert "Jane" not in text
    assert "?: There is an entry here whose name is not the name of a fact." in text


def test_a_day_is_a_day_in_london(bases: Bases, rulebook: Rulebook) -> None:
    summer_night = {"asked_at": "2026-06-30T23:30:00Z", "subject.date_of_birth": "2026-07-01"}

    assert faults_in(changed(bases["referral"], summer_night), rulebook.vocabulary) == ()


def test_a_subset_holds_just_the_facts_that_are_asked_of_people(rulebook: Rulebook) -> None:
    told = {"status": "no", "telling_raises_risk": "no", "reason": "", "tell_by": None}
    document = {"told": told, "concern": {"harm": "some", "observed_on": "2026-03-17"}}
    under = ("told", "concern.harm", "concern.observed_on")

    assert faults_in_subset(document, rulebook.vocabulary, under=under) == ()
    assert faults_in_subset(
        document, rulebook.vocabulary, under=under, today=date(2026, 3, 16)
    ) == (
        Fault(
            place="concern.observed_on",
            kind=FaultKind.IN_THE_FUTURE,
            say="This day lies after the day judged.",
        ),
    )


def test_a_subset_names_what_is_missing_and_what_is_beyond_it(rulebook: Rulebook) -> None:
    document = {"concern": {"harm": "some", "source": "hearsay"}}

    assert faults_in_subset(
        document, rulebook.vocabulary, under=("concern.harm", "danger", "told.status")
    ) == (
        Fault(place="danger", kind=FaultKind.MISSING, say=MISSING),
        Fault(place="told", kind=FaultKind.MISSING, say=MISSING),
        Fault(place="concern.source", kind=FaultKind.EXTRA, say=EXTRA),
    )

"""What holds for every request, whatever its facts."""

import json
from collections.abc import Mapping
from copy import deepcopy
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rounds import rounds

from policies import Decision, Effect, Outcome, Rulebook, Status, decide, faults_in
from policies.kinds import Kind, Shape
from policies.reading.strict_toml import Faults
from policies.tools.cases import changed, read_bases

SCHEMA = jsonschema.Draft202012Validator(
    json.loads(
        (Path(__file__).parents[1] / "contract" / "decision.schema.json").read_text("utf-8")
    )
)
RULEBOOK = Rulebook.shipped()
BASES = read_bases(files("policies") / "rulebook", Faults())
SHAPES = RULEBOOK.vocabulary.shapes
STOPPED = {Outcome.REFUSE, Outcome.REFER}

Facts = dict[str, object]


def _reasons(shape: Shape) -> st.SearchStrategy[object]:
    return st.dictionaries(st.sampled_from(shape.words), st.sampled_from(["It helps.", " "]))


def _ages() -> st.SearchStrategy[object]:
    ages = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted)
    return st.none() | ages.map(lambda pair: {"from": pair[0], "to": pair[1]})


def _values(shape: Shape) -> st.SearchStrategy[object]:
    words = st.sampled_from(shape.words or ("",))
    lists = st.lists(words, unique=True, max_size=8)
    by_kind: dict[Kind, st.SearchStrategy[object]] = {
        Kind.ONE_OF: words,
        Kind.LIST_OF: lists,
        Kind.LIST_OF_FIELDS: lists,
        Kind.TEXT: st.sampled_from(["", " ", "A written reason."]),
        Kind.WHOLE_NUMBER: st.integers(0, 3),
        Kind.DAY_OR_NOTHING: st.none() | st.dates().map(str),
        Kind.AGE_RANGE_OR_NOTHING: _ages(),
    }
    return by_kind[shape.kind]


SETTLED = {Kind.MOMENT, Kind.IDENTIFIER, Kind.IDENTIFIER_OR_NOTHING, Kind.REASONS_BY_FIELD}
ASKED = [place for place, shape in SHAPES.items() if shape.kind not in SETTLED]


@st.composite
def _requests(draw: st.DrawFn) -> Facts:
    facts = BASES[draw(st.sampled_from(sorted(BASES)))]
    places = draw(st.lists(st.sampled_from(ASKED), unique=True, max_size=12))
    changes = {place: draw(_values(SHAPES[place])) for place in places}
    changes["reasons_for_extra_fields"] = draw(_reasons(SHAPES["reasons_for_extra_fields"]))
    return changed(facts, changes)


REQUESTS = _requests()
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


def _judged(facts: Facts) -> Decision:
    return decide(facts, RULEBOOK)


@settings(max_examples=rounds(100), deadline=None)
@given(ANYTHING)
def test_anything_at_all_gets_a_refusal(document: Any) -> None:
    assert decide(document, RULEBOOK).outcome is Outcome.REFUSE


@settings(max_examples=rounds(100), deadline=None)
@given(REQUESTS, st.sampled_from(sorted(SHAPES)), ANYTHING)
def test_any_value_in_any_place_gets_a_decision(facts: Facts, place: str, value: object) -> None:
    decision = _judged(changed(facts, {place: value}))

    SCHEMA.validate(decision.document())


@settings(max_examples=rounds(100), deadline=None)
@given(REQUESTS)
def test_the_same_facts_get_the_same_decision(facts: Facts) -> None:
    again = Rulebook.from_bundle(RULEBOOK.bundle()) if facts["danger"] == "none" else RULEBOOK

    assert decide(deepcopy(facts), again) == _judged(facts)


@settings(max_examples=rounds(200), deadline=None)
@given(REQUESTS)
def test_every_field_asked_for_is_accounted_for(facts: Facts) -> None:
    decision = _judged(facts)

    assert "record.whole" not in decision.release
    if faults_in(facts, RULEBOOK.vocabulary):
        assert (decision.release, decision.withheld) == ((), {})
    else:
        asked = cast("list[str]", facts["fields"])
        assert sorted([*decision.release, *decision.withheld]) == sorted(asked)
    if decision.outcome in STOPPED:
        assert decision.release == ()


@settings(max_examples=rounds(200), deadline=None)
@given(REQUESTS)
def test_what_stops_says_what_would_help_and_nothing_else_does(facts: Facts) -> None:
    decision = _judged(facts)
    stopping = [one for one in decision.findings if one.effect in {Effect.REFUSE, Effect.REFER}]

    assert bool(decision.lawful_if) == (decision.outcome in STOPPED)
    assert all(one.lawful_if for one in stopping)
    assert all(one.status in {Status.NOT_MET, Status.CANNOT_BE_JUDGED} for one in stopping)
    assert bool(stopping) == (decision.outcome in STOPPED)


@settings(max_examples=rounds(200), deadline=None)
@given(REQUESTS)
def test_an_outcome_follows_from_the_effects(facts: Facts) -> None:
    decision = _judged(facts)
    effects = {one.effect for one in decision.findings}

    if decision.outcome is Outcome.REFUSE:
        assert Effect.REFUSE in effects
    if decision.outcome is Outcome.REFER:
        assert Effect.REFER in effects
        assert Effect.REFUSE not in effects
    if decision.outcome is Outcome.PERMIT:
        assert decision.obligations == ()
    if decision.outcome in {Outcome.PERMIT_WITH_OBLIGATIONS, Outcome.EMERGENCY}:
        assert decision.obligations


HARD_STOPS: list[tuple[str, Mapping[str, object]]] = [
    ("R02", {"requester.authenticated": "no"}),
    ("R02", {"requester.assigned_to_case": "no"}),
    ("R03", {"purpose": "not-listed"}),
    ("R04", {"scope.people": 2}),
    ("R06", {"material.intelligence": "yes"}),
    ("R22", {"purpose": "immigration-enforcement"}),
    ("R22", {"purpose": "research-or-media"}),
    ("R23", {"approval.decision": "approve", "approval.relation": "siro"}),
    ("R25", {"recipient.in_directory": "no"}),
    ("R25", {"recipient.needs_it_for_role": "no"}),
    ("R27", {"recipient.in_united_kingdom": "no"}),
    ("R33", {"recipient.mail": "retired"}),
    ("R33", {"recipient.mail": "hold"}),
    ("R33", {"recipient.mail": "reject"}),
]


@pytest.mark.parametrize(("rule", "stop"), HARD_STOPS, ids=str)
@settings(max_examples=rounds(25), deadline=None)
@given(facts=REQUESTS)
def test_a_hard_stop_refuses_whatever_else_is_so(
    rule: str, stop: Mapping[str, object], facts: Facts
) -> None:
    decision = _judged(changed(facts, stop))

    assert (decision.outcome, decision.release) == (Outcome.REFUSE, ())
    refusing = {one.rule for one in decision.findings if one.effect is Effect.REFUSE}
    assert refusing & {rule, "facts"}


@settings(max_examples=rounds(100), deadline=None)
@given(facts=REQUESTS)
def test_what_was_refused_before_goes_only_in_an_emergency(facts: Facts) -> None:
    outcome = _judged(changed(facts, {"previously_refused": "yes"})).outcome

    assert outcome in {Outcome.REFUSE, Outcome.EMERGENCY}


@settings(max_examples=rounds(100), deadline=None)
@given(facts=REQUESTS)
def test_danger_always_says_999(facts: Facts) -> None:
    decision = _judged(changed(facts, {"danger": "imminent"}))

    assert "call-999" in {obligation.type for obligation in decision.obligations}


@pytest.mark.parametrize("place", SHAPES)
def test_a_fact_that_is_missing_is_named_and_refused(place: str) -> None:
    facts = deepcopy(BASES["referral"])
    group, _, member = place.partition(".")
    if member:
        cast("Facts", facts[group]).pop(member)
    else:
        facts.pop(group)

    decision = _judged(facts)

    (finding,) = decision.findings
    assert decision.outcome is Outcome.REFUSE
    assert f" {place}: This fact is missing;" in finding.say


@pytest.mark.parametrize(
    "place", [place for place, shape in SHAPES.items() if shape.kind is Kind.ONE_OF]
)
def test_a_word_that_is_misspelt_is_named_and_refused(place: str) -> None:
    for word in SHAPES[place].words:
        for wrong in (word.upper() + "X", word + " ", f"{word}s"):
            decision = _judged(changed(BASES["referral"], {place: wrong}))

            (finding,) = decision.findings
            assert decision.outcome is Outcome.REFUSE
            assert f" {place}: This fact must be one of: " in finding.say

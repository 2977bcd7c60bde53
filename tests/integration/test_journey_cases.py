"""The worked cases are entered through the pages, page by page, and give exactly their facts."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from journeys import Walked, answers_of, circumstances, emergency, reworded, walk
from packs import example

from broker.domain.model import Pack
from broker.intake.documents import read_pack
from broker.web.journeys.journey import Journey
from broker.web.journeys.order import BY_ID
from broker.web.journeys.shapes import Page
from policies import Rulebook

CASES = Path(__file__).parents[1] / "cases" / "decisions.json"
# "As above." is no reason that a pack may give; that case is entered with its reason written out.
WRITTEN_OUT = CASES.read_text("utf-8").replace('"As above."', '"Her brother reads her phone."')
DECISIONS: Mapping[str, Mapping[str, Any]] = {
    case["id"]: case["facts"] for case in json.loads(WRITTEN_OUT)
}
NO_PAGE = {
    "C18": "has days of an agreement beside somebody who could not answer, which no rule reads",
    "C99": "has counts typed by hand, which come from the record",
}
SUPPLIED = {"contract", "asked_at", "earlier", "approval", "previously_refused", "sender"}
"""Facts that the gateway adds to what people answer, whole."""


@cache
def rulebook() -> Rulebook:
    return Rulebook.shipped()


@cache
def walked(case: str) -> tuple[Journey, Walked]:
    facts = DECISIONS[case]
    offered = set(facts["fields"])
    known = circumstances(facts, rulebook())
    journey = Journey(known)
    answers = answers_of(facts, known)
    return journey, reworded(journey, walk(journey, answers, offered), offered)


def pack_of(journey: Journey, entered: Walked) -> Pack:
    pack, *_ = journey.packs_of(entered.answers)
    text = json.dumps(pack.document).encode()
    return read_pack(text, rulebook().vocabulary, journey.circumstances.today)


def answered_by_people(facts: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    """Return of a case's facts those that a pack answers, lists in one order."""
    asked: dict[str, Any] = {
        group: {name: facts[group][name] for name in answer}
        if isinstance(answer, dict) and group != "reasons_for_extra_fields"
        else facts[group]
        for group, answer in pack.questions.items()
    }
    return dict(in_one_order(asked))


def in_one_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: in_one_order(member) for name, member in sorted(value.items())}
    return sorted(value) if isinstance(value, list) else value


@pytest.mark.parametrize("case", [case for case in DECISIONS if case not in NO_PAGE])
def test_a_worked_case_is_entered_and_gives_its_facts(case: str) -> None:
    facts = DECISIONS[case]
    journey, entered = walked(case)

    pack = pack_of(journey, entered)

    assert in_one_order(dict(pack.questions)) == answered_by_people(facts, pack)
    assert pack.questions.keys() | SUPPLIED | {"fields"} == facts.keys()
    assert set(pack.fields) == set(facts["fields"])
    assert facts["earlier"]["concerns"] == journey.circumstances.earlier


def test_an_agreement_without_an_answer_has_no_days() -> None:
    facts = DECISIONS["C18"]
    pack = pack_of(*walked("C18"))

    given, wanted = in_one_order(dict(pack.questions)), answered_by_people(facts, pack)
    differing = {name for name in given if given[name] != wanted[name]}
    assert differing == {"agreement_to_share"}
    assert given["agreement_to_share"] == {
        **wanted["agreement_to_share"],
        "given_on": None,
        "expires_on": None,
    }


def test_nobody_is_offered_to_type_counts_by_hand() -> None:
    journey = Journey(circumstances(DECISIONS["C99"], rulebook()))

    (question,) = journey.page("purpose", {}).questions

    offered = {option.code for option in question.options}
    assert not offered & {"anonymous-assurance", "audit"}
    assert "else" in offered


@pytest.mark.parametrize(
    ("pages", "cases"),
    [
        (21, ["C01"]),
        (22, ["C06", "C08", "C10", "C62", "C68"]),
        (23, ["C03", "C04", "C84"]),
    ],
)
def test_a_referral_takes_no_more_pages_than_were_counted(pages: int, cases: list[str]) -> None:
    counted = {case: walked(case)[1].answered_pages(walked(case)[0]) for case in cases}

    assert counted == dict.fromkeys(cases, pages)


def sample(name: str) -> dict[str, Any]:
    """Return the facts of a sample pack as far as somebody answers them, and of its recipient."""
    pack = example(name)
    questions = pack["questions"]
    carried = [field for note in pack["attachments"] for field in note["carries"]]
    return {
        **questions,
        "asked_at": "2026-11-20T12:00:00Z",
        "fields": [*pack["form"], *carried],
        "earlier": {"concerns": 0, "seen": "not-applicable"},
        "legal": {**questions["legal"], "sharing_duty_in_force": "no"},
        "sender": {"sharing_duty_body": "yes"},
        "recipient": {
            **questions["recipient"],
            "kind": "police",
            "function": "prevent-inbox",
            "sharing_duty_body": "yes",
        },
    }


@pytest.mark.parametrize(
    ("name", "most"),
    [("1-permitted", 22), ("2-withheld", 25), ("3-refused", 22), ("4-referred", 22)],
)
def test_a_sample_pack_is_entered_and_comes_out_as_it_is(name: str, most: int) -> None:
    facts, offered = sample(name), set(example(name)["form"])
    notes = example(name)["attachments"]
    known = circumstances(facts, rulebook())
    journey = Journey(known)
    answers = answers_of(facts, known)
    if notes:
        (note,) = notes
        answers["more"] = {"fields": [*offered, "file"]}
        answers["file/1"] = {"file": note["name"], "carries": note["carries"], "why": note["why"]}

    entered = reworded(journey, walk(journey, answers, offered), offered)
    pack = pack_of(journey, entered)

    assert in_one_order(dict(pack.questions)) == answered_by_people(facts, pack)
    assert set(pack.form) == offered
    assert pack.document()["attachments"] == notes
    assert entered.answered_pages(journey) <= most


def test_the_sample_emergency_takes_five_pages_and_the_rest_from_its_check() -> None:
    facts = sample("5-emergency")
    journey, entered = emergency(facts, rulebook(), set(example("5-emergency")["form"]))

    assert len(entered.sent) == 5
    police, inbox = journey.packs_of(entered.answers)
    assert police.recipient is not None
    assert (police.recipient.kind, police.purpose) == ("police", "emergency")
    pack = read_pack(
        json.dumps(police.document).encode(), rulebook().vocabulary, journey.circumstances.today
    )
    assert in_one_order(dict(pack.questions)) == answered_by_people(facts, pack)
    assert set(pack.form) == set(example("5-emergency")["form"])
    assert set(inbox.form) == {
        "individual.name",
        "individual.date_of_birth",
        "concerns.event",
        "checks.emergency",
    }


def test_every_fact_is_set_by_a_page_or_supplied_by_the_gateway() -> None:
    schema = json.loads((CASES.parents[1] / "contract" / "facts.schema.json").read_text("utf-8"))
    whole = {"reasons_for_extra_fields", "approximate_age"}
    named = {
        f"{group}.{name}" if name else group
        for group, fact in schema["properties"].items()
        for name in (fact.get("properties", {"": None}) if group not in whole else {"": None})
    }
    set_by_pages = {
        fact for page in BY_ID.values() for question in page.questions for fact in question.facts
    }
    supplied = {
        name
        for name in named
        if name.partition(".")[0] in SUPPLIED | {"fields"}
        or name.startswith(("requester.", "recipient.", "legal."))
    }
    silent = {"scope.people", "scope.selector", "panel.applies", "transfer.applies"}

    assert named - set_by_pages - supplied - silent == set()
    assert set_by_pages - named == {"recipient", "confirmed"}


def asked(page: Page) -> list[str]:
    """Return what a page asks, each question with its page's title where that asks it."""
    return [f"{page.title} {question.label}".strip() for question in page.questions]


def test_nothing_is_asked_twice_on_the_way_of_any_worked_case() -> None:
    for case in DECISIONS.keys() - NO_PAGE.keys():
        journey, entered = walked(case)
        words = [words for page in journey.pages(entered.answers) for words in asked(page)]

        assert (case, [one for one in {*words} if words.count(one) > 1]) == (case, [])

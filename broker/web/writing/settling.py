"""What nobody knew, asked of the sender anew: each by the question of the page that asks it first.

All stand on one page, beside what the Guardian asks. What is answered becomes facts by the same
code as on those pages, so that it means the same.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from broker.domain.guardians.settling import WRITTEN, Settlement, may_be_answered, value_at
from broker.domain.json_values import as_object, is_object
from broker.web.journeys.answers import Answered, Answers, Circumstances, Value
from broker.web.journeys.facts import facts_of
from broker.web.journeys.order import BY_ID
from broker.web.journeys.shapes import Page, Question, always, never
from broker.web.journeys.walk import resolved

_ASKED_BY: Mapping[str, tuple[tuple[str, str], ...]] = {
    "danger": (("danger-unsure", "danger"),),
    "material_assistance": (("crime", "terrorism"),),
    "concern.source": (("source", "source"),),
    "concern.harm": (("harm", "harm"),),
    "concern.serious_crime": (("crime", "serious"),),
    "necessity.less_would_do": (("why", "less"),),
    "subject.capacity": (("able", "capacity"), ("capacity", "finding"), ("capacity", "can_wait")),
    "subject.decision_can_wait": (("capacity", "can_wait"),),
    "subject.care_and_support_needs": (("able", "care"),),
    "subject.own_answer_to_support": (("support", "own"),),
    "family.implicated": (("family", "implicated"),),
    "agreement_to_share.status": (
        ("agree", "answer"),
        ("agree", "said"),
        ("agree-what", "by"),
        ("agree-what", "on"),
        ("agree-what", "until"),
        ("agree-what", "scope"),
    ),
    "agreement_to_share.asking_raises_risk": (("agree", "answer"), ("agree", "said")),
    "told.telling_raises_risk": (("told", "told"),),
    "legal.compulsion": (("order", "kind"), ("order", "seen")),
    "legal.order_verified": (("order", "seen"),),
    "recipient.needs_it_for_role": (("other-recipient", "needs"),),
    "victim_request.line_of_enquiry": (("victim", "line_of_enquiry"),),
}
"""By which questions of which pages a place is answered, the one that must be answered first."""

_ASKED_BY_THEIR_TITLE: Final = frozenset(
    {("told", "told"), ("harm", "harm"), ("agree", "answer"), ("source", "source")}
)
"""Questions whose own label says little away from the title of their page."""

_SEPARATOR: Final = "--"


def page_of_the_unsettled(
    places: tuple[str, ...], questions: Mapping[str, object], known: Circumstances
) -> Page:
    """Return the page that asks what nobody knew; without questions where nothing is open."""
    answered = Answered(_before(questions), known)
    asked = dict.fromkeys(pair for place in places for pair in _ASKED_BY[place])
    first = {_ASKED_BY[place][0] for place in places}
    return Page(
        id="reply",
        title="Your Guardian asks you something",
        questions=tuple(
            question
            for page, name in asked
            if (question := _as_asked(page, name, answered, must=(page, name) in first))
        ),
    )


def settlement_of(
    given: Mapping[str, Value],
    places: tuple[str, ...],
    questions: Mapping[str, object],
    known: Circumstances,
) -> Settlement:
    """Return what the answers of that page settle."""
    before = _before(questions)
    answers = {page: dict(said) for page, said in before.items()}
    for name, value in given.items():
        page, _, question = name.partition(_SEPARATOR)
        answers.setdefault(page, {})[question] = value
    answered = Answered(answers, known)
    facts = facts_of(answered)
    found = answered.text("capacity", "finding")
    written = {WRITTEN[place]: found for place in places if place in WRITTEN}
    return Settlement(
        answers={place: value_at(facts, place) for place in sorted(may_be_answered(places))},
        form={field: words for field, words in written.items() if words},
    )


def _before(questions: Mapping[str, object]) -> Answers:
    """Return what was answered before, as far as what is asked now depends on it."""
    subject, legal = as_object(questions["subject"]), as_object(questions["legal"])
    ages = subject["approximate_age"]
    known: dict[str, dict[str, Value]] = {
        "age": {"dob": _text(subject["date_of_birth"]), **_ages(ages)},
        "able": {"capacity": _text(subject["capacity"])},
        "purpose": {"purpose": _text(questions["purpose"])},
        "order": {"kind": _text(legal["compulsion"])},
        "ask": {"recipient": "other"},
        "request-papers": {"victim": _text(as_object(questions["victim_request"])["applies"])},
    }
    return known


def _ages(ages: object) -> dict[str, Value]:
    if not is_object(ages):
        return {}
    return {name: age if isinstance(age, int) else None for name, age in ages.items()}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _as_asked(page: str, name: str, answered: Answered, *, must: bool) -> Question | None:
    whole = BY_ID[page]
    asked = next(question for question in whole.questions if question.id == name)
    alone = resolved(replace(whole, questions=(replace(asked, when=always),)), answered)
    if not alone.questions:
        return None  # it only fills a field that does not go for this purpose
    (question,) = alone.questions
    return replace(
        question,
        id=f"{page}{_SEPARATOR}{name}",
        label=alone.title
        if (page, name) in _ASKED_BY_THEIR_TITLE
        else question.label or alone.title,
        must=always if must else never,
    )

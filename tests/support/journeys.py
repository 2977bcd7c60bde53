"""Somebody who walks a journey: facts become what they would answer, page by page, as typed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from broker.domain.form import FIELD_BY_ID
from broker.domain.times import uk_day
from broker.web.journeys.answers import (
    Answers,
    Circumstances,
    Contact,
    Kind,
    Minimum,
    Value,
    purpose_of,
)
from broker.web.journeys.composed import form_of
from broker.web.journeys.conditions import USUAL_PURPOSES, USUAL_RECIPIENTS
from broker.web.journeys.journey import Journey
from broker.web.journeys.shapes import Kind as Shape
from broker.web.journeys.shapes import Page, Question
from broker.web.journeys.walk import Counted
from policies import Rulebook

Facts = Mapping[str, Any]

_BIRTHDAY = "individual.date_of_birth"
REFERRER = "Nurse Example, ward 3, 01632 960 009"
_ROLE_FOR = {
    "partner-request": "police",
    "police-screening": "lead",
    "panel-assessment": "coordinator",
    "support-delivery": "coordinator",
    "case-review": "coordinator",
    "transfer": "coordinator",
    "staff-process": "lead",
    "crime": "lead",
    "court-or-legal": "lead",
    "subject-access": "ig",
}
_TOLD = {("yes", "no"): "yes", ("no", "no"): "safe", ("no", "yes"): "risk"}
_NOT_SOUGHT = {"no": "not-sought", "yes": "not-sought-risk", "unknown": "not-sought-unsure"}
_ELSE = {"immigration-enforcement", "research-or-media", "not-listed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What came of a walk: the answers, and the pages that were sent, in order."""

    answers: Answers
    sent: tuple[str, ...]

    def answered_pages(self, journey: Journey) -> int:
        """Count the pages that were sent and ask something, `check` among them."""
        asking = {page.id for page in journey.pages(self.answers) if page.questions}
        return sum(name in asking or name in {"check", "now-check"} for name in self.sent)


def minimums(rulebook: Rulebook) -> dict[str, Minimum]:
    """Return the fields by purpose as the rulebook has them."""
    return {
        purpose: Minimum(
            goes=fields.minimum,
            for_a_child=fields.for_a_child,
            with_a_reason=fields.with_a_reason,
        )
        for purpose, fields in rulebook.registers.purposes.items()
    }


def circumstances(facts: Facts, rulebook: Rulebook) -> Circumstances:
    """Return circumstances in which somebody could give these facts."""
    recipient = facts["recipient"]
    purpose = str(facts["purpose"])
    contact = Contact(
        mailbox="the-recipient",
        title="Example team",
        body="Example body",
        kind=recipient["kind"],
        function=recipient["function"],
        sharing_duty_body=recipient["sharing_duty_body"] == "yes",
    )
    kind = Kind.REFERRAL if purpose == "referral" else Kind.OTHER
    is_listed = kind is Kind.OTHER or purpose_of(contact) == purpose
    wanted = facts["check"]["status"] != "not-required"
    return Circumstances(
        today=uk_day(datetime.fromisoformat(str(facts["asked_at"]))),
        kind=kind,
        role=_ROLE_FOR.get(purpose, "practitioner"),
        referrer=REFERRER,
        check_purposes=frozenset({purpose}) if wanted else frozenset(),
        contacts=(contact,),
        usual=1 if is_listed and recipient["needs_it_for_role"] == "yes" else 0,
        earlier=facts["earlier"]["concerns"],
        sharing_duty_in_force=facts["legal"]["sharing_duty_in_force"] == "yes",
        sharing_duty_body=facts["sender"]["sharing_duty_body"] == "yes",
        minimums=minimums(rulebook),
        special_fields=rulebook.registers.special_fields,
    )


def answers_of(facts: Facts, known: Circumstances) -> dict[str, dict[str, Value]]:
    """Return what somebody would answer, by page, so that these facts come of it."""
    concern, subject, told = facts["concern"], facts["subject"], facts["told"]
    share, support, victim = (
        facts["agreement_to_share"],
        facts["agreement_to_support"],
        facts["victim_request"],
    )
    purpose, check, legal = facts["purpose"], facts["check"], facts["legal"]
    danger = {"none": "no", "imminent": "yes", "unknown": "unsure"}[facts["danger"]]
    offered = set(facts["fields"])
    ages = subject["approximate_age"] or {"from": None, "to": None}
    ageless = subject["date_of_birth"] is None and subject["approximate_age"] is None
    scope = (tuple(share["recipients"]), tuple(share["purposes"]))
    usual = (USUAL_RECIPIENTS, USUAL_PURPOSES)
    answers: dict[str, dict[str, Value]] = {
        "about": {"about": "person"},
        "purpose": {"purpose": "else" if purpose in _ELSE else purpose},
        "purpose-else": {"purpose": purpose},
        "whom": {
            "selector": facts["scope"]["selector"],
            "people": facts["scope"]["people"],
        },
        "danger": {"danger": danger},
        "danger-unsure": {"danger": facts["danger"]},
        "seen": {"first": concern["observed_on"]},
        "source": {"source": concern["source"]},
        "told-by": {},
        "basis": {"basis": list(concern["basis"])},
        "harm": {"harm": concern["harm"], "to_person": concern["harm_to_person"]},
        "crime": {
            "serious": concern["serious_crime"],
            "terrorism": facts["material_assistance"],
        },
        "age": {
            "dob": subject["date_of_birth"],
            **ages,
            "unsure": ["unsure"] if ageless else None,
        },
        "where": {"send": subject["send"]},
        "family": {
            "position": facts["family"]["parent_position"],
            "implicated": facts["family"]["implicated"],
        },
        "able": {
            "competence": subject["competence"],
            "capacity": subject["capacity"],
            "care": subject["care_and_support_needs"],
        },
        "capacity": {
            "finding": "Assessed by Dr Example on the ward.",
            "can_wait": subject["decision_can_wait"],
        },
        "told": {"told": _TOLD.get((told["status"], told["telling_raises_risk"]), "unsure")},
        "not-told": {"why": told["reason"], "by": told["tell_by"]},
        "agree": {
            "answer": _NOT_SOUGHT[share["asking_raises_risk"]]
            if share["status"] == "not-sought"
            else share["status"],
            "said": share["reason_not_sought"],
        },
        "agree-what": {
            "by": share["given_by"],
            "on": share["given_on"],
            "until": share["expires_on"],
            "scope": "usual" if scope == usual else "other",
        },
        "agree-scope": {"recipients": list(scope[0]), "purposes": list(scope[1])},
        "earlier": {"read": facts["earlier"]["seen"]},
        "lead": {
            "lead": {"done": "talked", "cannot-wait": "cannot-wait"}.get(
                check["status"], "nobody"
            ),
            "said": check["reason"],
        },
        "support": {
            "status": support["status"],
            "by": support["given_by"],
            "on": support["given_on"],
            "until": support["expires_on"],
            "own": subject["own_answer_to_support"],
        },
        "panel": {
            "police": facts["panel"]["home_area_police_present"],
            "chair": facts["panel"]["local_authority_chairs"],
        },
        "transfer": {
            "agreed": facts["transfer"]["chairs_agreed"],
            "accepts": facts["transfer"]["receiving_chair_accepts"],
        },
        "order": {
            "kind": legal["compulsion"],
            "seen": legal["order_verified"],
            "fields": list(legal["order_fields"]),
        },
        "request-papers": {
            "signed": facts["requester"]["signed_request"],
            "victim": victim["applies"],
        },
        "victim": {
            "line_of_enquiry": victim["line_of_enquiry"],
            "counselling_records": victim["counselling_records"],
            "victim_told": victim["victim_told"],
        },
        "victim-counselling": {
            "substantial_probative_value": victim["substantial_probative_value"],
            "senior_approval": victim["senior_approval"],
        },
        "victim-not-told": {"reason_not_told": victim["reason_not_told"]},
        "ask": {
            "recipient": "the-recipient" if known.usual else "other",
            "what": facts["purpose_statement"],
        },
        "other-recipient": {
            "mailbox": "the-recipient",
            "purpose": purpose,
            "needs": facts["recipient"]["needs_it_for_role"],
        },
        "duty-to-share": {
            "worse": facts["duty"]["more_detrimental"],
            "why": facts["duty"]["reason"],
        },
        "why": {
            "need": facts["necessity"]["reason"],
            "less": facts["necessity"]["less_would_do"],
            "fair": facts["proportionality"]["reason"],
        },
        "balance": {"why": facts["public_interest"]["reason"]},
        "read": {"in_it": _in_it(facts["material"])},
        "roles": {"done": "yes"},
    }
    reasons = facts["reasons_for_extra_fields"]
    for field in offered & FIELD_BY_ID.keys():
        text = subject["date_of_birth"] if field == _BIRTHDAY else _text_for(field)
        answers[f"field/{field}"] = {"text": text, "why": reasons.get(field)}
    answers["more"] = {"fields": list(_more(facts))}
    answers["file/1"] = {
        "file": "letter.txt",
        "carries": sorted(offered - FIELD_BY_ID.keys()),
        "why": "It says more than we could.",
    }
    return answers


def walk(journey: Journey, wanted: Mapping[str, Mapping[str, Value]], offered: set[str]) -> Walked:
    """Post every page in its order, as typed, until the last; each must be read without fault."""
    answers: dict[str, Mapping[str, Value]] = {}
    sent: list[str] = []
    name = journey.pages({})[0].id
    while name:
        page = journey.page(name, answers)
        sent.append(name)
        if page.questions:
            said = _filled(page, wanted.get(name, {}), offered)
            reading = journey.read(name, typed(page, said), answers, to_go_on=False)
            assert reading.problems == (), (name, said, reading.problems)
            answers[name] = reading.answers
        name = journey.next_page(name, answers).replace("/now", "seen")
    return Walked(answers=answers, sent=tuple(sent))


def reworded(journey: Journey, walked: Walked, offered: set[str]) -> Walked:
    """Change wordings until exactly what is offered goes: an emptied one takes its field out."""
    answers = dict(walked.answers)
    form = form_of(Counted(answers, journey.circumstances))
    for field in sorted((offered & FIELD_BY_ID.keys()) ^ form.keys()):
        name = f"wording/{field}"
        text = _text_for(field) if field in offered else ""
        reading = journey.read(name, {"text": [text]}, answers)
        assert reading.problems == (), (name, reading.problems)
        answers[name] = reading.answers
    return replace(walked, answers=answers)


def typed(page: Page, said: Mapping[str, Value]) -> dict[str, list[str]]:
    """Return answers as a browser would post them."""
    posted: dict[str, list[str]] = {}
    for question in page.questions:
        value = said.get(question.id)
        if value is None or (value == "not-applicable" and not _offers(question, value)):
            continue
        if question.kind is Shape.DATE:
            day = date.fromisoformat(str(value))
            posted |= {
                f"{question.id}-day": [str(day.day)],
                f"{question.id}-month": [str(day.month)],
                f"{question.id}-year": [str(day.year)],
            }
        else:
            posted[question.id] = list(value) if isinstance(value, list) else [str(value)]
    return posted


def _offers(question: Question, code: str) -> bool:
    return any(option.code == code for option in question.options)


def _filled(page: Page, said: Mapping[str, Value], offered: set[str]) -> dict[str, Value]:
    """Return the answers with a text for every field that is offered, and what must be there."""
    filled = dict(said)
    for question in page.questions:
        if filled.get(question.id) is not None:
            continue
        fields = question.fields
        is_text = question.kind in {Shape.LINE, Shape.TEXT}
        if is_text and fields and (page.id == "seen" or offered.intersection(fields)):
            filled[question.id] = _text_for(fields[0])
    if page.id == "more":
        codes = [option.code for option in page.questions[0].options]
        chosen = [code for code in codes if code in as_codes(said.get("fields"))]
        filled["fields"] = chosen or ["nothing"]
    return filled


def as_codes(value: Value) -> list[str]:
    return value if isinstance(value, list) else []


def _more(facts: Facts) -> Iterator[str]:
    """Yield what somebody ticks: whatever is offered, but a wording that goes by itself."""
    for field in facts["fields"]:
        if field not in FIELD_BY_ID:
            yield "file"
        elif field != "capacity.finding" or field in facts["reasons_for_extra_fields"]:
            yield field


def _text_for(field: str) -> str:
    return "2026-03-10" if field == "dates.noticed" else f"Fictitious: {field}"


def _in_it(material: Mapping[str, str]) -> list[str]:
    names = {
        "people": "third_parties",
        "offences": "criminal_offence_data",
        "intelligence": "intelligence",
    }
    return [code for code, fact in names.items() if material[fact] == "yes"] or ["none"]


def emergency(facts: Facts, rulebook: Rulebook, offered: set[str]) -> tuple[Journey, Walked]:
    """Walk the five pages of an emergency; then answer the rest from its check."""
    police = circumstances(facts, rulebook)
    inbox = replace(
        police.contacts[0],
        mailbox="the-inbox",
        kind="nhs",
        function="safeguarding-inbox",
        own=True,
    )
    known = replace(
        police,
        kind=Kind.EMERGENCY,
        check_purposes=frozenset({"referral"}),
        contacts=(*police.contacts, inbox),
        usual=2,
    )
    journey = Journey(known)
    ordinary = answers_of(facts, known)
    wanted: dict[str, dict[str, Value]] = {
        "now-call": {"rung": "rung", "at": "09:45", "number": "000-EXAMPLE"},
        "now-who": {
            "name": "Sam Fictional",
            "dob": facts["subject"]["date_of_birth"],
            "address": "7 Imaginary Close",
            "contact": "01632 960 102",
        },
        "now-what": {
            "event": "On the way to the hall.",
            "words": "Everyone will remember today.",
            "weapons": "A kitchen knife.",
            "source": facts["concern"]["source"],
            "ask": facts["purpose_statement"],
        },
        "now-told": {**ordinary["told"], "why": facts["told"]["reason"]},
    }
    walked = walk(journey, wanted, set())
    answers = dict(walked.answers)
    later = ["harm", "crime", "able", "why", "agree", "agree-what", "balance", "where", "family"]
    for name in [*later, "lead", "read", *(f"field/{field}" for field in sorted(offered))]:
        page = journey.page(name, answers)
        if name.startswith("field/") and name.removeprefix("field/") in form_of(
            Counted(answers, known)
        ):
            continue
        reading = journey.read(name, typed(page, ordinary[name]), answers, to_go_on=False)
        assert reading.problems == (), (name, reading.problems)
        answers[name] = reading.answers
    return journey, replace(walked, answers=answers)

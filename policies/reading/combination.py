"""Read the terms of combining: which rules stand, yield or may be approved, and what is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from policies.decision import Effect, Finding, RuleId, Status
from policies.derived.plan import FieldOutcome
from policies.engine import Card, Clause, facts_in
from policies.reading.clauses import read_clauses
from policies.reading.strict_toml import Faults, Section, Source, top
from policies.reading.vocabulary import HARD_STOP, LATE_FACTS, Vocabulary

_SAYINGS: Final = (
    "not-applicable",
    "waived-in-an-emergency",
    "waived-by-law",
    "approved",
    "faulty-facts",
    "faulty-facts-lawful-if",
    "not-earned",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that a permit must answer: one of these rules must be met."""

    asks: str
    answered_by: frozenset[str]
    only_when: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """How findings become one outcome; `written_on` is the day of these rules."""

    written_on: date
    emergency_rule: RuleId
    emergency_call: str
    compelled_when: tuple[Clause, ...]
    approved_when: tuple[Clause, ...]
    questions: tuple[Question, ...]
    silent: Mapping[RuleId, Finding]
    sayings: Mapping[str, str]
    field_outcomes: Mapping[FieldOutcome, str]


def read_terms(
    source: Source, cards: Mapping[str, Card], vocabulary: Vocabulary, faults: Faults
) -> Combination:
    """Return the terms of combining; each list of rules must repeat what the cards say."""
    section = top(source, faults)
    for heading in ("never-waived", "yields-to-compulsion", "guardian-may-approve"):
        _same_rules(section, heading, cards)
    emergency, call = section.text("emergency-rule"), section.text("emergency-call")
    _check_emergency(section, cards, emergency, call)
    sayings, field_outcomes = section.section("sayings"), section.section("field-outcomes")
    terms = Combination(
        written_on=section.day("written-on"),
        emergency_rule=RuleId(emergency),
        emergency_call=call,
        compelled_when=read_clauses(section, section.items("compelled-when"), vocabulary),
        approved_when=read_clauses(section, section.items("approved-when"), vocabulary),
        questions=tuple(
            _question(asked, cards, vocabulary) for asked in section.sections("questions")
        ),
        silent={card.rule: _silent(card, sayings) for card in cards.values()},
        sayings={name: sayings.text(name) for name in _SAYINGS},
        field_outcomes={
            field_outcome: field_outcomes.text(field_outcome)
            for field_outcome in FieldOutcome
            if field_outcome is not FieldOutcome.GOES
        },
    )
    _check_late_facts(section, cards, terms)
    for each in (section, sayings, field_outcomes):
        each.finish()
    return terms


def _silent(card: Card, sayings: Section) -> Finding:
    return Finding(
        rule=card.rule,
        status=Status.NOT_APPLICABLE,
        effect=Effect.NONE,
        say=sayings.text("not-applicable"),
        law=card.law,
    )


def _check_emergency(
    section: Section, cards: Mapping[str, Card], emergency: str, call: str
) -> None:
    card = cards.get(emergency)
    if card is None or not any(finding.opens_emergency for finding in card.findings):
        section.fault(f"'{emergency}' opens no emergency.", at=emergency, known=list(cards))
    elif call not in (duties := [duty.type for duty in card.duties]):
        section.fault(f"'{call}' is not a duty of {emergency}.", at=call, known=duties)


def _check_late_facts(section: Section, cards: Mapping[str, Card], terms: Combination) -> None:
    """Note every clause that would ask for a fact before judging has brought it about."""
    early = {
        "combine": facts_in(
            (
                *terms.compelled_when,
                *terms.approved_when,
                *(clause for question in terms.questions for clause in question.only_when),
            )
        ),
        **{
            rule: facts_in(
                (*card.applies_when, *(clause for found in card.findings for clause in found.when))
            )
            for rule, card in cards.items()
        },
    }
    for rule, facts in early.items():
        known = {HARD_STOP} if rule == terms.emergency_rule else set[str]()
        for fact in sorted(set(facts) & set(LATE_FACTS) - known):
            section.fault(f"{rule}: '{fact}' is known only to duties.", at=rule)


def _same_rules(section: Section, heading: str, cards: Mapping[str, Card]) -> None:
    attribute = heading.replace("-", "_")
    said = {
        rule
        for rule, card in cards.items()
        if any(getattr(finding, attribute) for finding in card.findings)
    }
    for rule in sorted(set(section.texts(heading)) ^ said):
        section.fault(f"{rule}: the card and the list {heading} must say the same.", at=rule)


def _question(section: Section, cards: Mapping[str, Card], vocabulary: Vocabulary) -> Question:
    answered_by = section.texts("answered-by")
    for rule in answered_by:
        if rule not in cards:
            section.fault(f"'{rule}' is not a rule.", at=rule, known=list(cards))
    question = Question(
        asks=section.text("asks"),
        answered_by=frozenset(answered_by),
        only_when=read_clauses(section, section.items("only-when"), vocabulary),
    )
    section.finish()
    return question

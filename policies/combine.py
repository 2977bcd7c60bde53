"""Combine what every card says into one decision, in the order the rulebook's README gives.

Every card is judged; none is skipped because another stopped.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, cast

from policies.answers import YES_OR_NO, Answers, answers
from policies.decision import (
    Decision,
    Effect,
    Finding,
    Obligation,
    Outcome,
    RuleId,
    SettledBy,
    Status,
)
from policies.derived.plan import FieldOutcome, Plan, plan_for_emergency, plan_for_purpose
from policies.engine import Entry, Sheet, all_hold, duties
from policies.facts import Facts
from policies.reading.rulebook import Rulebook
from policies.sheet import sheet_for

_WAITING: Final = frozenset({FieldOutcome.WAITS_FOR_THE_GUARDIAN})
_LEAVING: Final = _WAITING | {FieldOutcome.GOES}
# What becomes of fields once the outcome is known. A permit with a field for the Guardian exists
# only where the Guardian agreed.
_BECOMES: Final = {
    Outcome.PERMIT: (FieldOutcome.GOES, _WAITING),
    Outcome.REFER: (FieldOutcome.REFERRED, _LEAVING),
    Outcome.REFUSE: (FieldOutcome.REFUSED, _LEAVING),
}


def combined(facts: Facts, rulebook: Rulebook) -> Decision:
    """Return the decision on facts that can be judged."""
    by_purpose = plan_for_purpose(facts, rulebook.registers)
    sheet = sheet_for(facts, by_purpose, rulebook.vocabulary, rulebook.registers)
    given = answers(rulebook, sheet, facts.today())
    lawful_if = _lawful_if(given, rulebook, sheet)
    outcome = _outcome(given, earned=not lawful_if)
    plan = _plan(facts, rulebook, outcome, by_purpose)
    stays = {
        field: field_outcome
        for field, field_outcome in plan.items()
        if field_outcome is not FieldOutcome.GOES
    }
    sheet.update(_late_facts(given, stays, outcome))
    owed = _owed(given, rulebook, sheet, outcome)
    if outcome is Outcome.PERMIT and owed:
        outcome = Outcome.PERMIT_WITH_OBLIGATIONS
    return Decision(
        outcome=outcome,
        findings=_findings(given, owed),
        obligations=_one_of_each_type(owed, rulebook),
        release=tuple(field for field in plan if field not in stays),
        withheld={
            field: rulebook.terms.field_outcomes[field_outcome]
            for field, field_outcome in stays.items()
        },
        lawful_if=lawful_if,
        version=rulebook.version,
        engine=rulebook.engine,
        settled_by=_settled_by(given),
    )


def of_any_outcome(document: object, rulebook: Rulebook) -> tuple[Obligation, ...]:
    """Return what is owed even where the facts cannot be judged: a danger that is plain."""
    if not isinstance(document, dict):
        return ()
    if cast("dict[object, object]", document).get("danger") != "imminent":
        return ()
    call = rulebook.obligations[rulebook.terms.emergency_call]
    return (replace(call, facts={}).owed(rulebook.terms.emergency_rule, {}),)


def _lawful_if(given: Answers, rulebook: Rulebook, sheet: Sheet) -> tuple[str, ...]:
    """Return all that would make it lawful; nothing where it may go.

    A permit is earned, not merely unopposed: a question that no rule answers stands here too.
    """
    if given.emergency:
        return ()
    asked = dict.fromkeys(text for finding in given.stops for text in finding.lawful_if)
    return tuple(asked) or _unanswered(given, rulebook, sheet)


def _unanswered(given: Answers, rulebook: Rulebook, sheet: Sheet) -> tuple[str, ...]:
    met = {rule for rule, finding in given.findings.items() if finding.status is Status.MET}
    return tuple(
        f"{rulebook.terms.sayings['not-earned']} {question.asks}"
        for question in rulebook.terms.questions
        if not met & question.answered_by and all_hold(question.only_when, sheet)
    )


def _outcome(given: Answers, *, earned: bool) -> Outcome:
    effects = {finding.effect for finding in given.stops}
    if given.emergency:
        return Outcome.EMERGENCY
    if Effect.REFUSE in effects:
        return Outcome.REFUSE
    if Effect.REFER in effects:
        return Outcome.REFER
    return Outcome.PERMIT if earned else Outcome.REFUSE


def _plan(facts: Facts, rulebook: Rulebook, outcome: Outcome, by_purpose: Plan) -> Plan:
    if outcome is Outcome.EMERGENCY:
        return plan_for_emergency(facts, rulebook.registers)
    instead, of = _BECOMES[outcome]
    return {
        field: instead if field_outcome in of else field_outcome
        for field, field_outcome in by_purpose.items()
    }


def _late_facts(given: Answers, stays: Plan, outcome: Outcome) -> dict[str, Entry]:
    return {
        "outcome": outcome.value,
        "a rule refuses short of a hard stop": YES_OR_NO[_refuses_short_of_a_hard_stop(given)],
        "an approval answered a referral": YES_OR_NO[given.approved],
        "a field is withheld": YES_OR_NO[bool(stays)],
        "fields withheld": frozenset(stays),
    }


def _settled_by(given: Answers) -> dict[RuleId, SettledBy]:
    return {
        finding.rule: SettledBy.A_WORD if found.guardian_may_approve else SettledBy.AN_ANSWER
        for finding in given.stops
        if finding.effect is Effect.REFER and (found := given.found[finding.rule]) is not None
    }


def _refuses_short_of_a_hard_stop(given: Answers) -> bool:
    return any(
        finding.effect is Effect.REFUSE
        and (found := given.found[finding.rule]) is not None
        and not found.never_waived
        for finding in given.stops
    )


def _owed(given: Answers, rulebook: Rulebook, sheet: Sheet, outcome: Outcome) -> list[Obligation]:
    stopped = outcome in {Outcome.REFUSE, Outcome.REFER}
    return [
        kind.owed(card.rule, sheet)
        for card in rulebook.cards
        if card.duties and given.found[card.rule] is not None
        for kind in map(rulebook.obligations.__getitem__, duties(card, sheet))
        if kind.whatever_the_outcome or not stopped
    ]


def _one_of_each_type(owed: Iterable[Obligation], rulebook: Rulebook) -> tuple[Obligation, ...]:
    first: dict[str, Obligation] = {}
    for obligation in owed:
        first.setdefault(obligation.type, obligation)
    return tuple(first[name] for name in rulebook.obligations if name in first)


def _findings(given: Answers, owed: Iterable[Obligation]) -> tuple[Finding, ...]:
    obliging = {
        duty.rule: replace(given.findings[duty.rule], effect=Effect.OBLIGES)
        for duty in owed
        if given.findings[duty.rule].effect is Effect.NONE
    }
    return tuple({**given.findings, **obliging}.values())

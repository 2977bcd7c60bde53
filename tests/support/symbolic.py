"""The cards as formulas for Z3, over the words that each fact may hold.

`counterexample` returns a possible sheet on which all claims hold together, or None where there is
none: then that their sum never happens is proved, for every sheet and not for samples.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import z3  # type: ignore[import-untyped]  # z3-solver ships no types

from policies import Rulebook
from policies.decision import RuleId, Status
from policies.engine import AnyOf, Card, CardFinding, Clause, IsEmpty
from policies.kinds import Kind

RULEBOOK = Rulebook.read(files("policies") / "rulebook")
CARDS = {card.rule: card for card in RULEBOOK.cards}


@cache
def domain(fact: str) -> tuple[str, ...]:
    shape = RULEBOOK.vocabulary.shape_of(fact)
    if shape.kind is Kind.ONE_OF:
        return shape.words
    return ("0", "1", "2", "3") if shape.kind is Kind.WHOLE_NUMBER else ("", "written")


@cache
def variable(fact: str) -> z3.ArithRef:
    return z3.Int(fact)


def is_(fact: str, *words: str) -> z3.BoolRef:
    words_of_it = domain(fact)
    return z3.Or(
        [variable(fact) == words_of_it.index(word) for word in words if word in words_of_it]
    )


def holds(clause: Clause) -> z3.BoolRef:
    if isinstance(clause, AnyOf):
        return z3.Or([holds(one) for one in clause.clauses])
    if isinstance(clause, IsEmpty):
        return is_(clause.fact, "")
    return is_(clause.fact, *clause.words)


def all_hold(clauses: Iterable[Clause]) -> z3.BoolRef:
    return z3.And([holds(clause) for clause in clauses])


def answers(card: Card, number: int) -> z3.BoolRef:
    earlier = [z3.Not(all_hold(other.when)) for other in card.findings[:number]]
    return z3.And(all_hold(card.applies_when), all_hold(card.findings[number].when), *earlier)


def any_finding(wanted: Iterable[tuple[Card, int, CardFinding]]) -> z3.BoolRef:
    return z3.Or([answers(card, number) for card, number, _ in wanted])


EVERY = [
    (card, number, finding)
    for card in RULEBOOK.cards
    for number, finding in enumerate(card.findings)
]
COMPELLED = all_hold(RULEBOOK.terms.compelled_when)
APPROVED = all_hold(RULEBOOK.terms.approved_when)
HARD_STOP = any_finding(one for one in EVERY if one[2].never_waived)
EMERGENCY = any_finding(one for one in EVERY if one[2].opens_emergency)


def is_approved(finding: CardFinding) -> z3.BoolRef:
    approvable = z3.BoolVal(finding.guardian_may_approve)
    yielded = z3.And(z3.BoolVal(finding.yields_to_compulsion), COMPELLED)
    return z3.And(approvable, APPROVED, z3.Not(yielded))


def stops(card: Card, number: int, finding: CardFinding) -> z3.BoolRef:
    yielded = z3.And(z3.BoolVal(finding.yields_to_compulsion), COMPELLED)
    return z3.And(answers(card, number), z3.Not(yielded), z3.Not(is_approved(finding)))


def is_met(rule: str) -> z3.BoolRef:
    card = CARDS[RuleId(rule)]
    met = [
        answers(card, number)
        if finding.written.status is Status.MET
        else z3.And(answers(card, number), is_approved(finding))
        for number, finding in enumerate(card.findings)
    ]
    return z3.Or(met)


STOPPED = z3.Or([stops(*one) for one in EVERY if one[2].written.stops])
EARNED = z3.And(
    [
        z3.Implies(all_hold(one.only_when), z3.Or([is_met(rule) for rule in one.answered_by]))
        for one in RULEBOOK.terms.questions
    ]
)
PERMITTED = z3.And(z3.Not(EMERGENCY), z3.Not(STOPPED), EARNED)
ANSWERED = z3.Or(EMERGENCY, PERMITTED)
POSSIBLE = z3.And(
    is_("a hard stop stands", "yes") == HARD_STOP,
    *[
        z3.And(variable(fact) >= 0, variable(fact) < len(domain(fact)))
        for fact in RULEBOOK.vocabulary.spoken()
    ],
)
ABOUT_A_PERSON = is_("purpose", *RULEBOOK.vocabulary.lists["purposes about a person"])
SERIOUS = z3.Or(is_("harm", "serious"), is_("serious crime", "yes"))
ADULT_WHO_CAN_DECIDE = z3.And(
    ABOUT_A_PERSON,
    is_("under 18", "no"),
    is_("under 16", "no"),
    is_("capacity", "presumed", "has"),
)
NO_AGREEMENT = is_("agreement to share", "does not hold")
A_QUESTION = is_("purpose", "partner-request")
BY_POLICE_OR_COUNCIL = z3.And(A_QUESTION, is_("sender", "police", "local-authority"))


def counterexample(*claim: z3.BoolRef) -> z3.ModelRef | None:
    solver = z3.Solver()
    solver.add(POSSIBLE, *claim)
    return solver.model() if solver.check() == z3.sat else None

"""Proofs, by Z3, that some things can never happen: for every possible sheet, not for samples.

The cards are written as formulas over the words that each fact may hold. A false claim would come
back with a request that breaks it.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import pytest
import z3  # type: ignore[import-untyped]  # z3-solver ships no types

from policies import Rulebook
from policies.cards_v1 import AnyOf, Card, CardFinding, Clause, IsEmpty
from policies.decision import RuleId, Status
from policies.kinds import Kind

RULEBOOK = Rulebook.read(files("policies") / "rulebook")
CARDS = {card.rule: card for card in RULEBOOK.cards}


@cache
def _domain(fact: str) -> tuple[str, ...]:
    shape = RULEBOOK.vocabulary.shape_of(fact)
    if shape.kind is Kind.ONE_OF:
        return shape.words
    return ("0", "1", "2", "3") if shape.kind is Kind.WHOLE_NUMBER else ("", "written")


@cache
def _variable(fact: str) -> z3.ArithRef:
    return z3.Int(fact)


def _is(fact: str, *words: str) -> z3.BoolRef:
    domain = _domain(fact)
    return z3.Or([_variable(fact) == domain.index(word) for word in words if word in domain])


def _holds(clause: Clause) -> z3.BoolRef:
    if isinstance(clause, AnyOf):
        return z3.Or([_holds(one) for one in clause.clauses])
    if isinstance(clause, IsEmpty):
        return _is(clause.fact, "")
    return _is(clause.fact, *clause.words)


def _all(clauses: Iterable[Clause]) -> z3.BoolRef:
    return z3.And([_holds(clause) for clause in clauses])


def _answers(card: Card, number: int) -> z3.BoolRef:
    earlier = [z3.Not(_all(other.when)) for other in card.findings[:number]]
    return z3.And(_all(card.applies_when), _all(card.findings[number].when), *earlier)


def _any_finding(wanted: Iterable[tuple[Card, int, CardFinding]]) -> z3.BoolRef:
    return z3.Or([_answers(card, number) for card, number, _ in wanted])


EVERY = [
    (card, number, finding)
    for card in RULEBOOK.cards
    for number, finding in enumerate(card.findings)
]
COMPELLED = _all(RULEBOOK.terms.compelled_when)
APPROVED = _all(RULEBOOK.terms.approved_when)
HARD_STOP = _any_finding(one for one in EVERY if one[2].never_waived)
EMERGENCY = _any_finding(one for one in EVERY if one[2].opens_emergency)


def _is_approved(finding: CardFinding) -> z3.BoolRef:
    approvable = z3.BoolVal(finding.guardian_may_approve)
    yielded = z3.And(z3.BoolVal(finding.yields_to_compulsion), COMPELLED)
    return z3.And(approvable, APPROVED, z3.Not(yielded))


def _stops(card: Card, number: int, finding: CardFinding) -> z3.BoolRef:
    yielded = z3.And(z3.BoolVal(finding.yields_to_compulsion), COMPELLED)
    return z3.And(_answers(card, number), z3.Not(yielded), z3.Not(_is_approved(finding)))


def _is_met(rule: str) -> z3.BoolRef:
    card = CARDS[RuleId(rule)]
    met = [
        _answers(card, number)
        if finding.written.status is Status.MET
        else z3.And(_answers(card, number), _is_approved(finding))
        for number, finding in enumerate(card.findings)
    ]
    return z3.Or(met)


STOPPED = z3.Or([_stops(*one) for one in EVERY if one[2].written.stops])
EARNED = z3.And(
    [
        z3.Implies(_all(one.only_when), z3.Or([_is_met(rule) for rule in one.answered_by]))
        for one in RULEBOOK.terms.questions
    ]
)
PERMITTED = z3.And(z3.Not(EMERGENCY), z3.Not(STOPPED), EARNED)
ANSWERED = z3.Or(EMERGENCY, PERMITTED)
POSSIBLE = z3.And(
    _is("a hard stop stands", "yes") == HARD_STOP,
    *[
        z3.And(_variable(fact) >= 0, _variable(fact) < len(_domain(fact)))
        for fact in RULEBOOK.vocabulary.spoken()
    ],
)
ABOUT_A_PERSON = _is("purpose", *RULEBOOK.vocabulary.lists["purposes about a person"])
SERIOUS = z3.Or(_is("harm", "serious"), _is("serious crime", "yes"))
ADULT_WHO_CAN_DECIDE = z3.And(
    ABOUT_A_PERSON,
    _is("under 18", "no"),
    _is("under 16", "no"),
    _is("capacity", "presumed", "has"),
)
NO_AGREEMENT = _is("agreement to share", "does not hold")


def _counterexample(*claim: z3.BoolRef) -> z3.ModelRef | None:
    solver = z3.Solver()
    solver.add(POSSIBLE, *claim)
    return solver.model() if solver.check() == z3.sat else None


@pytest.mark.parametrize(
    "stop",
    [
        pytest.param(_is("requester is signed in", "no"), id="nobody unknown is answered"),
        pytest.param(_is("requester is assigned to the case", "no"), id="nor anyone off the case"),
        pytest.param(
            _is("purpose", "not-listed", "immigration-enforcement", "research-or-media"),
            id="nor a purpose that is not ours",
        ),
        pytest.param(_is("intelligence material", "yes"), id="intelligence never leaves"),
        pytest.param(_is("approval", "does not count"), id="nobody approves their own"),
        pytest.param(_is("recipient is in the directory", "no"), id="nobody off the directory"),
        pytest.param(_is("recipient needs it", "no"), id="nobody without need"),
        pytest.param(_is("recipient is in the United Kingdom", "no"), id="nothing goes abroad"),
        pytest.param(_is("mail verdict", "retired", "hold", "reject"), id="no unsafe address"),
        pytest.param(
            z3.And(ABOUT_A_PERSON, _is("number of people", "0", "2", "3")), id="no list of people"
        ),
    ],
)
def test_a_hard_stop_is_never_answered_emergency_or_not(stop: z3.BoolRef) -> None:
    assert _counterexample(ANSWERED, stop) is None


@pytest.mark.parametrize(
    "never",
    [
        pytest.param(
            z3.And(ADULT_WHO_CAN_DECIDE, NO_AGREEMENT, z3.Not(COMPELLED), z3.Not(SERIOUS)),
            id="an adult who can decide, has not agreed, and no serious harm",
        ),
        pytest.param(
            z3.And(
                ADULT_WHO_CAN_DECIDE,
                NO_AGREEMENT,
                z3.Not(COMPELLED),
                _is("reason of public interest", ""),
            ),
            id="such an adult, and no balance written",
        ),
        pytest.param(
            z3.And(
                ADULT_WHO_CAN_DECIDE,
                NO_AGREEMENT,
                z3.Not(COMPELLED),
                z3.Not(APPROVED),
                z3.Not(_is("status of the agreement", "not-sought")),
            ),
            id="such an adult who was asked, and no second person",
        ),
        pytest.param(_is("danger", "unknown"), id="unknown danger"),
        pytest.param(_is("material assistance", "unknown"), id="unknown material assistance"),
        pytest.param(_is("recipient needs it", "unknown"), id="unknown need for the role"),
        pytest.param(
            z3.And(_is("harm", "unknown"), z3.Not(COMPELLED)), id="unknown harm, no compulsion"
        ),
        pytest.param(
            z3.And(_is("less would do", "unknown"), z3.Not(COMPELLED)),
            id="unknown whether less would do",
        ),
        pytest.param(
            z3.And(ABOUT_A_PERSON, _is("source of the concern", "unknown"), z3.Not(COMPELLED)),
            id="unknown source",
        ),
        pytest.param(
            z3.And(
                ABOUT_A_PERSON,
                _is("under 16", "no", "not sure"),
                _is("capacity", "unknown", "doubted", "fluctuating"),
                z3.Not(COMPELLED),
            ),
            id="capacity in doubt",
        ),
        pytest.param(
            z3.And(
                ABOUT_A_PERSON,
                _is("under 18", "yes", "not sure"),
                _is("a parent is implicated", "unknown"),
                z3.Not(COMPELLED),
            ),
            id="unknown whether a parent of a child is part of it",
        ),
        pytest.param(
            z3.And(
                ABOUT_A_PERSON,
                _is("the person was told", "no"),
                _is("telling raises risk", "unknown"),
            ),
            id="unknown whether telling raises the risk",
        ),
        pytest.param(
            z3.And(_is("mail verdict", "seal"), _is("recipient takes encrypted files", "unknown")),
            id="unknown whether sealed files are taken",
        ),
        pytest.param(
            z3.And(ABOUT_A_PERSON, _is("special condition's own test", "cannot be told")),
            id="a condition that cannot be told",
        ),
        pytest.param(_is("article 6 basis", "consent", "none"), id="consent as the basis"),
        pytest.param(_is("approval", "refused by someone independent"), id="a second refusal"),
        pytest.param(
            z3.And(
                _is("purpose", "support-delivery"),
                z3.Not(_is("agreement to support", "holds")),
            ),
            id="support without agreement, compelled or not",
        ),
        pytest.param(
            z3.And(_is("purpose", "court-or-legal"), z3.Not(COMPELLED)), id="an order not shown"
        ),
        pytest.param(
            z3.And(_is("purpose", "crime"), z3.Not(COMPELLED), z3.Not(APPROVED)),
            id="a request about a crime without a second person",
        ),
        pytest.param(
            z3.And(_is("purpose", "staff-process"), z3.Not(APPROVED)),
            id="staff without a second person",
        ),
    ],
)
def test_what_must_never_be_permitted_never_is(never: z3.BoolRef) -> None:
    # The register lists no condition for staff; the cards read that as a derived fact.
    usual = z3.Implies(
        _is("purpose", "staff-process"), _is("special condition is usual here", "no")
    )

    assert _counterexample(PERMITTED, never, usual) is None


@pytest.mark.parametrize(
    "possible",
    [
        pytest.param(PERMITTED, id="a permit"),
        pytest.param(EMERGENCY, id="an emergency"),
        pytest.param(
            z3.And(PERMITTED, NO_AGREEMENT, ADULT_WHO_CAN_DECIDE, APPROVED), id="approved"
        ),
        pytest.param(
            z3.And(PERMITTED, NO_AGREEMENT, ADULT_WHO_CAN_DECIDE, COMPELLED), id="compelled"
        ),
        pytest.param(
            z3.And(PERMITTED, NO_AGREEMENT, _is("under 18", "yes"), _is("harm", "significant")),
            id="a child at significant harm",
        ),
    ],
)
def test_the_proofs_are_not_empty_for_this_can_happen(possible: z3.BoolRef) -> None:
    assert _counterexample(possible) is not None


@pytest.mark.parametrize(
    ("card", "number"),
    [pytest.param(card, number, id=f"{card.rule}-{number + 1}") for card, number, _ in EVERY],
)
def test_every_finding_can_be_reached(card: Card, number: int) -> None:
    assert _counterexample(_answers(card, number)) is not None

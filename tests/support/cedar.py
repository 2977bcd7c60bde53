"""The cards, written as Cedar policies: an independent engine that answers the same questions.

Each finding becomes one `permit` whose condition says that the card applies, that its own clauses
hold and that those of no earlier finding do. Cedar then names the findings that answer.
"""

import json
import random
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import cedarpy

from policies import Rulebook
from policies.derived.plan import plan_for_purpose
from policies.engine import AnyOf, Card, Clause, Entry, IsEmpty, judge
from policies.facts import Facts
from policies.faults import read_facts
from policies.kinds import Kind, Shape
from policies.reading.strict_toml import Faults
from policies.sheet import sheet_for
from policies.tools.cases import read_cases

RULEBOOK = Rulebook.read(files("policies") / "rulebook")
SPOKEN = {name: RULEBOOK.vocabulary.shape_of(name) for name in RULEBOOK.vocabulary.spoken()}
FINDINGS = [
    f"{card.rule}-{number}"
    for card in RULEBOOK.cards
    for number in range(1, len(card.findings) + 1)
]


def _cedar(clause: Clause) -> str:
    if isinstance(clause, AnyOf):
        return f"({' || '.join(_cedar(one) for one in clause.clauses)})"
    name = json.dumps(clause.fact)
    if isinstance(clause, IsEmpty):
        return f"context.empty[{name}]"
    return f"{json.dumps(sorted(clause.words))}.contains(context.word[{name}])"


def _both(clauses: tuple[Clause, ...]) -> str:
    return " && ".join([_cedar(clause) for clause in clauses] or ["true"])


def _policies(card: Card) -> list[str]:
    conditions = []
    for number, finding in enumerate(card.findings):
        earlier = [f"!({_both(other.when)})" for other in card.findings[:number]]
        conditions.append(" && ".join([_both(card.applies_when), _both(finding.when), *earlier]))
    return [f"permit(principal, action, resource) when {{ {one} }};" for one in conditions]


POLICIES = cedarpy.PolicySet.from_str(
    "\n".join(policy for card in RULEBOOK.cards for policy in _policies(card))
)
NOBODY = cedarpy.Entities.from_json_str("[]")


def _entry(shape: Shape, chance: random.Random) -> Entry:
    match shape.kind:
        case Kind.ONE_OF:
            return chance.choice(shape.words)
        case Kind.WHOLE_NUMBER:
            return str(chance.randint(0, 3))
        case Kind.LIST_OF | Kind.LIST_OF_FIELDS:
            return frozenset(chance.sample(shape.words, chance.randint(0, 2)))
        case _:
            return chance.choice(["", "written"])


@cache
def _sheets_of_the_cases() -> tuple[dict[str, Entry], ...]:
    """Return the sheet of each case beside a card: together they hit every finding."""
    cases = read_cases(files("policies") / "rulebook", Faults())
    read = (read_facts(case.facts, RULEBOOK.vocabulary) for case in cases)
    return tuple(
        sheet_for(
            facts,
            plan_for_purpose(facts, RULEBOOK.registers),
            RULEBOOK.vocabulary,
            RULEBOOK.registers,
        )
        for facts in read
        if isinstance(facts, Facts)
    )


def random_sheet(chance: random.Random) -> dict[str, Entry]:
    """Return a sheet: of a named case, of one with some facts changed, or of chance alone."""
    case = chance.choice(_sheets_of_the_cases())
    changed = chance.choice((0, 0.05, 0.3, 1))
    return {
        name: _entry(shape, chance)
        if name not in case or chance.random() < changed
        else case[name]
        for name, shape in SPOKEN.items()
    }


def by_cedar(sheet: Mapping[str, Entry]) -> set[str]:
    context = {
        "word": {name: entry if isinstance(entry, str) else "" for name, entry in sheet.items()},
        "empty": {name: not entry for name, entry in sheet.items()},
    }
    request = {
        "principal": 'Broker::"broker"',
        "action": 'Action::"judge"',
        "resource": 'Request::"request"',
        "context": context,
    }
    answer = cedarpy.is_authorized(request, POLICIES, NOBODY)
    assert answer.diagnostics.errors == []
    return {FINDINGS[int(name.removeprefix("policy"))] for name in answer.diagnostics.reasons}


def by_cards(sheet: Mapping[str, Entry], cards: tuple[Card, ...] = RULEBOOK.cards) -> set[str]:
    found = {card.rule: judge(card, sheet) for card in cards}
    return {f"{rule}-{one.number}" for rule, one in found.items() if one is not None}

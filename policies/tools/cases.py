"""Named cases beside the cards: facts that differ from a base request, and what must come of it.

In a case, a fact that is nothing (`null` in JSON) is written "nothing": TOML has no null.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Final, cast

from policies.answers import answers
from policies.combine import combined
from policies.decision import Effect, RuleId
from policies.derived.plan import plan_for_purpose
from policies.errors import Message
from policies.facts import Facts
from policies.faults import read_facts
from policies.reading.rulebook import Rulebook
from policies.reading.strict_toml import Faults, Section, parse_source, top
from policies.sheet import sheet_for

Document = dict[str, object]

_NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case: which finding of its card must be hit (0 is none), and with which effect."""

    file: str
    rule: str
    name: str
    facts: Mapping[str, object]
    finding: int
    effect: Effect
    obliges: frozenset[str] | None


def changed(facts: Mapping[str, object], changes: Mapping[str, object]) -> Document:
    """Return a copy of a facts document in which some places hold other values."""
    document = deepcopy(dict(facts))
    for place, value in changes.items():
        group, _, member = place.partition(".")
        written = None if value == _NOTHING else value
        if member:
            cast("Document", document.setdefault(group, {}))[member] = written
        else:
            document[group] = written
    return document


def read_bases(folder: Traversable, faults: Faults) -> dict[str, Document]:
    """Return the base requests by name; every one but the first says what differs from it."""
    path = folder.joinpath("cases", "bases.toml")
    if not path.is_file():
        text = "The requests that cases begin from are missing."
        faults.messages.append(Message(file="cases/bases.toml", line=None, text=text))
        return {}
    source = parse_source("cases/bases.toml", path.read_bytes(), faults)
    first: Document = {}
    bases: dict[str, Document] = {}
    for name, section in top(source, faults).each():
        bases[name] = changed(first, section.values())
        first = first or bases[name]
    return bases


def read_cases(folder: Traversable, faults: Faults) -> Iterator[Case]:
    """Yield every case that stands beside a card."""
    bases = read_bases(folder, faults)
    for path in sorted(folder.joinpath("rules").iterdir(), key=lambda path: path.name):
        if path.name.endswith(".cases.toml"):
            source = parse_source(f"rules/{path.name}", path.read_bytes(), faults)
            section = top(source, faults)
            for inner in section.sections("case"):
                yield _case(inner, bases, path.name.partition("-")[0])
            section.finish()


def failures(case: Case, rulebook: Rulebook) -> Iterator[str]:
    """Yield in words each way in which a case does not hold."""
    facts = read_facts(case.facts, rulebook.vocabulary)
    if not isinstance(facts, Facts):
        yield f"The facts cannot be judged: {'; '.join(str(fault) for fault in facts)}"
        return
    plan = plan_for_purpose(facts, rulebook.registers)
    sheet = sheet_for(facts, plan, rulebook.vocabulary, rulebook.registers)
    found = answers(rulebook, sheet, facts.today()).found[RuleId(case.rule)]
    decision = combined(facts, rulebook)
    effect = next(found.effect for found in decision.findings if found.rule == case.rule)
    number = 0 if found is None else found.number
    if number != case.finding:
        yield f"Finding {number} answers, not finding {case.finding}."
    if effect is not case.effect:
        yield f"The effect is '{effect}', not '{case.effect}'."
    obliged = frozenset(obligation.type for obligation in decision.obligations)
    if case.obliges is not None and obliged != case.obliges:
        yield f"The duties are {sorted(obliged)}, not {sorted(case.obliges)}."


def _case(section: Section, bases: Mapping[str, Document], rule: str) -> Case:
    base, effect = section.optional_text("base") or next(iter(bases), ""), section.text("effect")
    if base not in bases:
        section.fault(f"'{base}' is not a base request.", at=base, known=list(bases))
    effects = [known.value for known in Effect]
    if effect not in effects:
        section.fault(f"'{effect}' is not an effect.", at=effect, known=effects)
    obliges = section.optional_texts("obliges") if section.has("obliges") else None
    case = Case(
        file=section.source.name,
        rule=rule,
        name=section.text("name"),
        facts=changed(bases.get(base, {}), section.optional_section("changes").values()),
        finding=section.number("finding"),
        effect=Effect(effect) if effect in effects else Effect.NONE,
        obliges=None if obliges is None else frozenset(obliges),
    )
    section.finish()
    return case

"""The engine of `cards/1`: rule cards, judged clause by clause over a sheet of known words.

It has no clock, no input or output, no loops that a card could write, and never raises on a
sheet that holds every fact its cards name (the loader makes sure of that).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from policies.decision import Effect, RuleId, Status

Entry = str | frozenset[str] | None
Sheet = Mapping[str, Entry]

ENGINE = "cards/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Is:
    """`fact is word or word`, also what `fact is in the list name` becomes."""

    fact: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class IsEmpty:
    """`fact is empty`: nothing written, no day, no field."""

    fact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """`any-of = [...]`: one of these clauses is enough."""

    clauses: tuple[Is | IsEmpty, ...]


Clause = Is | IsEmpty | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFinding:
    """One answer that a card can give, and whether anything can set it aside."""

    when: tuple[Clause, ...]
    status: Status
    effect: Effect
    say: str
    lawful_if: str | None
    opens_emergency: bool = False
    never_waived: bool = False
    yields_to_compulsion: bool = False
    guardian_may_approve: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """An obligation of a card, owed whenever the card applies and its clauses hold."""

    type: str
    when: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One rule; its last finding has no clauses, so that it always answers."""

    rule: RuleId
    title: str
    why: str
    law: tuple[str, ...]
    applies_when: tuple[Clause, ...]
    findings: tuple[CardFinding, ...]
    duties: tuple[Duty, ...]


def holds(clause: Clause, sheet: Sheet) -> bool:
    """Say whether a clause is true of the sheet."""
    match clause:
        case Is(fact=fact, words=words):
            return sheet[fact] in words
        case IsEmpty(fact=fact):
            return not sheet[fact]
        case AnyOf(clauses=clauses):
            return any(holds(one, sheet) for one in clauses)
        case _:
            assert_never(clause)


def all_hold(clauses: tuple[Clause, ...], sheet: Sheet) -> bool:
    """Say whether every clause is true; no clauses are always true."""
    for clause in clauses:  # noqa: SIM110 - a generator costs a third of all deciding
        if not holds(clause, sheet):
            return False
    return True


def judge(card: Card, sheet: Sheet) -> CardFinding | None:
    """Return the first finding whose clauses hold, or None where the card does not apply."""
    if not all_hold(card.applies_when, sheet):
        return None
    return next(finding for finding in card.findings if all_hold(finding.when, sheet))


def duties(card: Card, sheet: Sheet) -> tuple[str, ...]:
    """Return the types of obligation that a card which applies asks for."""
    return tuple(duty.type for duty in card.duties if all_hold(duty.when, sheet))


def filled(template: str, sheet: Sheet) -> str:
    """Return a sentence of a card with each `{fact}` told in the words of the sheet."""
    if "{" not in template:
        return template
    for name, entry in sheet.items():
        if f"{{{name}}}" in template and isinstance(entry, frozenset):
            template = template.replace(f"{{{name}}}", ", ".join(sorted(entry)))
    return template

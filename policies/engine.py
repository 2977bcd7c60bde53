"""The engine of `cards/1`: rule cards, judged clause by clause over a sheet of known words.

It has no clock, no input or output, no loops that a card could write, and never raises on a
sheet that holds every fact its cards name (the loader makes sure of that).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from policies.decision import Finding, RuleId

Entry = str | frozenset[str] | None
Sheet = Mapping[str, Entry]

ENGINE = "cards/1"
PLACEHOLDER: Final = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Is:
    """`fact is word or word`, also what `fact is in the list name` becomes."""

    fact: str
    words: frozenset[str]

    def holds(self, sheet: Sheet) -> bool:
        """Say whether the fact is one of the words."""
        return sheet[self.fact] in self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class IsEmpty:
    """`fact is empty`: nothing written, no day, no field."""

    fact: str

    def holds(self, sheet: Sheet) -> bool:
        """Say whether there is nothing."""
        return not sheet[self.fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """`any-of = [...]`: one of these clauses is enough."""

    clauses: tuple[Is | IsEmpty, ...]

    def holds(self, sheet: Sheet) -> bool:
        """Say whether one of the clauses is true."""
        for clause in self.clauses:  # noqa: SIM110 - a generator takes three times as long
            if clause.holds(sheet):
                return True
        return False


Clause = Is | IsEmpty | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFinding:
    """One answer that a card can give, as it is written, and whether anything sets it aside.

    `number` counts the findings of its card from one. What `stands` goes out as it is written,
    and nothing else comes of it.
    """

    number: int
    when: tuple[Clause, ...]
    written: Finding
    stands: bool = False
    tells_lists: bool = False
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
    """One rule; its last finding has no clauses, so that it always answers.

    It speaks from the first to the last of its days, where it has them.
    """

    rule: RuleId
    title: str
    why: str
    law: tuple[str, ...]
    applies_when: tuple[Clause, ...]
    findings: tuple[CardFinding, ...]
    duties: tuple[Duty, ...]
    first_day: date | None = None
    last_day: date | None = None

    def speaks_on(self, day: date) -> bool:
        """Say whether the card applies on a day; a day that is not given bounds nothing."""
        begun = self.first_day is None or self.first_day <= day
        return begun and (self.last_day is None or day <= self.last_day)


def facts_in(clauses: Iterable[Clause]) -> Iterator[str]:
    """Yield the name of every fact that the clauses speak of."""
    for clause in clauses:
        if isinstance(clause, AnyOf):
            yield from facts_in(clause.clauses)
        else:
            yield clause.fact


def all_hold(clauses: tuple[Clause, ...], sheet: Sheet) -> bool:
    """Say whether every clause is true; no clauses are always true."""
    for clause in clauses:  # noqa: SIM110 - a generator takes three times as long
        if not clause.holds(sheet):
            return False
    return True


def judge(card: Card, sheet: Sheet) -> CardFinding | None:
    """Return the first finding whose clauses hold, or None where the card does not apply."""
    if all_hold(card.applies_when, sheet):
        for finding in card.findings:
            if all_hold(finding.when, sheet):
                return finding
    return None


def duties(card: Card, sheet: Sheet) -> tuple[str, ...]:
    """Return the types of obligation that a card which applies asks for."""
    return tuple([duty.type for duty in card.duties if all_hold(duty.when, sheet)])


def filled(finding: Finding, sheet: Sheet) -> Finding:
    """Return a finding with each `{list}` of its sentences told in the words of the sheet."""

    def told(placeholder: re.Match[str]) -> str:
        entry = sheet.get(placeholder[1])
        return ", ".join(sorted(entry)) if isinstance(entry, frozenset) else placeholder[0]

    say, *lawful_if = (PLACEHOLDER.sub(told, text) for text in (finding.say, *finding.lawful_if))
    return replace(finding, say=say, lawful_if=tuple(lawful_if))

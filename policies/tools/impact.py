"""What a change of rules would have meant: recorded facts, judged by both rulebooks.

Facts that the new rulebook asks for and the old request never held are not made up: such a
request cannot be judged, and is listed so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from policies.decision import Decision, Outcome, Status
from policies.faults import read_facts
from policies.judge import judged
from policies.reading.rulebook import Rulebook


class Move(StrEnum):
    """How one recorded request fares under the new rules."""

    LOOSENED = "loosened"
    TIGHTENED = "tightened"
    OBLIGATIONS_CHANGED = "obligations-changed"
    CANNOT_BE_JUDGED = "cannot-be-judged"
    WORDING_ONLY = "wording-only"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One recorded request: its outcomes, and the rules whose finding moved."""

    id: str
    move: Move
    before: Outcome
    after: Outcome
    rules: tuple[str, ...]


# How much an outcome lets go; obligations are compared apart.
_LETS_GO: Final = {
    Outcome.REFUSE: 0,
    Outcome.REFER: 1,
    Outcome.PERMIT_WITH_OBLIGATIONS: 2,
    Outcome.PERMIT: 2,
    Outcome.EMERGENCY: 2,
}


def impact(
    recorded: Iterable[tuple[str, Mapping[str, object]]], before: Rulebook, after: Rulebook
) -> tuple[Change, ...]:
    """Return every recorded request, by its id, with what the new rules would have changed.

    A request that both lets a field go and keeps another counts as loosened: that needs agreeing.
    """
    read_alike = before.vocabulary == after.vocabulary
    changes: list[Change] = []
    for name, document in recorded:
        facts = read_facts(document, before.vocabulary)
        again = facts if read_alike else read_facts(document, after.vocabulary)
        old, new = judged(document, facts, before), judged(document, again, after)
        changes.append(_change(name, old, new))
    return tuple(changes)


def _change(name: str, before: Decision, after: Decision) -> Change:
    return Change(
        id=name,
        move=_move(before, after),
        before=before.outcome,
        after=after.outcome,
        rules=_moved_rules(before, after),
    )


def _move(before: Decision, after: Decision) -> Move:
    if Status.CANNOT_BE_JUDGED in {finding.status for finding in after.findings}:
        return Move.CANNOT_BE_JUDGED
    more = _LETS_GO[after.outcome] - _LETS_GO[before.outcome]
    if more > 0 or set(after.release) - set(before.release):
        return Move.LOOSENED
    if more < 0 or set(before.release) - set(after.release):
        return Move.TIGHTENED
    if before.obligations != after.obligations or before.outcome is not after.outcome:
        return Move.OBLIGATIONS_CHANGED
    same = replace(before, version=after.version, engine=after.engine) == after
    return Move.UNCHANGED if same else Move.WORDING_ONLY


def _moved_rules(before: Decision, after: Decision) -> tuple[str, ...]:
    old = {(finding.rule, finding.status, finding.effect) for finding in before.findings}
    new = {(finding.rule, finding.status, finding.effect) for finding in after.findings}
    return tuple(sorted({rule for rule, _, _ in old ^ new}))

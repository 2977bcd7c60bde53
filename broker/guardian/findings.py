"""What each rule says, in a sentence, with its law: those that decide first, the met ones last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from policies import Decision, Effect, Finding, Rulebook, SettledBy, Status

UNREAD: Final = "unverified"
"""How a law is marked that nobody has read in its source yet."""


class Weight(StrEnum):
    """What a finding does to the whole, the weightiest first."""

    DECIDES = "decides"
    ADDS = "adds"
    HOLDS = "holds"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedLaw:
    """A law as a card cites it: what it says, in which edition and how it was read.

    `edition` is empty where nobody has read it, and `is_read` false.
    """

    citation: str
    sentence: str
    edition: str
    how_read: str
    is_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSays:
    """One rule: its title, what it says here, what would settle it, and the law that it rests on.

    `settled_by_you` says that a Guardian's word settles what it refers.
    """

    rule: str
    title: str
    weight: Weight
    effect: str
    says: str
    lawful_if: tuple[str, ...]
    law: tuple[CitedLaw, ...]
    settled_by_you: bool


def findings_of(decision: Decision, rulebook: Rulebook) -> tuple[RuleSays, ...]:
    """Return what every rule that applies says, those that decide first, each by its number."""
    titles = {card.rule: card.title for card in rulebook.cards}
    laws = {law.citation: law for law in rulebook.laws.values()}
    cited = {
        citation: CitedLaw(
            citation=citation,
            sentence=law.sentence,
            edition="" if law.reading is None else law.reading.edition,
            how_read=law.read_in,
            is_read=law.tag != UNREAD,
        )
        for citation, law in laws.items()
    }
    said = [
        _said(finding, titles.get(finding.rule, "The facts"), cited, decision)
        for finding in decision.findings
        if finding.status is not Status.NOT_APPLICABLE
    ]
    order = list(Weight)
    return tuple(sorted(said, key=lambda one: (order.index(one.weight), one.rule)))


def laws_named(findings: Iterable[RuleSays]) -> tuple[CitedLaw, ...]:
    """Return every law that the findings rest on, once each, in the order of its first naming."""
    return tuple(dict.fromkeys(law for one in findings for law in one.law))


_EFFECTS: Final[Mapping[Effect, str]] = {
    Effect.REFUSE: "Refuses",
    Effect.REFER: "Waits for a person",
    Effect.OBLIGES: "Adds a duty",
    Effect.WAIVED: "Set aside in an emergency",
    Effect.NONE: "Met",
}
_UNMET: Final = "Not met: other rules decide"


def _said(
    finding: Finding, title: str, cited: Mapping[str, CitedLaw], decision: Decision
) -> RuleSays:
    return RuleSays(
        rule=finding.rule,
        title=title,
        weight=_weight(finding),
        effect=_UNMET if _is_unmet(finding) else _EFFECTS[finding.effect],
        says=finding.say,
        lawful_if=finding.lawful_if if finding.stops else (),
        law=tuple(cited[citation] for citation in finding.law if citation in cited),
        settled_by_you=decision.settled_by.get(finding.rule) is SettledBy.A_WORD,
    )


def _is_unmet(finding: Finding) -> bool:
    """Say whether a rule is not met and leaves what follows to the others."""
    return finding.effect is Effect.NONE and finding.status is not Status.MET


def _weight(finding: Finding) -> Weight:
    if finding.stops:
        return Weight.DECIDES
    return Weight.HOLDS if finding.effect is Effect.NONE else Weight.ADDS

"""Judge every card, and say what becomes of each answer.

An answer that stops can be set aside by an emergency or by the law's compulsion, or be met by
an independent approval; the cards and the terms say which can.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from policies.cards_v1 import Card, CardFinding, Entry, Sheet, all_hold, filled, judge
from policies.decision import STOPS, Effect, Finding, RuleId, Status
from policies.rulebook import Rulebook
from policies.terms import Terms
from policies.vocabulary import HARD_STOP

YES_OR_NO = {True: "yes", False: "no"}


@dataclass(slots=True, kw_only=True)
class Answers:
    """What each card that applies found, and what became of every card's answer, in order."""

    found: Mapping[RuleId, CardFinding]
    findings: Mapping[RuleId, Finding]
    stops: tuple[Finding, ...]
    emergency: bool

    @property
    def approved(self) -> bool:
        """Whether an approval answered what a card refers."""
        return any(
            one.guardian_may_approve and self.findings[rule].status is Status.MET
            for rule, one in self.found.items()
        )


def answers(rulebook: Rulebook, sheet: dict[str, Entry]) -> Answers:
    """Return what every card answers; notes on the sheet whether a hard stop stands.

    The emergency card is judged last, since hard stops close the emergency.
    """
    terms = rulebook.terms
    first = [card for card in rulebook.cards if card.rule != terms.emergency_rule]
    last = [card for card in rulebook.cards if card.rule == terms.emergency_rule]
    found = _found(first, sheet)
    sheet[HARD_STOP] = YES_OR_NO[any(one.never_waived for one in found.values())]
    found |= _found(last, sheet)
    emergency = any(one.opens_emergency for one in found.values())
    weigher = _Weigher(terms=terms, sheet=sheet, emergency=emergency)
    findings = {
        card.rule: weigher.finding(found[card.rule])
        if card.rule in found
        else terms.silent[card.rule]
        for card in rulebook.cards
    }
    return Answers(
        found=found,
        findings=findings,
        stops=tuple(finding for finding in findings.values() if finding.effect in STOPS),
        emergency=emergency,
    )


def _found(cards: Iterable[Card], sheet: Sheet) -> dict[RuleId, CardFinding]:
    return {card.rule: one for card in cards if (one := judge(card, sheet)) is not None}


@dataclass(slots=True, kw_only=True)
class _Weigher:
    """What decides, for all cards of one request, what becomes of an answer."""

    terms: Terms
    sheet: Sheet
    emergency: bool

    def finding(self, one: CardFinding) -> Finding:
        """Return what becomes of what a card found."""
        written = filled(one.written, self.sheet) if one.tells_lists else one.written
        if written.effect not in STOPS:
            return written
        if self.emergency:
            return self._waived(written, "waived-in-an-emergency")
        if one.yields_to_compulsion and all_hold(self.terms.compelled_when, self.sheet):
            return self._waived(written, "waived-by-law")
        if one.guardian_may_approve and all_hold(self.terms.approved_when, self.sheet):
            return self._met(written)
        return written

    def _waived(self, written: Finding, saying: str) -> Finding:
        say = f"{written.say} {self.terms.sayings[saying]}"
        return replace(written, effect=Effect.WAIVED, say=say, lawful_if=())

    def _met(self, written: Finding) -> Finding:
        say = f"{written.say} {self.terms.sayings['approved']}"
        return replace(written, status=Status.MET, effect=Effect.NONE, say=say, lawful_if=())

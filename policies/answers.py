"""Judge every card, and say what becomes of each answer.

An answer that stops can be set aside by an emergency or by the law's compulsion, or be met by
an independent approval; the cards and the terms say which can.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from policies.cards_v1 import Card, CardFinding, Entry, Sheet, all_hold, filled, judge
from policies.decision import Effect, Finding, Status
from policies.rulebook import Rulebook
from policies.terms import Terms
from policies.vocabulary import HARD_STOP

YES_OR_NO = {True: "yes", False: "no"}


class Answer(NamedTuple):
    """What one card answers: as the card has it (None where silent), and what became of it."""

    card: Card
    found: CardFinding | None
    finding: Finding
    approved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One answer for each card, in their order, and whether the emergency is open."""

    all: tuple[Answer, ...]
    emergency: bool


def answers(rulebook: Rulebook, sheet: dict[str, Entry]) -> Answers:
    """Return what every card answers; notes on the sheet whether a hard stop stands.

    The emergency card is judged last, since hard stops close the emergency.
    """
    terms = rulebook.terms
    first = [card for card in rulebook.cards if card.rule != terms.emergency_rule]
    last = [card for card in rulebook.cards if card.rule == terms.emergency_rule]
    found = {card.rule: judge(card, sheet) for card in first}
    sheet[HARD_STOP] = YES_OR_NO[any(one.never_waived for one in found.values() if one)]
    found |= {card.rule: judge(card, sheet) for card in last}
    weigher = _Weigher(
        terms=terms,
        sheet=sheet,
        emergency=any(one.opens_emergency for one in found.values() if one),
        compelled=all_hold(terms.compelled_when, sheet),
        approved=all_hold(terms.approved_when, sheet),
    )
    return Answers(
        all=tuple(weigher.answer(card, found[card.rule]) for card in rulebook.cards),
        emergency=weigher.emergency,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weigher:
    """What holds for all cards of one request."""

    terms: Terms
    sheet: Sheet
    emergency: bool
    compelled: bool
    approved: bool

    def answer(self, card: Card, found: CardFinding | None) -> Answer:
        """Return what becomes of what a card found."""
        if found is None:
            return Answer(card, None, self.terms.silent[card.rule])
        written = filled(found.written, self.sheet) if found.tells_lists else found.written
        if not written.stops:
            return Answer(card, found, written)
        if self.emergency:
            return Answer(card, found, self._waived(written, "waived-in-an-emergency"))
        if found.yields_to_compulsion and self.compelled:
            return Answer(card, found, self._waived(written, "waived-by-law"))
        if found.guardian_may_approve and self.approved:
            return Answer(card, found, self._met(written), approved=True)
        return Answer(card, found, written)

    def _waived(self, written: Finding, saying: str) -> Finding:
        say = f"{written.say} {self.terms.sayings[saying]}"
        return replace(written, effect=Effect.WAIVED, say=say, lawful_if=())

    def _met(self, written: Finding) -> Finding:
        say = f"{written.say} {self.terms.sayings['approved']}"
        return replace(written, status=Status.MET, effect=Effect.NONE, say=say, lawful_if=())

"""Judge every card, and say what becomes of each answer.

An answer that stops can be set aside by an emergency or by the law's compulsion, or be met by
an independent approval; the cards and the terms say which can.
"""

from dataclasses import dataclass, replace

from policies.cards_v1 import Card, Entry, Sheet, all_hold, filled, judge
from policies.decision import Effect, Finding, Status
from policies.rulebook import Rulebook
from policies.terms import Terms
from policies.vocabulary import HARD_STOP

YES_OR_NO = {True: "yes", False: "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one card answers; `number` counts its findings from one, 0 where it does not apply."""

    card: Card
    finding: Finding
    number: int
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
    last = rulebook.terms.emergency_rule
    numbers = {card.rule: judge(card, sheet) for card in rulebook.cards if card.rule != last}
    hard = any(
        numbers[card.rule] and card.findings[numbers[card.rule] - 1].never_waived
        for card in rulebook.cards
        if card.rule != last
    )
    sheet[HARD_STOP] = YES_OR_NO[hard]
    numbers |= {card.rule: judge(card, sheet) for card in rulebook.cards if card.rule == last}
    weigher = _Weigher(
        terms=rulebook.terms,
        sheet=sheet,
        emergency=any(
            numbers[card.rule] and card.findings[numbers[card.rule] - 1].opens_emergency
            for card in rulebook.cards
        ),
        compelled=all_hold(rulebook.terms.compelled_when, sheet),
        approved=all_hold(rulebook.terms.approved_when, sheet),
    )
    return Answers(
        all=tuple(weigher.answer(card, numbers[card.rule]) for card in rulebook.cards),
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

    def answer(self, card: Card, number: int) -> Answer:
        """Return what becomes of what a card found."""
        if not number:
            return Answer(card=card, finding=self._not_applicable(card), number=0)
        found = card.findings[number - 1]
        written = filled(found.written, self.sheet)
        if not written.stops:
            return Answer(card=card, finding=written, number=number)
        if self.emergency:
            waived = self._waived(written, "waived-in-an-emergency")
            return Answer(card=card, finding=waived, number=number)
        if found.yields_to_compulsion and self.compelled:
            return Answer(card=card, finding=self._waived(written, "waived-by-law"), number=number)
        if found.guardian_may_approve and self.approved:
            met = self._met(written)
            return Answer(card=card, finding=met, number=number, approved=True)
        return Answer(card=card, finding=written, number=number)

    def _not_applicable(self, card: Card) -> Finding:
        return Finding(
            rule=card.rule,
            status=Status.NOT_APPLICABLE,
            effect=Effect.NONE,
            say=self.terms.sayings["not-applicable"],
            law=card.law,
        )

    def _waived(self, written: Finding, saying: str) -> Finding:
        say = f"{written.say} {self.terms.sayings[saying]}"
        return replace(written, effect=Effect.WAIVED, say=say, lawful_if=())

    def _met(self, written: Finding) -> Finding:
        say = f"{written.say} {self.terms.sayings['approved']}"
        return replace(written, status=Status.MET, effect=Effect.NONE, say=say, lawful_if=())

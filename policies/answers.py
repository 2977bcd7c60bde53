"""Judge every card, and say what becomes of each answer.

An answer that stops can be set aside by an emergency or by the law's compulsion, or be met by
an independent approval; the cards and the terms say which can.
"""

from dataclasses import dataclass

from policies.cards_v1 import Card, CardFinding, Entry, Sheet, all_hold, filled, judge
from policies.decision import Effect, Finding, Status
from policies.rulebook import Rulebook

STOPS = frozenset({Effect.REFUSE, Effect.REFER})
YES_OR_NO = {True: "yes", False: "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one card answers; `number` counts its findings from one, 0 where it does not apply."""

    card: Card
    finding: Finding
    number: int
    opens_emergency: bool = False
    approved: bool = False


def answers(rulebook: Rulebook, sheet: dict[str, Entry]) -> tuple[Answer, ...]:
    """Return one answer for each card, in their order; notes on the sheet if a hard stop stands.

    The emergency card is judged last, since hard stops close the emergency.
    """
    last = rulebook.terms.emergency_rule
    judged = {card.rule: judge(card, sheet) for card in rulebook.cards if card.rule != last}
    hard = any(found.never_waived for found in judged.values() if found is not None)
    sheet["a hard stop stands"] = YES_OR_NO[hard]
    judged |= {card.rule: judge(card, sheet) for card in rulebook.cards if card.rule == last}
    emergency = any(found.opens_emergency for found in judged.values() if found is not None)
    weigh = _Weigher(rulebook=rulebook, sheet=sheet, emergency=emergency)
    return tuple(weigh.answer(card, judged[card.rule]) for card in rulebook.cards)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weigher:
    """What holds for all cards of one request."""

    rulebook: Rulebook
    sheet: Sheet
    emergency: bool

    def answer(self, card: Card, found: CardFinding | None) -> Answer:
        """Return what becomes of what a card found."""
        terms = self.rulebook.terms
        if found is None:
            nothing = Finding(
                rule=card.rule,
                status=Status.NOT_APPLICABLE,
                effect=Effect.NONE,
                say=terms.sayings["not-applicable"],
                law=card.law,
            )
            return Answer(card=card, finding=nothing, number=0)
        if found.effect not in STOPS:
            return self._stands(card, found)
        if self.emergency:
            return self._set_aside(card, found, "waived-in-an-emergency")
        if found.yields_to_compulsion and all_hold(terms.compelled_when, self.sheet):
            return self._set_aside(card, found, "waived-by-law")
        if found.guardian_may_approve and all_hold(terms.approved_when, self.sheet):
            return self._approved(card, found)
        return self._stands(card, found)

    def _stands(self, card: Card, found: CardFinding) -> Answer:
        lawful_if = () if found.lawful_if is None else (filled(found.lawful_if, self.sheet),)
        finding = Finding(
            rule=card.rule,
            status=found.status,
            effect=found.effect,
            say=filled(found.say, self.sheet),
            lawful_if=lawful_if,
            law=card.law,
        )
        opens = found.opens_emergency
        return Answer(
            card=card, finding=finding, number=_number(card, found), opens_emergency=opens
        )

    def _set_aside(self, card: Card, found: CardFinding, saying: str) -> Answer:
        finding = Finding(
            rule=card.rule,
            status=Status.NOT_MET,
            effect=Effect.WAIVED,
            say=f"{filled(found.say, self.sheet)} {self.rulebook.terms.sayings[saying]}",
            law=card.law,
        )
        return Answer(card=card, finding=finding, number=_number(card, found))

    def _approved(self, card: Card, found: CardFinding) -> Answer:
        finding = Finding(
            rule=card.rule,
            status=Status.MET,
            effect=Effect.NONE,
            say=f"{filled(found.say, self.sheet)} {self.rulebook.terms.sayings['approved']}",
            law=card.law,
        )
        return Answer(card=card, finding=finding, number=_number(card, found), approved=True)


def _number(card: Card, found: CardFinding) -> int:
    return next(at for at, finding in enumerate(card.findings, start=1) if finding is found)

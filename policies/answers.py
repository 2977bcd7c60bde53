"""Judge every card, and say what becomes of each answer.

An answer that stops can be set aside by an emergency or by the law's compulsion, or be met by
an independent approval; the cards and the terms say which can.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from policies.decision import Effect, Finding, RuleId, Status
from policies.engine import CardFinding, Entry, Sheet, all_hold, filled, judge
from policies.reading.combination import Combination
from policies.reading.rulebook import Rulebook
from policies.reading.vocabulary import HARD_STOP

YES_OR_NO = {True: "yes", False: "no"}


@dataclass(slots=True, kw_only=True)
class Answers:
    """What each card found (None where silent), and what became of its answer, in their order.

    `stops` are the findings that still refuse or refer.
    """

    found: Mapping[RuleId, CardFinding | None]
    findings: Mapping[RuleId, Finding]
    stops: list[Finding]
    emergency: bool
    approved: bool


def answers(rulebook: Rulebook, sheet: dict[str, Entry], on: date) -> Answers:
    """Return what every card answers on a day; notes on the sheet whether a hard stop stands."""
    silent, found = rulebook.terms.silent, _found(rulebook, sheet, on)
    to_weigh = {
        rule: finding
        for rule, finding in found.items()
        if finding is not None and not finding.stands
    }
    emergency = any(finding.opens_emergency for finding in to_weigh.values())
    weigher = _Weigher(terms=rulebook.terms, sheet=sheet, emergency=emergency)
    weighed = {rule: weigher.finding(finding) for rule, finding in to_weigh.items()}
    written = {
        rule: silent[rule] if finding is None else finding.written
        for rule, finding in found.items()
    }
    return Answers(
        found=found,
        findings=written | weighed,
        stops=[finding for finding in weighed.values() if finding.stops],
        emergency=emergency,
        approved=any(
            written[rule].stops and finding.status is Status.MET
            for rule, finding in weighed.items()
        ),
    )


def _found(
    rulebook: Rulebook, sheet: dict[str, Entry], on: date
) -> dict[RuleId, CardFinding | None]:
    """Judge every card, the one of the emergency last, since hard stops close the emergency."""
    last = rulebook.terms.emergency_rule
    silent = {card.rule for card in rulebook.dated_cards if not card.speaks_on(on)}
    found = {
        card.rule: None if card.rule == last or card.rule in silent else judge(card, sheet)
        for card in rulebook.cards
    }
    hard_stop = any(finding is not None and finding.never_waived for finding in found.values())
    sheet[HARD_STOP] = YES_OR_NO[hard_stop]
    found |= {
        card.rule: judge(card, sheet)
        for card in rulebook.cards
        if card.rule == last and last not in silent
    }
    return found


@dataclass(slots=True, kw_only=True)
class _Weigher:
    """What decides, for all cards of one request, what becomes of an answer."""

    terms: Combination
    sheet: Sheet
    emergency: bool

    def finding(self, finding: CardFinding) -> Finding:
        """Return what becomes of what a card found."""
        written = filled(finding.written, self.sheet) if finding.tells_lists else finding.written
        if not written.stops:
            return written
        if self.emergency:
            return self._waived(written, "waived-in-an-emergency")
        if finding.yields_to_compulsion and all_hold(self.terms.compelled_when, self.sheet):
            return self._waived(written, "waived-by-law")
        if finding.guardian_may_approve and all_hold(self.terms.approved_when, self.sheet):
            return self._met(written)
        return written

    def _waived(self, written: Finding, saying: str) -> Finding:
        say = f"{written.say} {self.terms.sayings[saying]}"
        return replace(written, effect=Effect.WAIVED, say=say, lawful_if=())

    def _met(self, written: Finding) -> Finding:
        say = f"{written.say} {self.terms.sayings['approved']}"
        return replace(written, status=Status.MET, effect=Effect.NONE, say=say, lawful_if=())

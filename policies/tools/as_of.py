"""The rules on a day: which law is in force, which cards speak, and what they say to facts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import cast

from policies.decision import RuleId
from policies.london import LONDON
from policies.reading.laws import Law
from policies.reading.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfLaw:
    """What of a rulebook counts on a day: by the citations of sources, and the rules of cards.

    `stale` is what was read and nobody has looked at for 12 months; `unread` what nobody read.
    """

    day: date
    in_force: tuple[str, ...]
    not_yet: tuple[str, ...]
    ended: tuple[str, ...]
    off: tuple[str, ...]
    stale: tuple[str, ...]
    unread: tuple[str, ...]
    silent_cards: tuple[RuleId, ...]

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "day": self.day.isoformat(),
            "in_force": list(self.in_force),
            "not_yet": list(self.not_yet),
            "ended": list(self.ended),
            "off_until_commencement": list(self.off),
            "not_looked_at_for_12_months": list(self.stale),
            "read_by_nobody": list(self.unread),
            "cards_that_do_not_apply": list(self.silent_cards),
        }


def law_on(rulebook: Rulebook, day: date) -> DayOfLaw:
    """Return which sources are in force on a day, and which cards speak."""
    laws = sorted(rulebook.laws.values(), key=lambda law: law.citation)
    return DayOfLaw(
        day=day,
        in_force=_cited(laws, lambda law: law.is_in_force(day)),
        not_yet=_cited(laws, lambda law: law.begins is not None and day < law.begins),
        ended=_cited(laws, lambda law: law.in_force_to is not None and law.in_force_to < day),
        off=_cited(laws, lambda law: law.is_off),
        stale=_cited(laws, lambda law: law.is_stale(day)),
        unread=_cited(laws, lambda law: law.reading is None),
        silent_cards=tuple(card.rule for card in rulebook.cards if not card.speaks_on(day)),
    )


def as_of(facts: Mapping[str, object], day: date, rulebook: Rulebook) -> dict[str, object]:
    """Return facts as they would be judged at noon of a day: its moment, and the law of that day.

    Whether the duty to share is in force comes from the law register, not from the facts.
    """
    noon = datetime.combine(day, time(12), LONDON)
    legal = facts.get("legal")
    in_force = "yes" if rulebook.has_sharing_duty(day) else "no"
    known = cast("dict[str, object]", legal) if isinstance(legal, dict) else {}
    return {
        **facts,
        "asked_at": noon.isoformat(),
        "legal": {**known, "sharing_duty_in_force": in_force},
    }


def _cited(laws: Iterable[Law], holds: Callable[[Law], bool]) -> tuple[str, ...]:
    return tuple(law.citation for law in laws if holds(law))

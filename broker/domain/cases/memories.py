"""That there was a concern, once its words are gone: codes and days, looked at each year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, unique
from typing import Final

from broker.domain.json_values import as_object
from broker.domain.people.ages import ADULT, Sure, under
from broker.domain.references import Reference
from broker.domain.retention_periods import WARNING_DAYS
from broker.domain.times import day_text
from keys import AgencyId, CaseId, PersonId

LOOKED_AT_EACH: Final = timedelta(days=365)
"""How often a lead looks whether it must be remembered on; a child's goes where nobody did."""

WARNING: Final = timedelta(days=WARNING_DAYS)
"""How long before something becomes of it its lead is told."""


@unique
class Whose(StrEnum):
    """Whether what is remembered is a child's: what was known when its words went."""

    CHILD = "child"
    ADULT = "adult"
    UNKNOWN = "unknown"


IN_WORDS: Final[Mapping[Whose, str]] = {
    Whose.CHILD: "A child's",
    Whose.ADULT: "An adult's",
    Whose.UNKNOWN: "Nobody knows whether a child's, so it counts as one",
}
"""Whose it is, as people read it."""


def whose(packs: Iterable[tuple[Mapping[str, object], date]]) -> Whose:
    """Return whose the memory of a case is, from the facts of its packs and the day of each.

    An adult's only where every pack says so; where none does and none says a child, unknown.
    """
    found = {_under_age(facts, day) for facts, day in packs}
    if Sure.YES in found:
        return Whose.CHILD
    return Whose.ADULT if found == {Sure.NO} else Whose.UNKNOWN


def _under_age(facts: Mapping[str, object], day: date) -> Sure:
    """Say whether a pack is about a child; what is not a date or a range says nothing."""
    subject = as_object(facts.get("subject") or {})
    match subject.get("date_of_birth"), subject.get("approximate_age"):
        case str(born), _:
            return under(ADULT, day, date.fromisoformat(born), None)
        case _, {"from": int(youngest), "to": int(oldest)}:
            return under(ADULT, day, None, (youngest, oldest))
        case _:
            return Sure.PERHAPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """That a case is remembered without its words: whose, since which day, and who erased them."""

    case: CaseId
    agency: AgencyId
    whose: Whose
    since: date
    by: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """That a lead looked at what is remembered of a case and keeps it on, when and why."""

    case: CaseId
    agency: AgencyId
    on: date
    by: PersonId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is remembered of a case: whose, since when its words are gone, and who looked last.

    `ends_on` is the end of its class; `told_on` the day on which its lead was last written to.
    """

    case: CaseId
    agency: AgencyId
    references: tuple[Reference, ...]
    words_gone_on: date
    ends_on: date
    whose: Whose
    look: Look | None
    told_on: date | None = None

    @property
    def look_by(self) -> date:
        """By when a lead looks at it."""
        return (self.words_gone_on if self.look is None else self.look.on) + LOOKED_AT_EACH

    @property
    def goes_unless_kept(self) -> bool:
        """Whether it goes before the end of its time if no lead keeps it on: never an adult's."""
        return self.whose is not Whose.ADULT and self.look_by < self.ends_on

    @property
    def goes_on(self) -> date:
        """When it is forgotten unless a lead says otherwise before."""
        return self.look_by if self.goes_unless_kept else self.ends_on

    def is_due(self, today: date) -> bool:
        """Say whether its lead should look at it now: its year is nearly over, its time is not."""
        return self.look_by < self.ends_on and self.look_by <= today + WARNING

    def ends_soon(self, today: date) -> bool:
        """Say whether its time is nearly over, so that nobody can keep it on."""
        return self.ends_on <= today + WARNING

    def is_to_be_told(self, today: date) -> bool:
        """Say whether its lead is to be written to: of each of its two days, once."""
        begun = [one - WARNING for one in {min(self.look_by, self.ends_on), self.ends_on}]
        newest = max((one for one in begun if one <= today), default=None)
        return newest is not None and (self.told_on is None or self.told_on < newest)

    def opened(self, today: date) -> dict[str, object]:
        """Return it as JSON with why it was kept on."""
        return {**self.document(today), "why": None if self.look is None else self.look.why}

    def document(self, today: date) -> dict[str, object]:
        """Return it as JSON, without the words of whoever looked."""
        return {
            "case": self.case,
            "references": list(map(str, self.references)),
            "whose": self.whose.value,
            "words_gone_on": self.words_gone_on.isoformat(),
            "look_by": self.look_by.isoformat(),
            "goes_on": self.goes_on.isoformat(),
            "goes_unless_kept": self.goes_unless_kept,
            "ends_on": self.ends_on.isoformat(),
            "is_due": self.is_due(today),
            "told_on": day_text(self.told_on),
            "looked_on": None if self.look is None else self.look.on.isoformat(),
            "looked_by": None if self.look is None else self.look.by,
        }

"""That there was a concern, once its words are gone: codes and days, looked at each year."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from broker.domain.references import Reference
from broker.domain.retention_periods import WARNING_DAYS
from keys import AgencyId, CaseId, PersonId

LOOKED_AT_EACH: Final = timedelta(days=365)
"""How often a lead looks whether it must be remembered on; one that nobody looked at goes."""


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
    """What is remembered of a case: since when its words are gone, and who looked last.

    `ends_on` is the end of its class. A child's ends after a year that nobody looked; all do, so
    that no row says whose it is.
    """

    case: CaseId
    references: tuple[Reference, ...]
    words_gone_on: date
    ends_on: date
    look: Look | None

    @property
    def look_by(self) -> date:
        """By when a lead looks at it."""
        return (self.words_gone_on if self.look is None else self.look.on) + LOOKED_AT_EACH

    @property
    def goes_on(self) -> date:
        """When it is forgotten unless a lead keeps it on, and at the end of its class anyhow."""
        return min(self.ends_on, self.look_by)

    def is_due(self, today: date) -> bool:
        """Say whether its lead should look at it now: it goes soon, and can be kept longer."""
        return self.look_by < self.ends_on and self.look_by <= today + timedelta(days=WARNING_DAYS)

    def opened(self, today: date) -> dict[str, object]:
        """Return it as JSON with why it was kept on."""
        return {**self.document(today), "why": None if self.look is None else self.look.why}

    def document(self, today: date) -> dict[str, object]:
        """Return it as JSON, without the words of whoever looked."""
        return {
            "case": self.case,
            "references": list(map(str, self.references)),
            "words_gone_on": self.words_gone_on.isoformat(),
            "look_by": self.look_by.isoformat(),
            "goes_on": self.goes_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "is_due": self.is_due(today),
            "looked_on": None if self.look is None else self.look.on.isoformat(),
            "looked_by": None if self.look is None else self.look.by,
        }

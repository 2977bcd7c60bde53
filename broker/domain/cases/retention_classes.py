"""For how long a body keeps what belongs to a kind of case: finite, with a basis and a review."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from broker.domain.cases.stages import CaseKind
from broker.domain.errors import NotAllowedError
from broker.domain.retention_periods import DELIVERED_DAYS, REVIEW_DAYS, RetentionPeriods
from keys import AgencyId, PersonId

UNDELIVERED_DAYS: Final = range(30, 3_661)
MEMORY_DAYS: Final = range(30, 3_661)
"""Within which bounds a body may set each period: ten years at most, never for ever."""

USUAL_MEMORY: Final = 1_095
"""How long it is remembered that there was a concern, where a body has set nothing: 3 years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionClass:
    """A body's periods, in days, for one kind of case, and on what they rest.

    `delivered` and `undelivered` are for the words of a case (`RetentionPeriods`), `memory` for
    the marks by which it is found again, counted from the day on which its words went.
    """

    agency: AgencyId
    kind: CaseKind
    delivered: int
    undelivered: int
    memory: int
    basis: str
    owner: PersonId
    review_on: date
    set_by: PersonId
    second: PersonId | None
    version: int = 1

    def lengthens(self, before: "RetentionClass | None", usual: RetentionPeriods) -> bool:
        """Say whether any period is longer than what held before, or than the usual ones."""
        held = (
            (usual.delivered, usual.undelivered, USUAL_MEMORY)
            if before is None
            else (before.delivered, before.undelivered, before.memory)
        )
        ours = (self.delivered, self.undelivered, self.memory)
        return any(new > old for new, old in zip(ours, held, strict=True))

    def require_fit(self, today: date) -> None:
        """Return if it is finite, has a basis and a review within a year; else raise.

        Raises `NotAllowedError` with what to change.
        """
        if not self.basis.strip():
            raise NotAllowedError("A period rests on something. Name the law or policy it has.")
        if not today < self.review_on <= today + timedelta(days=REVIEW_DAYS[-1] + 1):
            raise NotAllowedError("A period is looked at again within a year. Name a nearer day.")
        fits = (
            self.delivered in DELIVERED_DAYS
            and self.undelivered in UNDELIVERED_DAYS
            and self.memory in MEMORY_DAYS
        )
        if not fits:
            raise NotAllowedError(
                "A period is finite: 1 to 366 days after an opening, 30 to 3,660 days otherwise."
            )

    def periods(self, usual: RetentionPeriods) -> RetentionPeriods:
        """Return the periods of a case's words; how often one looks stays the installation's."""
        return RetentionPeriods(
            delivered=self.delivered, review=usual.review, undelivered=self.undelivered
        )

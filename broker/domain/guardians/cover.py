"""Cover: for which days a deputy is told and reminded in the place of a Guardian."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NewType

from keys import AgencyId, PersonId

CoverId = NewType("CoverId", str)

MOST_DAYS: Final = 30
"""How many days one cover may last at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A deputy for named days: it grants nothing, since a deputy holds the role already.

    It ends by itself after `last`.
    """

    id: CoverId
    agency: AgencyId
    guardian: PersonId
    deputy: PersonId
    first: date
    last: date
    set_by: PersonId
    set_at: datetime

    def stands_on(self, day: date) -> bool:
        """Say whether the deputy covers on a day."""
        return self.first <= day <= self.last

    def overlaps(self, other: "Cover") -> bool:
        """Say whether both name a day."""
        return self.first <= other.last and other.first <= self.last

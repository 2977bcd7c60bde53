"""What stands behind a contact: who entered it, who rang whom, and until when that counts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, unique
from typing import Final

from broker.domain.directory.functions import NEVER_ADDRESSED
from keys import PersonId

WAIT: Final = timedelta(hours=24)
"""How long a contact waits whose address and number were both changed."""

SOON: Final = timedelta(days=30)
"""How long before a call-back lapses its keeper is told."""

_FEBRUARY: Final = 2


@unique
class NumberFrom(StrEnum):
    """Where the number came from that somebody rang to check a contact."""

    BEFORE = "before"
    WEBSITE = "website"
    SWITCHBOARD = "switchboard"
    PRINTED = "printed"
    KNOWN = "known"


NUMBER_FROM_IN_WORDS: Final = {
    NumberFrom.BEFORE: "the number that stood here before the change",
    NumberFrom.WEBSITE: "their own website, with the address typed in by hand",
    NumberFrom.SWITCHBOARD: "the switchboard of their organisation",
    NumberFrom.PRINTED: "a printed list or directory",
    NumberFrom.KNOWN: "somebody who knows them, not who asked for the change",
}
"""What people read for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack:
    """A call that confirmed a contact: on which number, from where, and whom by function."""

    number: str
    source: NumberFrom
    spoke_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What else a contact says of itself.

    `kept_as` is its function in the directory's own words, None where the rules' word says all;
    `printed` is the year in which `source` printed it, None for what somebody entered here.
    """

    kept_as: str | None = None
    hours: str | None = None
    printed: int | None = None
    source: str | None = None

    @property
    def may_lack_address(self) -> bool:
        """Whether it may stand without one: nobody knows it yet, or nothing is ever sent there."""
        return self.source is not None or self.kept_as in {*NEVER_ADDRESSED}


NOTHING_MORE: Final = Listing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """Who entered a contact as it stands, and what was confirmed by the call before.

    `trusted_address` and `trusted_telephone` are what the last call-back stood behind;
    `waits_until` is set where neither is left of it.
    """

    entered_by: PersonId | None = None
    entered_at: datetime | None = None
    trusted_address: str | None = None
    trusted_telephone: str | None = None
    waits_until: datetime | None = None
    call: CallBack | None = None
    retired_on: date | None = None

    def counts_on(self, day: date, verified_on: date | None) -> bool:
        """Say whether a call of `verified_on` still stands behind it on a day."""
        if verified_on is None or self.retired_on is not None:
            return False
        return verified_on <= day <= counts_until(verified_on)


NOBODY_YET: Final = Backing()


def counts_until(verified_on: date) -> date:
    """Return the last day on which a call-back counts: a year after it.

    >>> counts_until(date(2024, 2, 29))
    datetime.date(2025, 2, 28)
    """
    is_leap_day = (verified_on.month, verified_on.day) == (_FEBRUARY, 29)
    kept = verified_on - timedelta(days=1) if is_leap_day else verified_on
    return kept.replace(year=verified_on.year + 1)

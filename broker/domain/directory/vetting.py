"""Named workers of providers and clearances of people: what was checked, by whom, until when.

Workers are known by opaque identifiers. What was found by a check is never kept, only that it was
made: nothing here says anything about a person but that they may do this work.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, unique
from typing import Final

from broker.domain.errors import Fault
from keys import AgencyId, PersonId

WARNED: Final = (60, 30, 0)
"""How many days before a check ends somebody hears of it."""


@unique
class DbsLevel(StrEnum):
    """Which check of the Disclosure and Barring Service was made."""

    BASIC = "basic"
    STANDARD = "standard"
    ENHANCED = "enhanced"
    ENHANCED_BARRED = "enhanced-barred-lists"


DBS_IN_WORDS: Final = {
    DbsLevel.BASIC: "Basic",
    DbsLevel.STANDARD: "Standard",
    DbsLevel.ENHANCED: "Enhanced",
    DbsLevel.ENHANCED_BARRED: "Enhanced, with the barred lists",
}
"""Each level as people read it."""

SUFFICIENT: Final = frozenset({DbsLevel.ENHANCED, DbsLevel.ENHANCED_BARRED})
"""The levels with which somebody may give support."""


@unique
class ClearanceKind(StrEnum):
    """Which clearance somebody holds."""

    DBS = "dbs"
    BPSS = "bpss"
    COUNTER_TERRORISM = "ctc"
    SECURITY = "sc"
    POLICE_VETTING = "nppv"


CLEARANCES_IN_WORDS: Final = {
    ClearanceKind.DBS: "Disclosure and Barring Service",
    ClearanceKind.BPSS: "Baseline personnel security standard",
    ClearanceKind.COUNTER_TERRORISM: "Counter-terrorist check",
    ClearanceKind.SECURITY: "Security check",
    ClearanceKind.POLICE_VETTING: "Non-police personnel vetting",
}
"""Each clearance as people read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Somebody of a provider who gives support, and what was checked of them."""

    id: str
    agency: AgencyId
    dbs: DbsLevel
    dbs_on: date
    dbs_review_on: date
    suitable_on: date
    suitable_by: PersonId
    undertaking_on: date
    registered_with: str | None
    registered_until: date | None
    entered_by: PersonId

    def stands_on(self, today: date) -> bool:
        """Say whether every check counts on a day."""
        is_registered = self.registered_until is None or today <= self.registered_until
        return self.dbs in SUFFICIENT and today <= self.dbs_review_on and is_registered

    @property
    def ends_on(self) -> date:
        """The day on which the first of the checks ends."""
        return min(self.dbs_review_on, self.registered_until or self.dbs_review_on)

    def warns_on(self, today: date) -> bool:
        """Say whether a check ends soon or has ended."""
        return self.ends_on <= today + timedelta(days=WARNED[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """That somebody's clearance was seen, and until when it counts."""

    person: PersonId
    agency: AgencyId
    kind: ClearanceKind
    until: date
    seen_by: PersonId

    @property
    def id(self) -> str:
        """What its row is called: one of each kind for a person."""
        return f"{self.person}.{self.kind}"

    def stands_on(self, today: date) -> bool:
        """Say whether it counts on a day; its last day still does."""
        return today <= self.until

    def warns_on(self, today: date) -> bool:
        """Say whether it ends soon or has ended."""
        return self.until <= today + timedelta(days=WARNED[0])


def faults_of_worker(worker: Worker, today: date) -> tuple[Fault, ...]:
    """Return what is wrong with a worker that somebody enters, each with its place."""
    found = [
        Fault(place=place, problem="is still to come; enter what was done")
        for place, day in (
            ("dbs_on", worker.dbs_on),
            ("suitable_on", worker.suitable_on),
            ("undertaking_on", worker.undertaking_on),
        )
        if day > today
    ]
    if worker.dbs_review_on <= worker.dbs_on:
        found.append(Fault(place="dbs_review_on", problem="is not after the check"))
    if (worker.registered_with is None) is not (worker.registered_until is None):
        found.append(Fault(place="registered_until", problem="goes with who registered them"))
    return tuple(found)

"""The record of a personal data breach or a near miss: frozen values; moments are UTC.

UK GDPR, Articles 33 and 34: the regulator hears within 72 hours of certainty unless no risk is
likely, the people concerned where the risk is high; every breach is recorded, with the reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Final

from broker.domain.errors import BrokerError
from broker.domain.references import Reference
from keys import AgencyId, PersonId

REPORT_WITHIN: Final = timedelta(hours=72)
"""How long after certainty the regulator hears of a breach at the latest (Article 33(1))."""

CERTAIN_WITHIN: Final = timedelta(hours=24)
"""How long finding out whether it is a breach should take; our own choice, and no law's."""

CLOSE_WITHIN: Final = timedelta(days=28)
"""How long a record should stand open at most; our own choice, and no law's."""

SOON: Final = timedelta(hours=24)
"""How long before the end of the 72 hours somebody is reminded, and after it told again."""


@unique
class Kind(StrEnum):
    """Whether something was lost, or it was caught in time."""

    BREACH = "breach"
    NEAR_MISS = "near-miss"


@unique
class Cause(StrEnum):
    """What happened, in the words of the ledger."""

    WRONG_RECIPIENT = "wrong-recipient"
    WRONG_PERSON = "wrong-person"
    WRONG_CONTENT = "wrong-content"
    OPENED_BY_ANOTHER = "opened-by-another"
    NOT_DELIVERED = "not-delivered"
    OTHER = "other"


@unique
class Step(StrEnum):
    """What is written into a record after it was opened, in its order."""

    CERTAIN = "certain"
    CONTAINED = "contained"
    RISK = "risk"
    REGULATOR = "regulator"
    PERSON = "person"
    LESSON = "lesson"


CHOICES: Final[Mapping[Step, tuple[str, ...]]] = {
    Step.CERTAIN: (Kind.BREACH, Kind.NEAR_MISS),
    Step.RISK: ("none", "risk", "high"),
    Step.REGULATOR: ("reported", "not-reported"),
    Step.PERSON: ("told", "not-told"),
}
"""What may be chosen in a step; a step without a line here is words alone."""

WHY_LATE: Final = "late"
"""The name of the words that say why a report came late; a step's are named by the step."""

NO_RISK, HIGH_RISK, REPORTED = "none", "high", "reported"

TAKES_A_MOMENT: Final = frozenset({Step.CERTAIN, Step.CONTAINED, Step.REGULATOR, Step.PERSON})
"""The steps that say when."""

_OF_A_NEAR_MISS: Final = (Step.CERTAIN, Step.CONTAINED, Step.LESSON)


@unique
class Late(StrEnum):
    """What is late about an open record, in the words of the ledger; each is told once."""

    UNCERTAIN = "uncertain"
    REPORT_SOON = "report-soon"
    REPORT_LATE = "report-late"
    REPORT_LATER = "report-later"
    PERSON_LATE = "person-late"
    NOT_CLOSED = "not-closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What stands in one step: the choice, the moment it tells of, and whether there are words."""

    choice: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One record: codes and moments; its words are sealed beside it.

    `about` is the disclosure that it is about, None where it is about none.
    """

    id: Reference
    about: Reference | None
    agency: AgencyId
    cause: Cause
    kind: Kind
    opened_by: PersonId
    opened_at: datetime
    steps: Mapping[Step, Written] = field(default_factory=dict[Step, Written])
    closed_by: PersonId | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Say whether something may still be written into it."""
        return self.closed_at is None

    @property
    def certain_at(self) -> datetime | None:
        """Since when it is certain that it is a breach, None before."""
        found = self.steps.get(Step.CERTAIN)
        return None if found is None or found.choice != Kind.BREACH else found.at

    @property
    def report_due_at(self) -> datetime | None:
        """By when the regulator hears of it, None while that is not certain or not needed."""
        return None if self.certain_at is None else self.certain_at + REPORT_WITHIN

    @property
    def risk(self) -> str | None:
        """The risk to people, None before somebody has weighed it."""
        found = self.steps.get(Step.RISK)
        return None if found is None else found.choice

    def needs(self) -> tuple[Step, ...]:
        """Return the steps that this kind of record has, in their order."""
        return _OF_A_NEAR_MISS if self.kind is Kind.NEAR_MISS else tuple(Step)

    def lacks(self) -> tuple[Step, ...]:
        """Return the steps that are still to be written before it may be closed.

        Where people are at risk, "not reported" is no answer yet.
        """
        found = [step for step in self.needs() if step not in self.steps]
        report = self.steps.get(Step.REGULATOR)
        is_answered = report is None or report.choice == REPORTED or self.risk in {None, NO_RISK}
        if self.kind is Kind.BREACH and not is_answered:
            found.append(Step.REGULATOR)
        return tuple(found)

    def is_late_report(self, at: datetime) -> bool:
        """Say whether a report at a moment comes after the 72 hours."""
        return self.report_due_at is not None and at > self.report_due_at

    def late(self, now: datetime) -> tuple[Late, ...]:
        """Return everything that is late, from the least to the most; pure."""
        if not self.is_open:
            return ()
        found: list[Late] = []
        if Step.CERTAIN not in self.steps and now - self.opened_at >= CERTAIN_WITHIN:
            found.append(Late.UNCERTAIN)
        due = self.report_due_at
        if due is not None and Step.REGULATOR in self.lacks():
            climbing = {
                Late.REPORT_SOON: due - SOON,
                Late.REPORT_LATE: due,
                Late.REPORT_LATER: due + SOON,
            }
            found.extend(step for step, since in climbing.items() if now >= since)
        if (
            due is not None
            and self.risk == HIGH_RISK
            and Step.PERSON not in self.steps
            and now >= due
        ):
            found.append(Late.PERSON_LATE)
        if now - self.opened_at >= CLOSE_WITHIN:
            found.append(Late.NOT_CLOSED)
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody writes into a step; `late` is why a report comes after the 72 hours."""

    step: Step
    choice: str | None = None
    at: datetime | None = None
    words: str = ""
    late: str = ""

    def __repr__(self) -> str:
        """Name the step, never what was said."""
        return f"Said(step={self.step.value!r})"


class UnknownBreachError(BrokerError):
    """Raised alike for a record that does not exist and for one of another body."""

    def __init__(self) -> None:
        """Say where what is theirs stands."""
        super().__init__(
            "There is no such breach record of your body. Look at: broker breach list"
        )

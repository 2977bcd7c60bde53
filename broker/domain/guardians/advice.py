"""Advice that a Guardian asks for: a question, a day, an answer; never an approval."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from typing import Final, NewType

from broker.domain.days.working_days import next_working_day
from broker.domain.errors import BrokerError
from broker.domain.references import Reference
from broker.domain.roles import Role
from keys import AgencyId, PersonId

AdviceId = NewType("AdviceId", str)


@unique
class Adviser(StrEnum):
    """Who is asked for advice, in the word of the ledger."""

    IG = "ig"
    POLICE_LEAD = "police-lead"
    LEGAL = "legal"


TITLES: Final = {
    Adviser.IG: "Information governance",
    Adviser.POLICE_LEAD: "Police Prevent lead",
    Adviser.LEGAL: "Legal advice",
}
"""What people call whoever is asked."""

ANSWERED_BY: Final = {Adviser.IG: Role.IG, Adviser.POLICE_LEAD: Role.POLICE_LEAD}
"""Who answers here; nobody does for legal advice, which the Guardian files as it was told."""

WORKING_DAYS: Final = {Adviser.IG: 2, Adviser.POLICE_LEAD: 1, Adviser.LEGAL: 2}
"""How many working days an answer may take; our own choice, and no law's."""


def due_of(adviser: Adviser, today: date) -> date:
    """Return by when advice is given.

    >>> str(due_of(Adviser.IG, date(2026, 3, 13)))  # a Friday
    '2026-03-17'
    """
    day = today
    for _ in range(WORKING_DAYS[adviser]):
        day = next_working_day(day)
    return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One piece of advice about a disclosure: codes and days; its words are kept with the case.

    `asked_body` is whose adviser is asked; `answered_by` is None until somebody answered.
    """

    id: AdviceId
    reference: Reference
    adviser: Adviser
    agency: AgencyId
    asked_body: AgencyId
    asked_by: PersonId
    asked_on: date
    due_on: date
    answered_by: PersonId | None = None
    answered_on: date | None = None

    def is_late(self, today: date) -> bool:
        """Say whether its day has passed without an answer."""
        return self.answered_on is None and self.due_on < today


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceInWords:
    """Advice with what was asked and what was answered, empty until then."""

    advice: Advice
    question: str
    answer: str


class UnknownAdviceError(BrokerError):
    """Raised alike for advice that does not exist and that somebody else is asked for."""

    def __init__(self) -> None:
        """Say where what is theirs stands."""
        super().__init__("You are asked for no such advice. Your list shows what you are asked.")

"""The day of an answer: set by a chair or a coordinator, never by a clock; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from broker.domain.days.working_days import working_days_after
from broker.domain.errors import Fault
from broker.domain.partner_requests.copies import Lateness
from broker.domain.roles import Role
from keys import PersonId

SETS_THE_DAY: Final = frozenset({Role.CHAIR, Role.COORDINATOR})
"""Who sets by when a request is answered: the panel's administrator and its chair (SET 2.9)."""

PROPOSED: Final = 5
"""How many working days are proposed; no source gives a number."""

SHORT: Final = 2
"""Fewer working days than these take a written reason."""

LONGEST: Final = timedelta(days=90)

_SOON: Final = timedelta(days=2)
_LATE: Final = timedelta(days=1)
_LATER: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySet:
    """By when an answer is asked for, who set it and in which function, and why it is so near."""

    on: date
    set_by: PersonId
    function: str
    why: str = ""


def proposed_day(today: date) -> date:
    """Return the day that is proposed: five working days from today."""
    return working_days_after(today, PROPOSED)


def day_faults(day: DaySet, today: date) -> Iterator[Fault]:
    """Yield what is wrong with a day."""
    if day.on < today:
        yield Fault(place="deadline.on", problem="has passed; set a day to come")
    elif day.on > today + LONGEST:
        yield Fault(place="deadline.on", problem="must be within 90 days")
    elif day.on < working_days_after(today, SHORT) and not day.why.strip():
        problem = "is missing; a day under two working days away needs its reason"
        yield Fault(place="deadline.why", problem=problem)


def later_day_faults(until: date, due_on: date, today: date) -> Iterator[Fault]:
    """Yield what is wrong with a later day that a body asks for: it asks before the day."""
    if today > due_on:
        problem = "is asked for too late: more time is asked for before the day. Answer, or ring"
        yield Fault(place="until", problem=problem)
    elif until <= due_on:
        yield Fault(place="until", problem="must be later than the day that is set")
    elif until > today + LONGEST:
        yield Fault(place="until", problem="must be within 90 days")


def lateness_on(due_on: date, today: date) -> Lateness:
    """Return how late an unanswered copy is: it climbs, and nothing else happens.

    >>> from datetime import date
    >>> [lateness_on(date(2026, 3, 16), date(2026, 3, day)).value for day in (13, 14, 17, 19)]
    ['none', 'due-soon', 'late', 'later']
    """
    if today >= due_on + _LATER:
        return Lateness.LATER
    if today >= due_on + _LATE:
        return Lateness.LATE
    return Lateness.DUE_SOON if today >= due_on - _SOON else Lateness.NONE

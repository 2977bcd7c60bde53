"""By when somebody must act. Where the rules name no day, it is the broker's own choice, no law's.

They count calendar days, since danger does not wait for Monday; a working day is counted only
where a rule asks for one. A day that passes releases nothing; it puts the matter at the top of
the Guardian's list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from broker.domain.days.working_days import calendar, next_working_day
from broker.domain.json_values import as_object
from policies import Obligation, Outcome

DAYS_TO_CONFIRM = 1
DAYS_TO_NOTE = 7
DAYS_TO_LOOK_BACK = {"emergency": 1, "override": 3, "sample": 14}
DAYS_TO_ANSWER = 3
DAYS_TO_ANSWER_SERIOUS = 1
DAYS_IN_A_WEEK = 7
_DAYS_TO_ACT = {"call-999": 0, "tell-the-guardian": 1}
_DEFAULT_DAYS = 7


def answer_due(questions: Mapping[str, object], today: date) -> date:
    """Return by when a referral is answered: today where danger is not ruled out.

    The next day where the harm or the crime feared is serious, else within three days. It is the
    request that is urgent; nothing is said of the person.
    """
    concern = as_object(questions["concern"])
    if questions["danger"] != "none":
        return today
    if concern["harm"] == "serious" or concern["serious_crime"] == "yes":
        return today + timedelta(days=DAYS_TO_ANSWER_SERIOUS)
    return today + timedelta(days=DAYS_TO_ANSWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A day, and the calendar that its working days were counted with, where it needed one."""

    on: date
    calendar: str | None = None


def duty_due(obligation: Obligation, outcome: Outcome, today: date) -> Due:
    """Return by when an obligation is kept: its own day if it names one, else as the rules say."""
    for name in ("by", "tell-by"):
        by = obligation.properties.get(name)
        if isinstance(by, str):
            return Due(on=date.fromisoformat(by))
    match obligation.properties.get("due"):
        case "same-day":
            return Due(on=today)
        case "next-working-day":
            return Due(on=next_working_day(today), calendar=calendar())
        case "days-7":
            return Due(on=today + timedelta(days=DAYS_IN_A_WEEK))
        case _:
            return Due(on=today + timedelta(days=_days(obligation, outcome)))


def _days(obligation: Obligation, outcome: Outcome) -> int:
    if obligation.type == "guardian-review":
        return DAYS_TO_LOOK_BACK["emergency" if outcome is Outcome.EMERGENCY else "override"]
    return _DAYS_TO_ACT.get(obligation.type, _DEFAULT_DAYS)


def check_due(danger: object, harm: object, today: date) -> Due:
    """Return by when a lead answers: today where harm is serious or danger is not ruled out.

    Else within one working day. `danger` and `harm` are the words of the contract.
    """
    if danger != "none" or harm == "serious":
        return Due(on=today)
    return Due(on=next_working_day(today), calendar=calendar())

"""Ages: completed years on the day judged, or what an approximate age leaves open."""

from datetime import date
from typing import Final

from policies.facts import Facts
from policies.registers import Registers

CHILD_AGREES: Final = 16
ADULT: Final = 18
AFTER_25: Final = 26

YES: Final = frozenset({True})
NO: Final = frozenset({False})
EITHER: Final = YES | NO


def age_on(day: date, born: date) -> int:
    """Return completed years; someone born on 29 February ages on 1 March in common years."""
    before_birthday = (day.month, day.day) < (born.month, born.day)
    return day.year - born.year - before_birthday


def may_be_under(facts: Facts, line: int) -> frozenset[bool]:
    """Return whether the person is younger than `line`: every answer that the facts leave open.

    A date of birth settles it. An approximate age settles it only a clear year away.
    """
    born = facts.day("subject.date_of_birth")
    if born is not None:
        return YES if age_on(facts.today(), born) < line else NO
    ages = facts.age_range()
    if ages is not None and ages[1] < line - 1:
        return YES
    if ages is not None and ages[0] > line:
        return NO
    return EITHER


def under_16(facts: Facts, _: Registers) -> str:
    """Say whether the person is under 16: yes, no or not sure."""
    return _word(may_be_under(facts, CHILD_AGREES))


def under_18(facts: Facts, _: Registers) -> str:
    """Say whether the person is under 18: yes, no or not sure."""
    return _word(may_be_under(facts, ADULT))


def over_25(facts: Facts, _: Registers) -> str:
    """Say whether the person has turned 26: yes, no or not sure."""
    return _word(frozenset(not answer for answer in may_be_under(facts, AFTER_25)))


def _word(answers: frozenset[bool]) -> str:
    if len(answers) > 1:
        return "not sure"
    return "yes" if True in answers else "no"

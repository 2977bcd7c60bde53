"""How old somebody is, where that may be known roughly or not at all."""

from datetime import date
from enum import StrEnum
from typing import Final

ADULT: Final = 18
"""From which birthday somebody is a child no longer."""


class Sure(StrEnum):
    """Whether somebody is under an age, where their age may not be known."""

    YES = "yes"
    NO = "no"
    PERHAPS = "perhaps"


def age_on(day: date, born: date) -> int:
    """Return completed years; who was born on 29 February turns on 1 March in common years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def under(line: int, day: date, born: date | None, ages: tuple[int, int] | None) -> Sure:
    """Say whether somebody is under an age on a day; a birthday counts before a guess.

    `ages` are the youngest and the oldest that they may be; a guess settles it only a clear year
    away.

    >>> under(18, date(2026, 3, 1), date(2008, 3, 1), None)
    <Sure.NO: 'no'>
    """
    if born is not None:
        return Sure.YES if age_on(day, born) < line else Sure.NO
    if ages is None:
        return Sure.PERHAPS
    youngest, oldest = ages
    if oldest < line - 1:
        return Sure.YES
    return Sure.NO if youngest > line else Sure.PERHAPS

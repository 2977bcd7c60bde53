"""Working days in England and Wales: no Saturday, Sunday or bank holiday."""

from collections.abc import Container
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Final, cast

_SATURDAY: Final = 5


def next_working_day(day: date) -> date:
    """Return the first working day after `day`.

    >>> from datetime import date
    >>> str(next_working_day(date(2026, 4, 2)))  # Good Friday and Easter Monday follow
    '2026-04-07'
    """
    following = day + timedelta(days=1)
    while following.weekday() >= _SATURDAY or following in _bank_holidays():
        following += timedelta(days=1)
    return following


def working_days_after(day: date, count: int) -> date:
    """Return the day on which the last of `count` working days after `day` falls.

    >>> from datetime import date
    >>> str(working_days_after(date(2026, 4, 1), 2))  # Thursday, then Easter
    '2026-04-07'
    """
    for _ in range(count):
        day = next_working_day(day)
    return day


@cache
def calendar() -> str:
    """Return what the days are counted with; it is noted beside each day that depends on it."""
    return f"holidays {version('holidays')}, England and Wales"


@cache
def _bank_holidays() -> Container[date]:
    # Loaded when a working day is asked for, which is seldom: it takes as long as all else.
    country_holidays = import_module("holidays").country_holidays
    return cast("Container[date]", country_holidays("GB", subdiv="ENG"))

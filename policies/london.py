"""The clock of London: a day judged is a day there, wherever and whenever it is judged."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Final


def _london() -> zoneinfo.ZoneInfo:
    # From the pinned package, never from the host: the same day must come out everywhere.
    with files("tzdata.zoneinfo").joinpath("Europe", "London").open("rb") as stream:
        return zoneinfo.ZoneInfo.from_file(stream, key="Europe/London")


LONDON: Final = _london()

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(2100, 1, 1, tzinfo=UTC)
_STEP: Final = timedelta(days=90)  # two changes of the clock are five months apart at least
_HOUR: Final = timedelta(hours=1)  # it changes on the hour


@cache
def london_transitions() -> list[list[int]]:
    """Return the changes of London's clock from 1970 to 2100, whatever the version of the data.

    Each is its moment in seconds of Unix time, and the offset from UTC from then on in seconds.
    """
    here, offset = _FIRST, _offset(_FIRST)
    changes = [[0, offset]]
    while here < _LAST:
        there = here + _STEP
        if _offset(there) != offset:
            moment = _change_between(here, there, offset)
            offset = _offset(moment)
            changes.append([int(moment.timestamp()), offset])
        here = there
    return changes


def _change_between(before: datetime, after: datetime, offset: int) -> datetime:
    """Return the first hour between two moments at which the offset is another."""
    low, high = 0, int((after - before) / _HOUR)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(before + middle * _HOUR) == offset:
            low = middle
        else:
            high = middle
    return before + high * _HOUR


def _offset(moment: datetime) -> int:
    offset = LONDON.utcoffset(moment.astimezone(LONDON))
    return 0 if offset is None else int(offset.total_seconds())

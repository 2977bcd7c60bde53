"""Moments and days: as text in the one spelling that all share, and as UK calendars show them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from policies import LONDON

Clock = Callable[[], datetime]
"""Tells the moment, aware of its zone; passed in, so that nothing asks the host by itself."""

_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


def rfc3339(moment: datetime) -> str:
    """Return `moment` in UTC as RFC 3339, such as 2026-03-16T10:00:00.000000Z."""
    return moment.astimezone(UTC).strftime(_FORMAT)


def moment_of(text: str) -> datetime:
    """Return the moment that `rfc3339` wrote."""
    if _WRITTEN.fullmatch(text):
        # Forty times as fast, and tens of thousands are read where a whole database is looked at.
        return datetime.fromisoformat(text)
    return datetime.strptime(text, _FORMAT).replace(tzinfo=UTC)


def moment_text(moment: datetime | None) -> str | None:
    """Return `moment` as `rfc3339` writes it, or None."""
    return None if moment is None else rfc3339(moment)


def moment_in(text: str | None) -> datetime | None:
    """Return the moment that `moment_text` wrote."""
    return None if text is None else moment_of(text)


def day_text(day: date | None) -> str | None:
    """Return `day` as ISO 8601, or None."""
    return None if day is None else day.isoformat()


def spelled_day(day: date) -> str:
    """Return a day as people in Britain write it.

    >>> spelled_day(date(2026, 3, 9))
    '9 March 2026'
    """
    return f"{day.day} {day:%B %Y}"


def spelled_moment(moment: datetime) -> str:
    """Return a moment in London time as people in Britain write it.

    >>> spelled_moment(datetime(2026, 3, 9, 9, 30, tzinfo=UTC))
    '9:30am on 9 March 2026'
    >>> spelled_moment(datetime(2026, 7, 9, 11, tzinfo=UTC))
    'midday on 9 July 2026'
    """
    here = uk_time(moment)
    return f"{_BY_NAME.get(f'{here:%H:%M}') or _clock(here)} on {spelled_day(here.date())}"


_BY_NAME = {"00:00": "midnight", "12:00": "midday"}


def _clock(here: datetime) -> str:
    hour = here.hour % 12 or 12
    half = "am" if here.hour < 12 else "pm"  # noqa: PLR2004  # the clock's own number
    return f"{hour}:{here:%M}{half}" if here.minute else f"{hour}{half}"


def day_of(text: str | None) -> date | None:
    """Return the day that `day_text` wrote."""
    return None if text is None else date.fromisoformat(text)


def written_day(text: str) -> date | None:
    """Return the day that a person wrote as YYYY-MM-DD, None for anything else."""
    # Other spellings of ISO 8601, such as 20260316, would be taken too.
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def written_moment(day: date, text: str) -> datetime | None:
    """Return the moment of a day at a time that a person wrote as HH:MM in London.

    None for anything else.
    """
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        return None
    hour, minute = map(int, text.split(":"))
    here = datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)
    return here.astimezone(UTC)


def uk_time(moment: datetime) -> datetime:
    """Return `moment` as a clock in the United Kingdom shows it."""
    return moment.astimezone(LONDON)


def uk_day(moment: datetime) -> date:
    """Return the day of `moment` as a calendar in the United Kingdom shows it."""
    return uk_time(moment).date()

"""Days and times stand as people in Britain write them, in London time."""

from datetime import UTC, date, datetime

import pytest

from broker.domain.times import spelled_day, spelled_moment


def test_a_day_has_no_leading_nought() -> None:
    assert spelled_day(date(2026, 3, 9)) == "9 March 2026"


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 3, 9, 0, 5, tzinfo=UTC), "12:05am on 9 March 2026"),
        (datetime(2026, 3, 9, 9, 30, tzinfo=UTC), "9:30am on 9 March 2026"),
        (datetime(2026, 3, 9, 12, 0, tzinfo=UTC), "midday on 9 March 2026"),
        (datetime(2026, 3, 9, 0, 0, tzinfo=UTC), "midnight on 9 March 2026"),
        (datetime(2026, 3, 9, 17, 0, tzinfo=UTC), "5pm on 9 March 2026"),
        (datetime(2026, 7, 9, 23, 30, tzinfo=UTC), "12:30am on 10 July 2026"),
    ],
)
def test_a_moment_is_told_in_london_time(moment: datetime, shown: str) -> None:
    assert spelled_moment(moment) == shown

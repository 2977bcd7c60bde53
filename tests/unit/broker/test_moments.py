"""One spelling of moments and days."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from broker.domain.times import day_of, day_text, moment_of, rfc3339, written_day


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        pytest.param(
            datetime(2026, 3, 16, 10, tzinfo=UTC), "2026-03-16T10:00:00.000000Z", id="whole"
        ),
        pytest.param(
            datetime(2026, 7, 1, 0, 30, 0, 5, tzinfo=timezone(timedelta(hours=1))),
            "2026-06-30T23:30:00.000005Z",
            id="another zone",
        ),
    ],
)
def test_a_moment_is_written_in_utc_and_read_back(moment: datetime, text: str) -> None:
    assert rfc3339(moment) == text
    assert moment_of(text) == moment


def test_texts_of_moments_sort_as_the_moments_do() -> None:
    start = datetime(2026, 3, 16, 10, tzinfo=UTC)
    moments = [start + timedelta(microseconds=1) * n for n in (0, 1, 10, 1_000_000)]

    assert sorted(map(rfc3339, moments)) == list(map(rfc3339, moments))


@pytest.mark.parametrize("text", ["2026-03-16T10:00:00Z", "2026-03-16", "", "now"])
def test_another_spelling_of_a_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="does not match"):
        moment_of(text)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        pytest.param(date(2026, 3, 1), "2026-03-01", id="a day"),
        pytest.param(None, None, id="none"),
    ],
)
def test_a_day_is_written_and_read_back(day: date | None, text: str | None) -> None:
    assert day_text(day) == text
    assert day_of(text) == day


@pytest.mark.parametrize("text", ["", "20260316", "2026-3-16", "2026-02-30", "2026-03-16 "])
def test_a_day_that_a_person_wrote_has_one_spelling(text: str) -> None:
    assert written_day(text) is None
    assert written_day("2026-03-16") == date(2026, 3, 16)

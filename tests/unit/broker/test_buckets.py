"""A bucket holds an hour's calls, refills evenly, and outlives no clock that was wrong."""

import pytest

from broker.access.buckets import PERIOD_SECONDS, take

NOW = 1_000_000.0


def taken_at_once(per_hour: int) -> tuple[int, float | None]:
    full_at, count = None, 0
    while (taken := take(full_at, NOW, per_hour)).wait == 0 and count <= per_hour:
        full_at, count = taken.full_at, count + 1
    return count, full_at


@pytest.mark.parametrize("per_hour", [10, 240, 601, 9_973])
def test_it_holds_exactly_as_many_calls_as_it_gets_back_in_an_hour(per_hour: int) -> None:
    assert taken_at_once(per_hour)[0] == per_hour


def test_an_empty_bucket_says_for_how_long_to_wait_and_then_holds_one_call() -> None:
    _, full_at = taken_at_once(10)

    refused = take(full_at, NOW, 10)
    assert refused.wait == pytest.approx(PERIOD_SECONDS / 10)
    assert refused.full_at == full_at, "what was refused is not counted"
    assert take(full_at, NOW + refused.wait, 10).wait == 0
    assert take(full_at, NOW + refused.wait - 1, 10).wait == pytest.approx(1)


def test_nothing_of_a_bucket_counts_after_an_hour() -> None:
    _, full_at = taken_at_once(10)

    assert take(full_at, NOW + PERIOD_SECONDS, 10) == take(None, NOW + PERIOD_SECONDS, 10)


def test_a_clock_that_was_set_back_shuts_nobody_out() -> None:
    written_next_year = NOW + 365 * 86_400

    assert take(written_next_year, NOW, 10) == take(None, NOW, 10)


def test_a_clock_a_minute_behind_another_gateways_gives_nobody_a_full_bucket() -> None:
    _, full_at = taken_at_once(10)

    assert take(full_at, NOW - 60, 10).wait == pytest.approx(PERIOD_SECONDS / 10)

"""Buckets of calls: how many failures and creating calls somebody may make within an hour.

A bucket is one moment, the one at which it will be full again (the virtual scheduling form of the
generic cell rate algorithm, ITU-T I.371). It holds as many calls as it gets back in an hour.
"""

from dataclasses import dataclass

PERIOD_SECONDS = 3600.0
"""How long an empty bucket takes to be full, and so how long anything of it is kept."""

SKEW_SECONDS = 120.0
"""How far the clocks of two gateways may differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A bucket after a call; moments and spans in seconds.

    `full_at` is when it is full again, `wait` how long until it holds the next call: 0 where this
    one was in it.
    """

    full_at: float
    wait: float


def take(full_at: float | None, now: float, per_hour: int) -> Taken:
    """Take one call out of a bucket; None is a bucket that nobody has taken from.

    A moment farther ahead than an empty bucket's, and than two clocks differ, was written while
    the clock was wrong: it holds nobody up.
    """
    last = now + PERIOD_SECONDS
    if full_at is None or full_at > last + SKEW_SECONDS:
        begins = now
    else:
        begins = min(max(full_at, now), last)
    after = begins + PERIOD_SECONDS / per_hour
    # What was taken in 3600 equal pieces may exceed their sum by the last bit.
    if after > last + 1e-6:
        return Taken(full_at=begins, wait=after - last)
    return Taken(full_at=after, wait=0.0)

"""How a figure is taken: between two runs of its floor, on this machine, now."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 7
SLICE = 1.0
FLOOR = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A ratio between a rate and its floor, or between a time and another tool's."""

    name: str
    ratio: float
    goal: str
    detail: str


def rate(
    work: Callable[[], int], seconds: float, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Return how many units of `work` a second are done, for about `seconds`."""
    done, started = 0, clock()
    while (elapsed := clock() - started) < seconds:
        done += work()
    return done / elapsed


def beside(
    work: Callable[[], int],
    floor: Callable[[], int],
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, float, float]:
    """Return the median ratio of `work` to `floor`, and the median rates of both.

    `time.process_time` is the clock where neither waits for a disk or another process.
    """
    ratios, rates, floors = [], [], []
    for _ in range(ROUNDS):
        before = rate(floor, FLOOR, clock)
        measured = rate(work, SLICE, clock)
        between = (before + rate(floor, FLOOR, clock)) / 2
        ratios.append(measured / between)
        rates.append(measured)
        floors.append(between)
    return statistics.median(ratios), statistics.median(rates), statistics.median(floors)


def duration(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return how many seconds `work` takes once."""
    started = clock()
    work()
    return clock() - started

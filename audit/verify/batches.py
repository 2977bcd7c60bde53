"""Entries in runs, so that what a glance can check is checked together."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeVar

from audit.errors import LedgerError

_RUN: Final = 1_024
_FEW: Final = 4
_T = TypeVar("_T")


def runs(entries: Iterable[_T]) -> Iterator[list[_T]]:
    """Yield the entries in runs to check together, also those before a fault in reading them."""
    waiting = iter(entries)
    while True:
        run: list[_T] = []
        try:
            run.extend(islice(waiting, _RUN))
        except LedgerError:
            yield run
            raise
        if not run:
            return
        yield run


def glance_or_add(
    run: Sequence[_T], glance: Callable[[Sequence[_T]], bool], add: Callable[[_T], object]
) -> None:
    """Pass the run at a glance; where that fails, add a few, try again, add twice as many."""
    few = _FEW
    while run and not glance(run):
        for one in run[:few]:
            add(one)
        run, few = run[few:], 2 * few

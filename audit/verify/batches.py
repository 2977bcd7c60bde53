"""Entries in batches, so that those of a known shape are checked together."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeVar

from audit.errors import LedgerError

_BATCH: Final = 1_024
_FEW: Final = 4
_T = TypeVar("_T")


def batches(entries: Iterable[_T]) -> Iterator[list[_T]]:
    """Yield the entries in batches, also those before a fault in reading them."""
    waiting = iter(entries)
    while True:
        batch: list[_T] = []
        try:
            batch.extend(islice(waiting, _BATCH))
        except LedgerError:
            yield batch
            raise
        if not batch:
            return
        yield batch


def match_or_add(
    batch: Sequence[_T], match: Callable[[Sequence[_T]], bool], add: Callable[[_T], object]
) -> None:
    """Match the batch as a whole; where that fails, add a few, try again, add twice as many."""
    few = _FEW
    while batch and not match(batch):
        for entry in batch[:few]:
            add(entry)
        batch, few = batch[few:], 2 * few

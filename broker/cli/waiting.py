"""What a person at a terminal sees while a command takes long; a program sees none of it."""

import sys
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from broker.cli.output import progress

T = TypeVar("T")

QUIET_SECONDS: Final = 1.0
"""How long a command may take before it says what it is doing."""


@contextmanager
def while_doing(what: str) -> Generator[None]:
    """Say on a terminal what is being done and for how long, once it has taken a second.

    Nothing may be asked or printed within.
    """
    if not sys.stderr.isatty():
        yield
        return
    over = threading.Event()
    teller = threading.Thread(target=_tell, args=(what, over), daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _tell(what: str, over: threading.Event) -> None:
    started, shown = time.monotonic(), False
    while not over.wait(QUIET_SECONDS):
        progress(f"{what} ... {time.monotonic() - started:.0f} s")
        shown = True
    if shown:
        progress("")


def with_progress(found: Iterable[T], noun: str) -> Iterator[T]:
    """Yield what is found, and say on a terminal how many it is, once that has taken a second."""
    started, shown = time.monotonic(), False
    for number, one in enumerate(found, start=1):
        if sys.stderr.isatty() and time.monotonic() - started > QUIET_SECONDS:
            progress(f"{number:,} {noun}")
            shown = True
        yield one
    if shown:
        progress("")

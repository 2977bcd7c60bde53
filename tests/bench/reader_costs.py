"""What processes below this one cost, as the kernel counts it: nobody waits for readers."""

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

_EVERY = 0.02
_AHEAD_OF_FIELDS = ") "
_USER, _LAST = 11, 15  # of /proc/PID/stat, counted behind the name
_TICKS = os.sysconf("SC_CLK_TCK")


class Peak:
    """The most memory that one process below this one held, in bytes, as far as it was seen."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.bytes = 0

    def look(self) -> None:
        """Remember the largest of the peaks that stand at this moment."""
        for process in below():
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
                found = [line for line in status.splitlines() if line.startswith("VmHWM:")]
                self.bytes = max([self.bytes, *(int(one.split()[1]) * 1024 for one in found)])


@contextlib.contextmanager
def watched() -> Iterator[Peak]:
    """Look every few milliseconds, in a thread, for as long as the block runs."""
    peak, done = Peak(), threading.Event()

    def look() -> None:
        while not done.wait(_EVERY):
            peak.look()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def processor_seconds() -> float:
    """Return the processor time of all below this process, those that ended among them."""
    ticks = 0
    for process in below():
        ticks += sum(int(one) for one in _stat(process)[_USER:_LAST])
    return ticks / _TICKS


def below() -> list[int]:
    """Return the processes that this one started, and theirs."""
    found, at = _children(os.getpid()), 0
    while at < len(found):
        found += _children(found[at])
        at += 1
    return found


def _children(process: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{process}/task").glob("*/children")
        return [int(one) for task in tasks for one in task.read_text(encoding="ascii").split()]
    except OSError:
        return []


def _stat(process: int) -> list[str]:
    try:
        line = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return line.rpartition(_AHEAD_OF_FIELDS)[2].split()

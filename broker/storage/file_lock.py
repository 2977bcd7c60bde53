"""Take turns at a file: first come, first served among processes and threads, with a deadline.

Each waits in the kernel's queue for the gate, and whoever stands in the gate alone waits for the
turn. So nobody who has just had a turn gets the next one before those who wait.
"""

import fcntl
import os
import threading
import time
from collections.abc import Generator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from pathlib import Path

_FIRST_PAUSE_SECONDS = 0.0002
_LAST_PAUSE_SECONDS = 0.005


@contextmanager
def turn(path: Path, seconds: float) -> Generator[None]:
    """Hold the file at `path` locked; raise `TimeoutError` if that takes longer than `seconds`."""
    give_up_at = time.monotonic() + seconds
    with ExitStack() as gate:
        gate.callback(os.close, _pass_gate(path.with_name(f"{path.name}.gate"), give_up_at))
        descriptor = _opened(path)
        try:
            _wait_in_gate(descriptor, give_up_at)
            gate.close()
            yield
        finally:
            os.close(descriptor)


@contextmanager
def lock_at_once(path: Path) -> Generator[None]:
    """Hold the file at `path` locked; raise `BlockingIOError` where another process does."""
    descriptor = _opened(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _pass_gate(path: Path, give_up_at: float) -> int:
    """Return the gate's descriptor, locked; queue for it only where somebody stands in it."""
    descriptor = _opened(path)
    if _taken(descriptor):
        return descriptor
    os.close(descriptor)
    return _queued(path, give_up_at)


def _queued(path: Path, give_up_at: float) -> int:
    """Wait in the kernel's queue, which only a thread of its own can be left in."""
    first: Future[int] = Future()

    def queue() -> None:
        descriptor = _opened(path)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if first.set_running_or_notify_cancel():
            first.set_result(descriptor)
        else:
            os.close(descriptor)

    threading.Thread(target=queue, daemon=True).start()
    try:
        return first.result(timeout=max(0.0, give_up_at - time.monotonic()))
    except TimeoutError:
        if first.cancel():
            raise
        return first.result()


def _wait_in_gate(descriptor: int, give_up_at: float) -> None:
    pause = _FIRST_PAUSE_SECONDS
    while not _taken(descriptor):
        if time.monotonic() > give_up_at:
            raise TimeoutError
        time.sleep(pause)
        pause = min(2 * pause, _LAST_PAUSE_SECONDS)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

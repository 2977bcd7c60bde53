"""Started apart, with nothing: loads the parsers once, then forks a shut-in reader for each file.

Run as `python -I -m broker.packs.sandbox.forkserver FD LIMITS...` with an empty environment; FD is
a socket on which each byte brings one end of a socket of its own for a reader. It ends when that
closes.
"""

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass, field

from broker.packs.sandbox.frames import Channel, FrameError
from broker.packs.sandbox.walls import (
    Limits,
    Wall,
    become_nobody,
    die_with_parent,
    enter_namespaces,
    shut_in,
    taken_memory,
    walls_that_hold,
)
from broker.packs.sandbox.warming import warm
from broker.packs.sandbox.worker import answer

MAX_REQUEST = 64_000_000
_SECONDS_AS_A_GUEST = 1.0  # who needs longer than an honest file does makes way for the others
_NICE, _LAST = 5, 19
_LOOK_AROUND = 0.1


@dataclass(slots=True)
class _Readers:
    """The readers that live, with the moments when each began."""

    limits: Limits
    began: dict[int, float] = field(default_factory=dict[int, float])

    def look_after(self, now: float) -> None:
        """Bury those that ended, slow those that take long, end those that take too long."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                self.began.pop(ended, None)
        for reader, began in self.began.items():
            if now - began > self.limits.wall:
                os.kill(reader, signal.SIGKILL)
            elif now - began > _SECONDS_AS_A_GUEST:
                with contextlib.suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, reader, _LAST)


def main() -> None:
    """Put up the walls, say which hold, and serve until the broker goes."""
    control, limits = socket.socket(fileno=int(sys.argv[1])), Limits.of_arguments(sys.argv[2:])
    before: set[Wall] = set()
    if enter_namespaces():
        # The first process of a namespace takes all others with it when it ends.
        first = os.fork()
        if first:
            control.close()
            os.waitpid(first, 0)
            os._exit(0)
        die_with_parent()
    if os.getpid() == 1:
        before.add(Wall.PROCESSES)
    warm()
    if become_nobody():
        before.add(Wall.USER)
        die_with_parent()  # forgotten where the user changes
    gc.collect()
    gc.freeze()
    taken = taken_memory()
    _tell_walls(control, frozenset(before), limits, taken)
    _serve(control, limits, taken)


def _tell_walls(
    control: socket.socket, before: frozenset[Wall], limits: Limits, taken: int
) -> None:
    probe = os.fork()
    if probe == 0:
        with contextlib.suppress(OSError, FrameError):
            walls = walls_that_hold(before, limits, taken)
            Channel(control).send([",".join(walls).encode()])
        os._exit(0)
    os.waitpid(probe, 0)


def _serve(control: socket.socket, limits: Limits, taken: int) -> None:
    readers = _Readers(limits=limits)
    while True:
        ready, _, _ = select.select([control], [], [], _LOOK_AROUND if readers.began else None)
        now = time.monotonic()
        if ready:
            _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
            if not descriptors:
                return
            reader = os.fork()
            if reader == 0:
                control.close()
                _read(socket.socket(fileno=descriptors[0]), limits, taken)
            os.close(descriptors[0])
            readers.began[reader] = now
        readers.look_after(now)


def _read(end: socket.socket, limits: Limits, taken: int) -> None:
    """In a process of its own: shut in, take one request, answer it, and end."""
    try:
        gc.disable()
        with contextlib.suppress(OSError):  # a system may refuse even that
            os.nice(_NICE)
        shut_in(limits, taken)
        channel = Channel(end)
        channel.send(answer(channel.receive(MAX_REQUEST)))
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()

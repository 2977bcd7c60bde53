"""The walls around a reader of hostile files, and how each is tried before it is relied on."""

import ctypes
import errno
import mmap
import os
import resource
import signal
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from broker.packs.sandbox.seccomp import filter_system_calls

NOBODY = 65_534
_NEW_USER, _NEW_IPC, _NEW_UTS = 0x10000000, 0x08000000, 0x04000000
_NEW_PROCESSES, _NEW_NETWORK = 0x20000000, 0x40000000
_NAMESPACES = _NEW_IPC | _NEW_UTS | _NEW_PROCESSES | _NEW_NETWORK
_PR_SET_PDEATHSIG = 1
_LOOPBACK = ("127.0.0.1", 9)
_FILTERED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one reader may take: processor and wall time in seconds, and memory in bytes.

    The memory is beside what the parsers took when they were loaded. Wall time is longer, since a
    machine may be busy.
    """

    cpu: int = 15
    wall: int = 40
    memory: int = 384 << 20

    def arguments(self) -> list[str]:
        """Return the limits as arguments of the server of readers."""
        return [str(self.cpu), str(self.wall), str(self.memory)]

    @classmethod
    def of_arguments(cls, arguments: Sequence[str]) -> "Limits":
        """Return the limits that `arguments` wrote."""
        cpu, wall, memory = map(int, arguments)
        return cls(cpu=cpu, wall=wall, memory=memory)


class Wall(StrEnum):
    """A wall that may stand around the readers; which do depends on the machine."""

    LIMITS = "limits"
    SYSTEM_CALLS = "system-calls"
    NETWORK = "network"
    PROCESSES = "processes"
    USER = "user"

    @property
    def words(self) -> str:
        """What the wall keeps them from."""
        return _WORDS[self]


_WORDS = {
    Wall.LIMITS: "limits on processor time, memory, open files and output",
    Wall.SYSTEM_CALLS: "a filter of system calls (seccomp)",
    Wall.NETWORK: "a network of its own, with nothing in it",
    Wall.PROCESSES: "no sight of other processes",
    Wall.USER: "a user of its own (nobody)",
}


def enter_namespaces() -> bool:
    """Give the coming children a network and processes of their own; say whether that worked."""
    libc = ctypes.CDLL(None, use_errno=True)
    return any(libc.unshare(flags) == 0 for flags in (_NAMESPACES, _NAMESPACES | _NEW_USER))


def die_with_parent(by: signal.Signals = signal.SIGKILL) -> None:
    """Have this process killed, or sent another signal, when the one that started it dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)


def become_nobody() -> bool:
    """Where this process runs as root: go on as nobody, for good; say whether that worked."""
    if os.geteuid() != 0:
        return False
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        return False
    return True


def taken_memory() -> int:
    """Return the bytes of address space that this process takes now."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * mmap.PAGESIZE


def shut_in(limits: Limits, taken: int) -> None:
    """Put the last walls around this process: from now on it reads what it holds, and answers.

    `taken` is the memory that it took before.
    """
    for limit, most in (
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_AS, taken + limits.memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        resource.setrlimit(limit, (most, most))
    filter_system_calls()


def walls_that_hold(before: frozenset[Wall], limits: Limits, taken: int) -> list[Wall]:
    """Try every wall from inside, shut this process in, and return those that held.

    `before` are those that were tried while they were put up.
    """
    found = list(before)
    if not _reaches_a_network():
        found.append(Wall.NETWORK)
    shut_in(limits, taken)
    if not _opens_a_file() and not _takes_memory(limits.memory + 1):
        found.append(Wall.LIMITS)
    if os.getppid() == _FILTERED:  # a call that never fails, unless it is filtered
        found.append(Wall.SYSTEM_CALLS)
    return found


def _reaches_a_network() -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_LOOPBACK)
        except OSError as error:
            return error.errno != errno.ENETUNREACH
    return True


def _opens_a_file() -> bool:
    try:
        os.close(os.open("/", os.O_RDONLY))
    except OSError:
        return False
    return True


def _takes_memory(size: int) -> bool:
    try:
        mmap.mmap(-1, size).close()
    except (OSError, ValueError, MemoryError):
        return False
    return True

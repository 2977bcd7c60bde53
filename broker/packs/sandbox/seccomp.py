"""A filter of system calls (Linux seccomp): what reading a file in memory needs, nothing else.

Whoever passes it can neither open files or sockets, nor start processes, nor reach others.
"""

import ctypes
import platform
import struct

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CALLS: dict[str, tuple[int, ...]] = {
    "x86_64": (
        # In this order: read, write, close, fstat, lseek, mmap, mprotect, munmap and brk;
        *(0, 1, 3, 5, 8, 9, 10, 11, 12),
        # three for signals (action, mask, return), then sched_yield, mremap, madvise and getpid;
        *(13, 14, 15, 24, 25, 28, 39),
        # sendto, recvfrom, exit, gettimeofday, sigaltstack, gettid and futex;
        *(44, 45, 60, 96, 131, 186, 202),
        # and restart_syscall, clock_gettime, exit_group, getrandom.
        *(219, 228, 231, 318),
    ),
    "aarch64": (
        *(63, 64, 57, 80, 62, 222, 226, 215, 214),
        *(134, 135, 139, 124, 216, 233, 172),
        *(206, 207, 93, 169, 132, 178, 98),
        *(128, 113, 94, 278),
    ),
}
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _FILTER = 22, 38, 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050001  # EPERM
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def filter_system_calls() -> bool:
    """Refuse this process every other system call from now on; say whether the system does so."""
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        return False
    code = _program(_ARCHITECTURES[machine], _CALLS[machine])
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    answer: int = libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)
    return answer == 0


def _program(architecture: int, calls: tuple[int, ...]) -> bytes:
    """Return the filter as classic BPF: the right machine, then one comparison for each call."""
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    for index, call in enumerate(calls):
        to_the_end = len(calls) - index
        lines.append((_JUMP_IF_EQUAL, to_the_end, 0, call))
    lines += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)

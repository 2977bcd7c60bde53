"""Run a program as shut in as a systemd unit says, where systemd itself does not run.

python confined.py UNIT PROGRAM ARGUMENT...

The kernel does what systemd has it do: the unit's filter of system calls, no namespaces, no
sockets but of the families it names, no capabilities, no new privileges, no core, its umask. What
the unit mounts away is not tried here.
"""

import ctypes
import os
import re
import resource
import struct
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

NUMBERS = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
_FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}
_ERRORS = {"EPERM": 1}
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16
_X86_64 = 0xC000003E
_NAMESPACE_FLAGS = 0x7E020080  # user, PID, network, IPC, UTS and cgroup, mount, time
_NOT_SUPPORTED, _NOT_THERE = 97, 38
_CAPABILITIES = 64

Line = tuple[int, int, int, int]


def settings_of(unit: str) -> dict[str, list[str]]:
    """Return what a unit says, each setting with its values in order."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"(?m)^(\w+)=(.*)$", unit):
        found.setdefault(name, []).append(value)
    return found


@cache
def calls_of(group: str) -> frozenset[str]:
    """Return the system calls of a group of systemd's, as it prints them itself."""
    said = subprocess.run(
        ["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True
    ).stdout
    named = {line.strip() for line in said.splitlines()[1:]} - {""}
    found = {name for name in named if not name.startswith(("#", "@"))}
    return frozenset(found.union(*(calls_of(name) for name in named if name.startswith("@"))))


def allowed(settings: dict[str, list[str]]) -> frozenset[str]:
    """Return the system calls that the lines of a unit leave: each adds, or with ~ takes away."""
    left: frozenset[str] = frozenset()
    for line in settings["SystemCallFilter"]:
        names = line.removeprefix("~").split()
        these = frozenset().union(*(calls_of(n) if n[0] == "@" else {n} for n in names))
        left = left - these if line.startswith("~") else left | these
    return left


def filter_of(settings: dict[str, list[str]], numbers: dict[str, int]) -> Iterator[Line]:
    """Yield the filter as classic BPF."""
    refused = [_ERRORS[one] for one in settings.get("SystemCallErrorNumber", [])]
    yield (_LOAD, 0, 0, _MACHINE)
    yield (_EQUAL, 1, 0, _X86_64)
    yield (_RETURN, 0, 0, _KILL)
    yield (_LOAD, 0, 0, _NUMBER)
    if settings["RestrictNamespaces"] == ["yes"]:
        yield from _answer(numbers["clone3"], _NOT_THERE)
        yield from _answer(numbers["setns"], _ERRORS["EPERM"])
        for call in ("unshare", "clone"):
            yield (_EQUAL, 0, 4, numbers[call])
            yield (_LOAD, 0, 0, _FIRST_ARGUMENT)
            yield (_ANY_BIT, 0, 1, _NAMESPACE_FLAGS)
            yield (_RETURN, 0, 0, _ERROR | _ERRORS["EPERM"])
            yield (_LOAD, 0, 0, _NUMBER)
    families = [_FAMILIES[one] for one in settings["RestrictAddressFamilies"][0].split()]
    yield (_EQUAL, 0, len(families) + 3, numbers["socket"])
    yield (_LOAD, 0, 0, _FIRST_ARGUMENT)
    for index, family in enumerate(families):
        yield (_EQUAL, len(families) - index, 0, family)
    yield (_RETURN, 0, 0, _ERROR | _NOT_SUPPORTED)
    yield (_LOAD, 0, 0, _NUMBER)
    for name in sorted(allowed(settings)):
        if name in numbers:
            yield (_EQUAL, 0, 1, numbers[name])
            yield (_RETURN, 0, 0, _ALLOW)
    yield (_RETURN, 0, 0, _ERROR | refused[0] if refused else _KILL)


def _answer(call: int, error: int) -> Iterator[Line]:
    yield (_EQUAL, 0, 1, call)
    yield (_RETURN, 0, 0, _ERROR | error)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def shut_in(unit: str) -> None:
    """Shut this process in, and all that it starts."""
    settings = settings_of(unit)
    known = re.findall(r"#define __NR_(\w+) (\d+)", NUMBERS.read_text(encoding="ascii"))
    lines = list(filter_of(settings, {name: int(number) for name, number in known}))
    code = b"".join(struct.pack("=HBBI", *line) for line in lines)
    program, libc = _Program(len(lines), code), ctypes.CDLL(None, use_errno=True)
    os.umask(int(settings["UMask"][0], 8))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if settings["CapabilityBoundingSet"] == [""] and os.geteuid() == 0:
        for capability in range(_CAPABILITIES):
            libc.prctl(24, capability, 0, 0, 0)
    assert libc.prctl(38, 1, 0, 0, 0) == 0
    assert libc.prctl(22, 2, ctypes.byref(program), 0, 0) == 0, ctypes.get_errno()


if __name__ == "__main__":
    shut_in(Path(sys.argv[1]).read_text(encoding="utf-8"))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - no shell is wanted

"""The ports of the demonstration: those that are wanted, or free ones, and who has the others."""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from broker.cli.output import say
from broker.operations.demo_home import DemoError

_LISTENS = "0A"
_PROC = Path("/proc")
_LONGEST = 60


def free_port(wanted: int) -> int:
    """Return the wanted port, or any free one where a program has it, and say which program."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            chosen: int = probe.getsockname()[1]
        if port != wanted:
            say(f"Port {wanted} is taken {holder_of(wanted)}. Port {chosen} is used instead.")
        return chosen
    raise DemoError("No port is free on this machine.")


def holder_of(port: int) -> str:
    """Return which process listens on a port, in words, with what ends it."""
    inodes = _listening_on(port)
    for process in sorted(_PROC.glob("[0-9]*"), key=lambda one: int(one.name)):
        if _holds(process, inodes):
            called = (
                (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            )
            what = called.strip()[:_LONGEST]
            return f"by process {process.name} ({what}); what ends it is: kill {process.name}"
    return "by a program of another user"


def _listening_on(port: int) -> frozenset[str]:
    lines = [
        line.split()
        for name in ("tcp", "tcp6")
        if (table := _PROC / "net" / name).exists()
        for line in table.read_text(encoding="ascii").splitlines()[1:]
    ]
    return frozenset(
        line[9]
        for line in lines
        if line[3] == _LISTENS and int(line[1].rpartition(":")[2], 16) == port
    )


def _holds(process: Path, inodes: frozenset[str]) -> bool:
    return any(
        (found := re.fullmatch(r"socket:\[(\d+)\]", link)) is not None and found[1] in inodes
        for link in _open_in(process)
    )


def _open_in(process: Path) -> Iterator[str]:
    """Yield what a process has open; nothing of another user's, or of one that is over."""
    with suppress(OSError):
        for one in (process / "fd").iterdir():
            # It may be closed meanwhile.
            with suppress(OSError):
                yield str(one.readlink())

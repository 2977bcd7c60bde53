"""What somebody at a terminal sees while a command takes long, and that a program sees nothing."""

import os
import pty
import subprocess
import sys

import pytest

from broker.cli.output import PROGRESS_WIDTH

LONG = """
import time
from broker.cli import waiting
waiting.QUIET_SECONDS = 0.05
with waiting.while_doing("Reading the ledger"):
    time.sleep(0.3)
"""
SHORT = """
from broker.cli.waiting import while_doing
with while_doing("Reading the ledger"):
    pass
"""
COUNTED = """
import time
from broker.cli import waiting
waiting.QUIET_SECONDS = 0.05
for _ in waiting.with_progress(range(1, 1235), "decisions"):
    time.sleep(0.0005)
"""
FAILING = """
import time
from broker.cli import waiting
waiting.QUIET_SECONDS = 0.05
with waiting.while_doing("Reading the ledger"):
    time.sleep(0.3)
    raise SystemExit(3)
"""
CLEARED = f"\r{'':{PROGRESS_WIDTH}}\r"


def at_a_terminal(program: str) -> tuple[int, str]:
    """Run a program whose errors go to a terminal; return its status and what stood there."""
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen:
        ran = subprocess.Popen([sys.executable, "-c", program], stderr=theirs)
        os.close(theirs)
        seen = b""
        while piece := _read(screen.fileno()):
            seen += piece
    return ran.wait(), seen.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # Linux says so of a terminal that nobody holds any more
        return b""


def test_what_takes_long_is_said_and_cleared_away() -> None:
    status, seen = at_a_terminal(LONG)

    assert status == 0
    assert seen.startswith("\rReading the ledger ... 0 s")
    assert seen.endswith(CLEARED)


def test_what_is_quick_says_nothing() -> None:
    assert at_a_terminal(SHORT) == (0, "")


def test_what_fails_clears_its_line_first() -> None:
    status, seen = at_a_terminal(FAILING)

    assert status == 3
    assert seen.endswith(CLEARED)


def test_what_is_counted_says_how_many() -> None:
    _, seen = at_a_terminal(COUNTED)

    told = [line.strip().removesuffix(" decisions") for line in seen.split("\r") if line.strip()]
    counts = [int(number.replace(",", "")) for number in told]
    assert counts == sorted(counts)
    assert counts[-1] == 1_234


@pytest.mark.parametrize("program", [LONG, COUNTED])
def test_a_program_is_told_nothing(program: str) -> None:
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert (ran.stdout, ran.stderr) == (b"", b"")

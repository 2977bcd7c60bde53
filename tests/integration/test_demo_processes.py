"""The processes of the demonstration: none outlives it, and a port that is taken is explained."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from broker.cli.running.demonstration.ports import free_port
from broker.operations.demo_home import write_commands

_STARTS_ONE = """
import os, sys, time
from pathlib import Path
from broker.cli.running.demonstration.gateway import started
with Path(os.devnull).open("ab") as log:
    child = started((sys.executable, "-c", "import time; time.sleep(600)"), os.environ, log)
    print(child.pid, flush=True)
    time.sleep(600)
"""


def is_over(pid: int) -> bool:
    """Say whether a process runs no more; one that nobody has waited for is over too."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


def test_what_a_demonstration_started_ends_though_it_is_killed_at_once() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _STARTS_ONE], stdout=subprocess.PIPE, text=True
    ) as demonstration:
        assert demonstration.stdout is not None
        child = int(demonstration.stdout.readline())
        assert not is_over(child)

        demonstration.send_signal(signal.SIGKILL)

    until = time.monotonic() + 60
    while not is_over(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert is_over(child)


def test_who_has_a_port_is_said_with_what_ends_it(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        chosen = free_port(taken)

    said = " ".join(capsys.readouterr())
    assert chosen != taken
    assert f"Port {taken} is taken by process {os.getpid()} (" in said
    assert f"kill {os.getpid()}. Port {chosen} is used instead." in said


def test_nothing_is_said_of_a_port_that_is_free(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        wanted = probe.getsockname()[1]

    assert free_port(wanted) == wanted
    assert " ".join(capsys.readouterr()).strip() == ""


@pytest.mark.parametrize(("minutes", "is_said"), [(0, False), (20, True)])
def test_a_token_that_nobody_renews_any_more_says_what_renews_it(
    tmp_path: Path, *, minutes: int, is_said: bool
) -> None:
    write_commands(tmp_path)
    token = tmp_path / "p-nurse.token"
    token.write_bytes(b"x")
    os.utime(token, (time.time() - 60 * minutes,) * 2)

    done = subprocess.run(
        [tmp_path / "as-nurse", "--version"], capture_output=True, text=True, check=True
    )

    assert ("Run it again: make demo" in done.stderr) == is_said

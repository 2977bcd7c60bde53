"""Turns at a file: one at a time, given up at the deadline, and left behind by nobody."""

import fcntl
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from broker.storage.file_lock import turn

HOLDER = """
import sys, time
from pathlib import Path
from broker.storage.file_lock import turn
with turn(Path(sys.argv[1]), 5.0):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    return tmp_path / "lock"


def test_one_at_a_time_has_the_turn(path: Path) -> None:
    inside, most, counted = 0, 0, threading.Lock()

    def take() -> None:
        nonlocal inside, most
        for _ in range(20):
            with turn(path, 30.0):
                with counted:
                    inside += 1
                    most = max(most, inside)
                with counted:
                    inside -= 1

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (most, inside) == (1, 0)


def test_who_waits_in_the_gate_gives_up_at_the_deadline(path: Path) -> None:
    with turn(path, 1.0), pytest.raises(TimeoutError), turn(path, 0.0):
        pass

    with turn(path, 1.0):
        pass


def test_who_queues_for_the_gate_gives_up_and_leaves_nothing_locked(path: Path) -> None:
    with path.with_name("lock.gate").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        with pytest.raises(TimeoutError), turn(path, 0.05):
            pass

    # The thread that was left in the queue takes the gate now, sees that nobody waits, and goes.
    with turn(path, 5.0):
        pass


def test_the_turn_of_a_killed_process_is_free(path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(TimeoutError), turn(path, 0.0):
            pass
        holder.kill()

    with turn(path, 5.0):
        pass

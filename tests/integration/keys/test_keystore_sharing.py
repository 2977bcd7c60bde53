"""One keystore, many users: threads, processes, forks, and processes that are killed."""

import multiprocessing
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from keys import CaseId, HardwareToken, KeyErasedError, KeyExistsError, Keystore, Purpose

PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from keys import CaseId, Keystore, Purpose

noon = datetime(2026, 3, 16, 12, tzinfo=UTC)
keystore = Keystore.open(Path(sys.argv[1]))
for number in range(10_000):
    case = CaseId(f"{sys.argv[2]}-{number}")
    print("make", case, keystore.new_case_key(case, noon).material.hex(), flush=True)
    keystore.rewrap()
    keystore.activate(keystore.prepare(Purpose.TOKEN, noon).kid)
    if number % 2:
        keystore.erase_case(case, noon)
        print("erase", case, "-", flush=True)
"""


def run_until(folder: Path, lines: int, name: str) -> list[list[str]]:
    """Let a process work on the keystore, kill it after that many lines, return all it said."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), name], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        said = [child.stdout.readline() for _ in range(lines)]
        child.send_signal(signal.SIGKILL)
        said.extend(child.stdout.readlines())
    assert child.returncode == -signal.SIGKILL
    return [line.split() for line in said]


def test_many_threads_share_a_keystore(keystore: Keystore, noon: datetime) -> None:
    cases = tuple(CaseId(f"case-{number:02}") for number in range(24))

    def work(case: CaseId) -> bool:
        services = keystore.new_case_key(case, noon)
        if case.endswith("0"):
            keystore.rewrap()
        return keystore.case_key(case).material == services.material

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(work, cases))

    assert results == [True] * 24
    assert keystore.cases() == cases
    keystore.check_integrity()


def test_only_one_thread_makes_the_key_of_a_case(
    keystore: Keystore, noon: datetime, case: CaseId
) -> None:
    def work(_: int) -> bytes | None:
        try:
            return keystore.new_case_key(case, noon).material
        except KeyExistsError:
            return None

    with ThreadPoolExecutor(8) as threads:
        services = [material for material in threads.map(work, range(8)) if material is not None]

    assert services == [keystore.case_key(case).material]


def test_a_keystore_made_before_a_fork_serves_the_child(
    keystore: Keystore, folder: Path, protection: HardwareToken | None
) -> None:
    def work() -> None:
        keystore.rewrap()
        assert (
            Keystore.open(folder, protection).signing_key(Purpose.LEDGER).kid
            == keystore.signing_key(Purpose.LEDGER).kid
        )

    children = [multiprocessing.get_context("fork").Process(target=work) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()

    assert [child.exitcode for child in children] == [0, 0, 0]
    keystore.check_integrity()


@pytest.mark.parametrize(
    "lines", [1, 2, 3, *(pytest.param(lines, marks=pytest.mark.long) for lines in range(4, 40))]
)
def test_a_killed_process_leaves_a_keystore_that_opens(
    filed: Keystore, folder: Path, lines: int
) -> None:
    said = run_until(folder, lines, f"round-{lines}")

    again = Keystore.open(folder)
    again.check_integrity()
    again.rewrap()
    assert again.identity == filed.identity
    erased = {CaseId(case) for word, case, _ in said if word == "erase"}
    services = {CaseId(case): bytes.fromhex(key) for word, case, key in said if word == "make"}
    for case in erased:
        with pytest.raises(KeyErasedError):
            again.case_key(case)
    # The last case with an odd number may have been erased just before the end.
    certain = {case: key for case, key in services.items() if int(case[-1]) % 2 == 0}
    assert {case: again.case_key(case).material for case in certain} == certain
    assert certain

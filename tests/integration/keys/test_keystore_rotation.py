"""The key that wraps all others follows another while the keystore is used, whatever is killed."""

import os
import signal
import sqlite3
import threading
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from tokens import forked

from keys import CaseId, FieldName, HardwareToken, Keystore, Purpose

MANY = 60
FEW = 5


def filled(keystore: Keystore, noon: datetime, many: int = MANY) -> dict[CaseId, bytes]:
    """Make keys of cases, fields and drafts in one transaction; return those of the cases."""
    with keystore._changing() as unlocked:
        for number in range(many):
            case = CaseId(f"case-{number:05}")
            unlocked.cases.add(case, noon)
            unlocked.fields.make(FieldName(case=case, field="words"), noon)
            unlocked.drafts.add(CaseId(f"draft-{number:05}"), noon)
    return {case: keystore.case_key(case).material for case in keystore.cases()}


def materials(keystore: Keystore) -> dict[CaseId, bytes]:
    with keystore.session():
        return {case: keystore.case_key(case).material for case in keystore.cases()}


def wrapped(folder: Path, table: str) -> set[bytes]:
    with closing(sqlite3.connect(folder / "keystore.db")) as file:
        return {row[0] for row in file.execute(f"SELECT wrapped FROM {table}")}  # noqa: S608  # a table of ours


def test_every_key_is_wrapped_anew_and_none_changes(
    keystore: Keystore, folder: Path, noon: datetime
) -> None:
    held = filled(keystore, noon, 20)
    tables = ("case_key", "field_key", "draft_key", "signing_key", "index_key")
    before = {table: wrapped(folder, table) for table in tables}

    keystore.rewrap(at_a_time=FEW)

    assert not keystore.is_being_rewrapped()
    assert materials(keystore) == held
    for table in tables:
        assert len(wrapped(folder, table)) == len(before[table])
        assert wrapped(folder, table).isdisjoint(before[table])


def test_the_keystore_is_used_while_it_is_wrapped_anew(
    keystore: Keystore, folder: Path, noon: datetime, protection: HardwareToken | None
) -> None:
    held = filled(keystore, noon)
    other = Keystore.open(folder, protection)
    rewrapping = threading.Thread(target=keystore.rewrap, kwargs={"at_a_time": FEW})
    met = 0

    rewrapping.start()
    while rewrapping.is_alive():
        case = CaseId(f"case-made-{met:05}")
        if other.is_being_rewrapped():
            met += 1
            held[case] = other.new_case_key(case, noon).material
            assert other.case_key(CaseId("case-00059")).material == held[CaseId("case-00059")]
            other.signing_key(Purpose.TOKEN)
    rewrapping.join()

    assert met
    assert materials(other) == held
    other.check_integrity()


def rounds(keystore: Keystore, seconds: float) -> bool:
    """Wrap anew in a child, kill it after a time, and say whether it was over by then."""
    child = forked(lambda: keystore.rewrap(at_a_time=FEW))
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    assert status in {0, signal.SIGKILL}, "it failed by itself, and would be begun for ever"
    return status == 0


def test_whatever_is_killed_the_next_call_goes_on(
    keystore: Keystore, folder: Path, noon: datetime, protection: HardwareToken | None
) -> None:
    held = filled(keystore, noon)
    old = wrapped(folder, "case_key")
    left, kills = [], 0

    while not rounds(keystore, 0.1 + kills * 0.05):
        kills += 1
        again = Keystore.open(folder, protection)
        assert again.case_key(CaseId("case-00000")).material == held[CaseId("case-00000")]
        assert again.case_key(CaseId("case-00059")).material == held[CaseId("case-00059")]
        left.append(len(wrapped(folder, "case_key") & old))

    # Nothing that was wrapped anew is begun from the first again.
    assert kills
    assert left == sorted(left, reverse=True)
    keystore.check_integrity()
    assert materials(Keystore.open(folder, protection)) == held
    assert wrapped(folder, "case_key").isdisjoint(old)


@pytest.mark.usefixtures("filed")
def test_a_file_in_the_middle_says_so_by_its_version(folder: Path, noon: datetime) -> None:
    keystore = Keystore.open(folder)
    filled(keystore, noon, 20)
    versions = []
    for at_a_time in (1, 100):
        if at_a_time == 1:
            rounds(keystore, 0.1)
        else:
            keystore.rewrap()
        with closing(sqlite3.connect(folder / "keystore.db")) as file:
            versions.append(file.execute("PRAGMA user_version").fetchone()[0])

    assert versions[-1] == 2
    assert versions[0] in {2, 3}

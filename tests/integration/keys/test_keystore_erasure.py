import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from keys import CaseId, IndexPurpose, Keystore, KeystoreUnavailableError, Purpose
from keys.keystore.sqlite_file import connected, scrub

CHANGES: dict[str, Callable[[Keystore, datetime], object]] = {
    "erase": lambda keystore, noon: keystore.erase_case(CaseId("case-0001"), noon),
    "rotate": lambda keystore, noon: keystore.activate(keystore.prepare(Purpose.TOKEN, noon).kid),
    "wrap anew": lambda keystore, _: keystore.rewrap(),
}


def wrapped_keys(folder: Path, table: str) -> list[bytes]:
    with connected(folder / "keystore.db") as connection:
        rows = connection.execute(f"SELECT wrapped FROM {table}").fetchall()  # noqa: S608 - a test
    return [wrapped for (wrapped,) in rows]


def stop_here(_: object) -> None:
    raise ZeroDivisionError


def test_no_file_holds_an_erased_key(
    keystore: Keystore,
    folder: Path,
    noon: datetime,
    case: CaseId,
    bytes_on_disk: Callable[[], bytes],
) -> None:
    key = keystore.new_case_key(case, noon)
    (wrapped,) = wrapped_keys(folder, "case_key")
    assert wrapped in bytes_on_disk()

    keystore.erase_case(case, noon)

    assert wrapped not in bytes_on_disk()
    assert wrapped[12:44] not in bytes_on_disk()
    assert key.material not in bytes_on_disk()


def test_no_trace_is_left_among_many_cases(
    keystore: Keystore, folder: Path, noon: datetime, bytes_on_disk: Callable[[], bytes]
) -> None:
    # Enough rows for SQLite to have moved many of them from page to page.
    with connected(folder / "keystore.db") as connection:
        connection.executemany(
            "INSERT INTO case_key VALUES (?, randomblob(16), ?, NULL, randomblob(60))",
            [(f"filler-{number * 7919 % 1000:04}", noon.isoformat()) for number in range(1000)],
        )
    cases = [CaseId(f"filler-{number:04}x") for number in range(0, 1000, 250)]
    for case in cases:
        keystore.new_case_key(case, noon)
    with connected(folder / "keystore.db") as connection:
        kept = connection.execute("SELECT count(*) FROM case_key").fetchone()
        erased = connection.execute(
            "SELECT wrapped FROM case_key WHERE case_id LIKE '%x'"
        ).fetchall()

    for case in cases:
        keystore.erase_case(case, noon)

    left = bytes_on_disk()
    assert kept == (1004,)
    assert [wrapped for (wrapped,) in erased if wrapped in left] == []


def test_no_file_holds_the_seed_of_a_rotated_key(
    keystore: Keystore, folder: Path, noon: datetime, bytes_on_disk: Callable[[], bytes]
) -> None:
    before = wrapped_keys(folder, "signing_key")

    for purpose in Purpose:
        keystore.activate(keystore.prepare(purpose, noon).kid)

    assert [wrapped for wrapped in before if wrapped in bytes_on_disk()] == []


def test_no_file_holds_what_the_old_root_wrapped(
    filed: Keystore,
    folder: Path,
    noon: datetime,
    case: CaseId,
    bytes_on_disk: Callable[[], bytes],
) -> None:
    filed.new_case_key(case, noon)
    before = [
        *wrapped_keys(folder, "head"),
        *wrapped_keys(folder, "signing_key"),
        *wrapped_keys(folder, "case_key"),
        *wrapped_keys(folder, "index_key"),
        (folder / "keystore.kek").read_bytes(),
    ]

    filed.rewrap()

    assert len(before) == 1 + len(Purpose) + 1 + len(IndexPurpose) + 1
    assert [wrapped for wrapped in before if wrapped in bytes_on_disk()] == []
    filed.check_integrity()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_no_copy_survives_in_space_that_the_file_does_not_use(
    keystore: Keystore,
    folder: Path,
    noon: datetime,
    change: Callable[[Keystore, datetime], object],
) -> None:
    # As if a row had once stood there and been moved: secure deletion does not look here.
    keystore.new_case_key(CaseId("case-0001"), noon)
    file = folder / "keystore.db"
    content = file.read_bytes()
    unused = content.rindex(bytes(200))
    file.write_bytes(content[:unused] + b"left behind" + content[unused + 11 :])
    keystore.check_integrity()

    change(keystore, noon)

    assert b"left behind" not in file.read_bytes()
    keystore.check_integrity()


def test_an_erasure_cut_short_is_finished_at_the_next_start(
    filed: Keystore,
    folder: Path,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
    bytes_on_disk: Callable[[], bytes],
) -> None:
    case = CaseId("case-0001")
    filed.new_case_key(case, noon)
    filed.new_case_key(CaseId("case-0002"), noon)
    (wrapped, _) = wrapped_keys(folder, "case_key")
    with monkeypatch.context() as crash:
        crash.setattr("keys.keystore.store.scrub", stop_here)
        with pytest.raises(ZeroDivisionError):
            filed.erase_case(case, noon)

    again = Keystore.open(folder)

    assert again.cases() == ("case-0002",)
    assert wrapped not in bytes_on_disk()
    with connected(folder / "keystore.db") as connection:
        assert connection.execute("SELECT scrub_due FROM head").fetchall() == [(0,)]


@pytest.mark.parametrize("hold", ["BEGIN; SELECT * FROM head", "BEGIN IMMEDIATE"])
def test_a_foreign_program_that_hinders_erasure_is_reported(
    keystore: Keystore, folder: Path, hold: str
) -> None:
    keystore.check_integrity()
    file = folder / "keystore.db"
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as foreign,
        closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as ours,
    ):
        for statement in hold.split("; "):
            foreign.execute(statement).fetchall()

        with pytest.raises(KeystoreUnavailableError, match="traces of the old keys may still"):
            scrub(ours)

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from keys import (
    CaseId,
    Keystore,
    KeystoreDamagedError,
    KeystoreError,
    KeystoreUnavailableError,
    LooseModeError,
    Purpose,
)
from keys.keystore.sqlite_file import connected

CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "cut by a byte": lambda content: content[:-1],
    "cut in half": lambda content: content[: len(content) // 2],
    "emptied": lambda _: b"",
    "no header": lambda content: bytes(100) + content[100:],
    "something else": lambda _: b"no database" * 500,
}


def overfill(folder: Path) -> None:
    with connected(folder / "keystore.db") as connection:
        connection.execute("PRAGMA max_page_count = 1")
        connection.execute("UPDATE case_key SET wrapped = NULL")
        connection.execute("INSERT INTO index_key VALUES ('filler', zeroblob(100000))")


def begin_at_once(folder: Path) -> None:
    with connected(folder / "keystore.db") as connection:
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("BEGIN IMMEDIATE")


@pytest.mark.parametrize("name", ["", "keystore.db", "keystore.kek"], ids=["folder", "db", "kek"])
def test_a_loose_mode_stops_reading_and_starting(filed: Keystore, folder: Path, name: str) -> None:
    loose = folder / name
    loose.chmod(loose.stat().st_mode | 0o040)

    with pytest.raises(LooseModeError, match=f"Run: chmod [67]00 {loose}"):
        Keystore.open(folder)
    with pytest.raises(LooseModeError):
        filed.signing_key(Purpose.LEDGER)


def test_a_loose_folder_is_refused_before_keys_are_made(tmp_path: Path, noon: datetime) -> None:
    tmp_path.chmod(0o755)

    with pytest.raises(LooseModeError):
        Keystore.create(tmp_path, None, now=noon)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_parent_cannot_be_used(tmp_path: Path, noon: datetime) -> None:
    with pytest.raises(KeystoreUnavailableError, match="Check that it exists"):
        Keystore.create(tmp_path / "no" / "such", None, now=noon)


@pytest.mark.usefixtures("filed")
@pytest.mark.parametrize(
    "change",
    [pytest.param(change, id=name) for name, change in CHANGES.items()],
)
def test_a_cut_or_foreign_file_stops_the_start(
    folder: Path, change: Callable[[bytes], bytes]
) -> None:
    file = folder / "keystore.db"
    file.write_bytes(change(file.read_bytes()))

    with pytest.raises(KeystoreError):
        Keystore.open(folder).check_integrity()


@pytest.mark.usefixtures("filed")
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"00" * 32 + b"\n", id="another root"),
        pytest.param(b"00" * 31 + b"\n", id="short"),
        pytest.param(b"", id="empty"),
        pytest.param(b"no hexadecimal digits", id="not hexadecimal"),
        pytest.param(b"\xff" * 64, id="not text"),
    ],
)
def test_a_wrong_root_file_stops_the_start(folder: Path, content: bytes) -> None:
    (folder / "keystore.kek").write_bytes(content)

    with pytest.raises(KeystoreDamagedError, match=r"keystore\.kek"):
        Keystore.open(folder)


@pytest.mark.usefixtures("filed")
def test_a_lost_root_file_stops_the_start(folder: Path) -> None:
    (folder / "keystore.kek").unlink()

    with pytest.raises(KeystoreDamagedError, match=r"keystore\.kek is missing"):
        Keystore.open(folder)


def test_a_keystore_exchanged_while_in_use_is_noticed(
    keystore: Keystore, folder: Path, tmp_path: Path, noon: datetime
) -> None:
    Keystore.create(tmp_path / "other", None, now=noon)
    for name in ("keystore.db", "keystore.kek"):
        (tmp_path / "other" / name).replace(folder / name)

    with pytest.raises(KeystoreDamagedError, match="another keystore has taken its place"):
        keystore.signing_key(Purpose.LEDGER)


def test_a_full_disk_changes_nothing(keystore: Keystore, folder: Path) -> None:
    with pytest.raises(KeystoreUnavailableError, match="Check the free space"):
        overfill(folder)

    keystore.check_integrity()


def test_a_lock_of_a_foreign_program_is_reported(
    keystore: Keystore, folder: Path, noon: datetime, case: CaseId
) -> None:
    keystore.check_integrity()
    foreign = sqlite3.connect(folder / "keystore.db", isolation_level=None)
    try:
        foreign.execute("BEGIN IMMEDIATE")

        with pytest.raises(KeystoreUnavailableError):
            begin_at_once(folder)
    finally:
        foreign.close()
    keystore.new_case_key(case, noon)

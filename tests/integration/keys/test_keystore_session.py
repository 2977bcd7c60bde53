"""Several calls on one opening of the file: as safe as each alone, and seen once."""

import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from keys import (
    CaseId,
    HardwareToken,
    KeyErasedError,
    Keystore,
    KeystoreDamagedError,
    LooseModeError,
    Purpose,
)
from keys.keystore import visit
from keys.keystore.files import lock_folder
from keys.keystore.tables.header import Header


@pytest.fixture(name="openings")
def _openings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    opened: list[str] = []
    connect = sqlite3.connect

    def counting(database: str, *, uri: bool, isolation_level: None) -> sqlite3.Connection:
        opened.append(database)
        return connect(database, uri=uri, isolation_level=isolation_level)

    monkeypatch.setattr(sqlite3, "connect", counting)
    return opened


@pytest.fixture(name="unlocked")
def _unlocked(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    unlocked: list[None] = []
    read = Header.read

    def counting(connection: sqlite3.Connection) -> Header:
        unlocked.append(None)
        return read(connection)

    monkeypatch.setattr(Header, "read", counting)
    return unlocked


@pytest.fixture(name="other")
def _other(keystore: Keystore, folder: Path, protection: HardwareToken | None) -> Keystore:
    """Return the same keystore, as another process of the host has it."""
    del keystore
    return Keystore.open(folder, protection)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_session_opens_the_file_once(
    keystore: Keystore, case: CaseId, noon: datetime, openings: list[str]
) -> None:
    with keystore.session():
        keystore.public_keys(Purpose.TOKEN)
        made = keystore.new_case_key(case, noon)
        found = keystore.case_key(case)
        with keystore.session():
            keystore.signing_key(Purpose.LEDGER)

    assert found.material == made.material
    assert len(openings) == 1


def test_a_session_in_which_nothing_is_asked_opens_nothing(
    keystore: Keystore, openings: list[str]
) -> None:
    with keystore.session():
        pass

    assert openings == []


def test_a_session_leaves_the_files_as_it_found_them(keystore: Keystore, folder: Path) -> None:
    before = names_in(folder)

    with keystore.session():
        keystore.signing_key(Purpose.LEDGER)

    assert names_in(folder) == before


def test_a_session_that_gets_no_turn_closes_all_the_same(
    keystore: Keystore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "lock_folder", lambda path: lock_folder(path, patience=0.0))
    with ExitStack() as last, keystore.session():
        keystore.signing_key(Purpose.LEDGER)
        last.enter_context(lock_folder(folder))

    keystore.check_integrity()


def test_a_session_sees_what_others_change_meanwhile(
    keystore: Keystore, other: Keystore, case: CaseId, noon: datetime
) -> None:
    with keystore.session():
        keystore.new_case_key(case, noon)
        before = keystore.signing_key(Purpose.TOKEN)

        other.rewrap()
        fresh = other.activate(other.prepare(Purpose.TOKEN, noon).kid)
        other.erase_case(case, noon)

        assert keystore.signing_key(Purpose.TOKEN).kid == fresh.kid != before.kid
        with pytest.raises(KeyErasedError):
            keystore.case_key(case)


def test_a_session_unlocks_once_until_somebody_changes_the_file(
    keystore: Keystore, other: Keystore, case: CaseId, noon: datetime, unlocked: list[None]
) -> None:
    def unlocking(*calls: Callable[[], object]) -> int:
        before = len(unlocked)
        for call in calls:
            call()
        return len(unlocked) - before

    reads = (
        partial(keystore.signing_key, Purpose.TOKEN),
        partial(keystore.public_keys, Purpose.TOKEN),
        partial(keystore.ring, Purpose.LEDGER),
    )
    with keystore.session():
        assert unlocking(*reads) == 1
        other.new_case_key(case, noon)
        assert unlocking(*reads) == 1
        keystore.erase_case(case, noon)
        assert unlocking(*reads) == 1
        assert unlocking(*reads) == 0
    assert unlocking(*reads) == len(reads)


def test_what_another_erases_during_a_session_leaves_no_trace(
    filed: Keystore,
    folder: Path,
    case: CaseId,
    noon: datetime,
    bytes_on_disk: Callable[[], bytes],
) -> None:
    other = Keystore.open(folder)
    with filed.session():
        filed.new_case_key(case, noon)
        (wrapped,) = _wrapped(folder)
        assert wrapped in bytes_on_disk()

        other.erase_case(case, noon)

        assert wrapped not in bytes_on_disk()
    assert wrapped not in bytes_on_disk()


def test_what_a_session_erases_leaves_no_trace(
    keystore: Keystore,
    folder: Path,
    case: CaseId,
    noon: datetime,
    bytes_on_disk: Callable[[], bytes],
) -> None:
    with keystore.session():
        keystore.new_case_key(case, noon)
        (wrapped,) = _wrapped(folder)
        keystore.erase_case(case, noon)

        assert wrapped not in bytes_on_disk()


def test_a_session_notices_a_file_that_took_the_place_of_the_one_it_opened(
    keystore: Keystore, folder: Path, tmp_path: Path, case: CaseId, noon: datetime
) -> None:
    keystore.backup_to(tmp_path / "before")
    with keystore.session():
        keystore.new_case_key(case, noon)
        for path in folder.glob("keystore.db-*"):
            path.unlink()
        shutil.move(tmp_path / "before" / "keystore.db", folder / "keystore.db")

        assert keystore.cases() == ()


def test_a_session_refuses_another_keystore_in_its_place(
    keystore: Keystore, folder: Path, tmp_path: Path, noon: datetime
) -> None:
    Keystore.create(tmp_path / "other", None, now=noon)
    with keystore.session():
        keystore.signing_key(Purpose.TOKEN)
        shutil.move(tmp_path / "other" / "keystore.db", folder / "keystore.db")

        with pytest.raises(KeystoreDamagedError):
            keystore.signing_key(Purpose.TOKEN)


def test_a_session_notices_that_others_may_reach_the_file(
    keystore: Keystore, folder: Path
) -> None:
    with keystore.session():
        keystore.signing_key(Purpose.TOKEN)
        (folder / "keystore.db").chmod(0o640)

        with pytest.raises(LooseModeError):
            keystore.signing_key(Purpose.TOKEN)


def test_a_session_begins_anew_after_a_fault_of_the_file(
    keystore: Keystore, folder: Path, openings: list[str]
) -> None:
    with keystore.session():
        keystore.signing_key(Purpose.TOKEN)
        _rename_table(folder, "signing_key", "elsewhere")
        with pytest.raises(KeystoreDamagedError):
            keystore.signing_key(Purpose.TOKEN)
        _rename_table(folder, "elsewhere", "signing_key")

        keystore.signing_key(Purpose.TOKEN)

    assert len([name for name in openings if "mode=rw" in name]) == 2


def test_a_session_is_of_one_thread(keystore: Keystore, openings: list[str]) -> None:
    with keystore.session():
        keystore.signing_key(Purpose.TOKEN)
        thread = threading.Thread(target=keystore.signing_key, args=(Purpose.TOKEN,))
        thread.start()
        thread.join()

    assert len(openings) == 2


def _wrapped(folder: Path) -> list[bytes]:
    with sqlite3.connect(f"file:{folder / 'keystore.db'}", uri=True, isolation_level=None) as file:
        rows = file.execute("SELECT wrapped FROM case_key").fetchall()
    file.close()
    return [row[0] for row in rows]


def _rename_table(folder: Path, name: str, other: str) -> None:
    with sqlite3.connect(f"file:{folder / 'keystore.db'}", uri=True, isolation_level=None) as file:
        file.execute(f"ALTER TABLE {name} RENAME TO {other}")
    file.close()

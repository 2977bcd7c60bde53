import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from keys import CaseId, HardwareToken, Keystore, Purpose

NEW_ROOT = "keystore.kek.new"


def stop_here(*_: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("kind", ["filed", "locked"])
def test_everything_is_as_before_after_wrapping_anew(
    kind: str, request: pytest.FixtureRequest, folder: Path, noon: datetime, passphrase: str
) -> None:
    keystore: Keystore = request.getfixturevalue(kind)
    case, gone = CaseId("case-0001"), CaseId("case-0002")
    services = keystore.new_case_key(case, noon)
    keystore.new_case_key(gone, noon)
    keystore.erase_case(gone, noon)
    keystore.activate(keystore.prepare(Purpose.TOKEN, noon).kid)
    public = keystore.public_keys(Purpose.TOKEN)

    keystore.rewrap()

    for found in (keystore, Keystore.open(folder, passphrase if kind == "locked" else None)):
        found.check_integrity()
        assert found.case_key(case).material == services.material
        assert found.public_keys(Purpose.TOKEN) == public
        assert found.cases() == (case,)


@pytest.mark.parametrize(
    ("step", "drafts_left"),
    [
        pytest.param(
            "keys.keystore.unlocked.Unlocked.begin_rewrap", [NEW_ROOT], id="before the keys"
        ),
        pytest.param(
            "keys.keystore.root_key.replace_file", [NEW_ROOT], id="after the keys, before the root"
        ),
        pytest.param("keys.keystore.store.scrub", [], id="after the root, before scrubbing"),
    ],
)
def test_wrapping_anew_cut_short_leaves_a_keystore_that_opens(
    filed: Keystore,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    drafts_left: list[str],
) -> None:
    public = filed.public_keys(Purpose.LEDGER)
    with monkeypatch.context() as crash:
        crash.setattr(step, stop_here)
        with pytest.raises(ZeroDivisionError):
            filed.rewrap()
    assert [path.name for path in folder.glob("*.new")] == drafts_left

    again = Keystore.open(folder)

    again.check_integrity()
    filed.check_integrity()
    assert again.public_keys(Purpose.LEDGER) == public
    assert list(folder.glob("*.new")) == []


@pytest.mark.parametrize(
    "torn",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"0123", id="cut"),
        pytest.param(b"\xff" * 65, id="never written"),
        pytest.param(b"00" * 32 + b"\n", id="whole and unused"),
    ],
)
def test_a_new_root_that_was_not_put_in_use_is_dropped(
    filed: Keystore, folder: Path, torn: bytes
) -> None:
    (folder / NEW_ROOT).touch(0o600)
    (folder / NEW_ROOT).write_bytes(torn)

    Keystore.open(folder).check_integrity()

    assert not (folder / NEW_ROOT).exists()
    filed.check_integrity()


def test_the_key_of_a_purpose_that_is_no_longer_is_destroyed_on_opening(
    keystore: Keystore,
    folder: Path,
    bytes_on_disk: Callable[[], bytes],
    protection: HardwareToken | None,
) -> None:
    wrapped = bytes(range(60))
    with sqlite3.connect(folder / "keystore.db") as file:
        file.execute(
            "INSERT INTO signing_key VALUES (?, 'registry', 'active', ?, ?)",
            ("a-kid", "2026-03-16T12:00:00.000000+00:00", wrapped),
        )
    file.close()
    assert wrapped in bytes_on_disk()

    again = Keystore.open(folder, protection)

    assert wrapped not in bytes_on_disk()
    again.check_integrity()
    assert again.signing_key(Purpose.LEDGER).kid == keystore.signing_key(Purpose.LEDGER).kid

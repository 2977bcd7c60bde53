"""The key of a draft stands with the version that it last sealed, and leaves no trace."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from keys import (
    CaseId,
    HardwareToken,
    KeyExistsError,
    Keystore,
    KeystoreDamagedError,
    UnknownKeyError,
)

DRAFT = CaseId("draft-0001")
OTHER = CaseId("draft-0002")


def edit(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "keystore.db")) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_version_only_rises(keystore: Keystore, noon: datetime) -> None:
    made = keystore.new_draft_key(DRAFT, noon)

    keystore.note_draft(DRAFT, 3)
    keystore.note_draft(DRAFT, 2)

    held = keystore.draft_key(DRAFT)
    assert (held.key.material, held.key.key_id, held.version) == (made.material, made.key_id, 3)


def test_a_draft_has_one_key(keystore: Keystore, noon: datetime) -> None:
    keystore.new_draft_key(DRAFT, noon)

    with pytest.raises(KeyExistsError):
        keystore.new_draft_key(DRAFT, noon)


def test_a_draft_without_a_key_is_unknown(keystore: Keystore) -> None:
    with pytest.raises(UnknownKeyError):
        keystore.draft_key(DRAFT)
    with pytest.raises(UnknownKeyError):
        keystore.note_draft(DRAFT, 1)


def test_a_destroyed_key_leaves_no_trace(
    keystore: Keystore, noon: datetime, bytes_on_disk: Callable[[], bytes]
) -> None:
    key = keystore.new_draft_key(DRAFT, noon)
    keystore.new_draft_key(OTHER, noon)
    assert key.key_id in bytes_on_disk()

    assert keystore.destroy_draft_keys((DRAFT,)) == 1
    assert keystore.destroy_draft_keys((DRAFT,)) == 0

    assert key.key_id not in bytes_on_disk()
    assert DRAFT.encode() not in bytes_on_disk()
    assert keystore.draft_key(OTHER).version == 0


def test_keys_left_over_are_found_by_the_moment_they_were_made(
    keystore: Keystore, noon: datetime
) -> None:
    keystore.new_draft_key(OTHER, noon)
    keystore.new_draft_key(DRAFT, noon)
    keystore.new_draft_key(CaseId("draft-0003"), noon + timedelta(seconds=1))

    assert keystore.drafts(made_before=noon + timedelta(seconds=1)) == (DRAFT, OTHER)
    assert keystore.drafts(made_before=noon) == ()


def test_wrapping_anew_keeps_keys_and_versions(
    keystore: Keystore, folder: Path, noon: datetime, protection: HardwareToken | None
) -> None:
    made = keystore.new_draft_key(DRAFT, noon)
    keystore.note_draft(DRAFT, 7)

    keystore.rewrap()

    again = Keystore.open(folder, protection)
    again.check_integrity()
    assert (again.draft_key(DRAFT).key.material, again.draft_key(DRAFT).version) == (
        made.material,
        7,
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE draft_key SET version = 1",
        "UPDATE draft_key SET draft_id = 'draft-0009'",
        "UPDATE draft_key SET created_at = '2026-01-01T00:00:00.000000+00:00'",
        "UPDATE draft_key SET key_id = randomblob(16)",
        "UPDATE draft_key SET wrapped = randomblob(60)",
    ],
)
def test_an_altered_row_is_damage(
    statement: str, keystore: Keystore, folder: Path, noon: datetime
) -> None:
    keystore.new_draft_key(DRAFT, noon)
    keystore.note_draft(DRAFT, 2)

    edit(folder, statement)

    with pytest.raises(KeystoreDamagedError):
        keystore.check_integrity()


@pytest.mark.usefixtures("filed")
def test_a_keystore_of_an_earlier_release_gets_the_table(folder: Path, noon: datetime) -> None:
    edit(folder, "DROP TABLE draft_key")

    again = Keystore.open(folder)

    made = again.new_draft_key(DRAFT, noon)
    assert again.draft_key(DRAFT).key.material == made.material

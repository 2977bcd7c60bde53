"""Keys of single fields, and where a keystore stands: by both an older copy shows."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from keys import (
    CannotOpenError,
    CaseId,
    FieldName,
    HardwareToken,
    KeyErasedError,
    Keystore,
    Mark,
    Place,
    Purpose,
    Standing,
    UnknownKeyError,
    open_field,
    seal_field,
)

WORDS = FieldName(case=CaseId("case-0001"), field="PRV-7Q4K-M2XH/passphrase")
PLACE = Place(case=WORDS.case, field=WORDS.field, version=2)
HEAD = Mark(size=7, root=bytes(range(32)), kept=5)


def test_a_field_opens_with_its_own_key_alone(keystore: Keystore, noon: datetime) -> None:
    case = keystore.new_case_key(WORDS.case, noon)
    key = keystore.make_field_key(WORDS, noon)
    sealed = seal_field(key, b"six words", PLACE)

    assert open_field(keystore.field_key(WORDS), sealed, PLACE) == b"six words"
    with pytest.raises(CannotOpenError):
        open_field(case, sealed, PLACE)
    assert keystore.make_field_key(WORDS, noon).key_id == key.key_id


def test_a_destroyed_key_is_gone_for_good_and_leaves_no_trace(
    keystore: Keystore, noon: datetime, bytes_on_disk: Callable[[], bytes], folder: Path
) -> None:
    key = keystore.make_field_key(WORDS, noon)
    with closing(sqlite3.connect(folder / "keystore.db")) as database:
        (wrapped,) = database.execute("SELECT wrapped FROM field_key").fetchone()
    keystore.destroy_field_keys([WORDS], noon)
    keystore.destroy_field_keys([WORDS], noon)

    assert keystore.fields() == ()
    for asked in (keystore.field_key, lambda name: keystore.make_field_key(name, noon)):
        with pytest.raises(KeyErasedError):
            asked(WORDS)
    assert wrapped not in bytes_on_disk()
    assert key.material not in bytes_on_disk()


def test_a_field_without_a_key_is_told_from_one_whose_key_is_gone(keystore: Keystore) -> None:
    with pytest.raises(UnknownKeyError, match="older than the database") as caught:
        keystore.field_key(WORDS)

    assert not isinstance(caught.value, KeyErasedError)


def test_the_keys_of_a_case_s_fields_go_with_it_and_no_others(
    keystore: Keystore, noon: datetime
) -> None:
    other = FieldName(case=CaseId("case-0002"), field="words")
    for name in (WORDS, other):
        keystore.new_case_key(name.case, noon)
        keystore.make_field_key(name, noon)

    keystore.erase_case(WORDS.case, noon)

    assert keystore.fields() == (other,)


def test_wrapping_anew_keeps_the_keys_of_fields_and_the_mark(
    keystore: Keystore, noon: datetime
) -> None:
    key = keystore.make_field_key(WORDS, noon)
    keystore.note_published(HEAD)

    keystore.rewrap()

    assert keystore.field_key(WORDS).material == key.material
    assert keystore.standing() == Standing(epoch=1, mark=HEAD)
    keystore.check_integrity()


def test_the_mark_only_rises_until_somebody_confirms_another(keystore: Keystore) -> None:
    assert keystore.standing() == Standing()
    keystore.note_published(HEAD)
    keystore.note_published(Mark(size=6, root=bytes(32), kept=0))
    assert keystore.standing() == Standing(mark=HEAD)

    lower = Mark(size=3, root=bytes(32), kept=0)
    keystore.confirm(lower)

    assert keystore.standing() == Standing(epoch=1, mark=lower)


def test_each_change_of_signing_keys_raises_the_epoch_and_a_repetition_does_not(
    keystore: Keystore, noon: datetime
) -> None:
    before = keystore.signing_key(Purpose.TOKEN)
    fresh = keystore.prepare(Purpose.TOKEN, noon)
    epochs = [keystore.standing().epoch]
    for step in (
        lambda: keystore.activate(fresh.kid),
        lambda: keystore.activate(fresh.kid),
        lambda: keystore.retire(before.kid, compromised=True),
        lambda: keystore.retire(before.kid, compromised=True),
        lambda: keystore.supersede(keystore.prepare_another(Purpose.TOKEN, noon).kid),
        keystore.rewrap,
    ):
        step()
        epochs.append(keystore.standing().epoch)

    assert epochs == [0, 1, 1, 2, 2, 3, 4]


def test_a_copy_stands_where_the_keystore_stood(keystore: Keystore, tmp_path: Path) -> None:
    keystore.note_published(HEAD)
    copy = keystore.backup_to(tmp_path / "copy")
    keystore.rewrap()

    assert copy.standing() == Standing(mark=HEAD)
    assert keystore.standing().epoch == 1


def earlier_layout(folder: Path) -> None:
    """Make of a keystore one that a release before fields had keys has written."""
    with closing(sqlite3.connect(folder / "keystore.db", isolation_level=None)) as database:
        for statement in (
            "DROP TABLE field_key",
            "DROP TABLE standing",
            "PRAGMA user_version = 1",
        ):
            database.execute(statement)


def test_a_keystore_of_the_first_layout_is_brought_to_this_one(
    keystore: Keystore, folder: Path, noon: datetime, protection: HardwareToken | None
) -> None:
    case = keystore.new_case_key(WORDS.case, noon)
    earlier_layout(folder)

    again = Keystore.open(folder, protection)

    assert again.standing() == Standing(fields_owed=True)
    assert again.case_key(WORDS.case).material == case.material
    again.settle_fields()
    assert again.standing() == Standing()
    assert Keystore.open(folder, protection).standing() == Standing()
    again.check_integrity()


def test_a_locked_keystore_of_the_first_layout_is_brought_to_this_one(
    locked_template: Path, folder: Path, passphrase: str
) -> None:
    shutil.copytree(locked_template, folder)
    earlier_layout(folder)

    assert Keystore.open(folder, passphrase).standing().fields_owed

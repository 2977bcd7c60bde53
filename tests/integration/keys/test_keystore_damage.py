from datetime import datetime
from pathlib import Path

import pytest

from keys import CaseId, FieldName, Keystore, KeystoreDamagedError, Purpose
from keys.keystore.sqlite_file import connected


def run(folder: Path, *statements: str) -> None:
    with connected(folder / "keystore.db") as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.usefixtures("keystore")
@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("DELETE FROM head", id="no head"),
        pytest.param("UPDATE head SET identity = 'another'", id="other identity"),
        pytest.param("UPDATE head SET kek_id = zeroblob(16)", id="other kek"),
        pytest.param("UPDATE head SET wrapped = zeroblob(60)", id="altered kek"),
        pytest.param("UPDATE head SET wrapped = x''", id="empty kek"),
        pytest.param("UPDATE head SET root_id = zeroblob(16)", id="other root"),
        pytest.param("DROP TABLE head", id="no table"),
        pytest.param("PRAGMA application_id = 1", id="not a keystore"),
        pytest.param("PRAGMA user_version = 3", id="another version"),
        pytest.param("PRAGMA journal_mode = DELETE", id="another journal"),
    ],
)
def test_a_damaged_head_stops_the_start(folder: Path, statement: str) -> None:
    run(folder, statement)

    with pytest.raises(KeystoreDamagedError, match="restore the latest backup"):
        Keystore.open(folder)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE signing_key SET state = 'retired'", id="key revived or retired"),
        pytest.param("UPDATE signing_key SET state = 'unheard-of'", id="unknown state"),
        pytest.param("UPDATE signing_key SET created_at = 'long ago'", id="no moment"),
        pytest.param(
            "UPDATE signing_key SET created_at = '2020-01-01T00:00:00.000000+00:00'",
            id="another moment",
        ),
        pytest.param("DELETE FROM signing_key WHERE purpose = 'ledger'", id="no ledger key"),
        pytest.param("UPDATE index_key SET wrapped = zeroblob(60)", id="index key altered"),
        pytest.param("DELETE FROM index_key WHERE purpose = 'sameness'", id="no index key"),
        pytest.param("UPDATE case_key SET key_id = zeroblob(16)", id="case key renamed"),
        pytest.param("UPDATE case_key SET case_id = 'case-0002'", id="case key moved"),
        pytest.param("UPDATE case_key SET wrapped = zeroblob(11)", id="case key cut"),
        pytest.param("UPDATE case_key SET created_at = ''", id="case key redated"),
        pytest.param("DROP TABLE case_key", id="no table"),
        pytest.param("UPDATE field_key SET field = 'another'", id="field key moved"),
        pytest.param("UPDATE field_key SET wrapped = zeroblob(60)", id="field key altered"),
        pytest.param("DROP TABLE field_key", id="no table of fields"),
        pytest.param("UPDATE standing SET epoch = epoch + 1", id="epoch raised"),
        pytest.param("UPDATE standing SET size = 7, root = x'00', kept = 0", id="mark made up"),
        pytest.param("UPDATE standing SET fields_owed = 1", id="fields owed again"),
        pytest.param("DELETE FROM standing", id="no standing"),
    ],
)
def test_an_altered_row_is_found(
    keystore: Keystore, folder: Path, noon: datetime, case: CaseId, statement: str
) -> None:
    keystore.new_case_key(case, noon)
    keystore.make_field_key(FieldName(case=case, field="words"), noon)
    keystore.check_integrity()

    run(folder, statement)

    with pytest.raises(KeystoreDamagedError, match="Keep the files as evidence"):
        keystore.check_integrity()


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE head SET identity = CAST(identity AS BLOB)", id="identity"),
        pytest.param("UPDATE head SET wrapped = 'a text'", id="kek"),
        pytest.param("UPDATE head SET scrub_due = 'a text'", id="scrub due"),
        pytest.param("UPDATE signing_key SET state = x'00'", id="state"),
        pytest.param("UPDATE signing_key SET wrapped = 7", id="seed"),
        pytest.param("UPDATE case_key SET created_at = x'00'", id="moment"),
        pytest.param("UPDATE case_key SET wrapped = 'a text'", id="case key"),
        pytest.param("UPDATE index_key SET wrapped = 'a text'", id="index key"),
    ],
)
def test_a_record_of_another_kind_is_found(
    keystore: Keystore, folder: Path, noon: datetime, case: CaseId, statement: str
) -> None:
    # Decay does not ask strict tables: it can turn bytes into a text.
    keystore.new_case_key(case, noon)
    run(
        folder,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')')",
        "PRAGMA writable_schema = RESET",
    )
    run(folder, "PRAGMA ignore_check_constraints = ON", statement)

    with pytest.raises(KeystoreDamagedError, match="not of the kind that was written"):
        keystore.check_integrity()


def test_a_rotated_key_that_decayed_is_found(
    keystore: Keystore, folder: Path, noon: datetime
) -> None:
    keystore.activate(keystore.prepare(Purpose.POLICY, noon).kid)
    run(folder, "UPDATE signing_key SET wrapped = zeroblob(60) WHERE state = 'verify-only'")

    with pytest.raises(KeystoreDamagedError, match="a signing key"):
        keystore.check_integrity()


def test_keys_of_two_cases_cannot_be_swapped(
    keystore: Keystore, folder: Path, noon: datetime, case: CaseId
) -> None:
    keystore.new_case_key(case, noon)
    keystore.new_case_key(CaseId("case-0002"), noon)
    run(
        folder,
        "UPDATE case_key SET wrapped = (SELECT wrapped FROM case_key other"
        " WHERE other.case_id <> case_key.case_id)",
    )

    with pytest.raises(KeystoreDamagedError, match="the key of a case"):
        keystore.case_key(case)


def test_a_row_that_breaks_its_rules_is_damage(folder: Path, keystore: Keystore) -> None:
    keystore.check_integrity()

    with pytest.raises(KeystoreDamagedError):
        run(folder, "UPDATE head SET scrub_due = 2")


def test_an_index_that_lost_its_entries_is_found(
    keystore: Keystore, folder: Path, noon: datetime, case: CaseId
) -> None:
    keystore.new_case_key(case, noon)
    run(
        folder,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = replace(sql, '''active''', '''inactive''')"
        " WHERE name = 'one_active_key'",
    )

    with pytest.raises(KeystoreDamagedError, match="its pages"):
        keystore.check_integrity()

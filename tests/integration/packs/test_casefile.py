"""What is about a person: encrypted, bound to its place, forgotten when asked."""

import json
from collections.abc import Generator
from typing import Any

import pytest
from brokers import NOON
from sqlalchemy import Connection, create_engine, select, update
from values import a_disclosure

from audit.format.commitment import verify_opening
from broker.domain.references import Reference
from broker.storage import tables
from broker.storage.case_fields import CaseFields
from broker.storage.case_file import Cabinet, CaseFile
from broker.storage.disclosures import Store
from keys import CannotOpenError, CaseId, KeyErasedError, Keystore

OTHER = Reference("0000000F")


@pytest.fixture(scope="module", name="keystore")
def _keystore(tmp_path_factory: pytest.TempPathFactory) -> Keystore:
    folder = tmp_path_factory.mktemp("keystore") / "keys"
    Keystore.create(folder, None, now=NOON)
    keystore = Keystore.open(folder, None)
    keystore.new_case_key(CaseId("c-0001"), NOON)
    return keystore


@pytest.fixture(name="connection")
def _connection() -> Generator[Connection]:
    """The tables that a case file looks at, in memory."""
    engine = create_engine("sqlite://")
    for table in (tables.disclosure, tables.case_field):
        table.create(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def a_file(keystore: Keystore, connection: Connection, **changes: Any) -> CaseFile:
    disclosure = a_disclosure(**changes)
    cabinet = Cabinet(
        store=Store(connection),
        fields=CaseFields(connection),
        keystore=keystore,
        committed=lambda _: (),
        doomed=[],
    )
    return CaseFile(cabinet, disclosure)


@pytest.fixture(name="file")
def _file(keystore: Keystore, connection: Connection) -> CaseFile:
    return a_file(keystore, connection)


def ciphertexts(connection: Connection) -> list[bytes]:
    return list(connection.scalars(select(tables.case_field.c.ciphertext)))


def change(connection: Connection, **values: Any) -> None:
    connection.execute(update(tables.case_field).values(**values))


def test_a_field_comes_out_as_it_went_in(file: CaseFile) -> None:
    file.put("record", b"\x00Zzcanary")

    assert file.get("record") == b"\x00Zzcanary"


def test_a_field_that_was_never_kept_is_none(file: CaseFile) -> None:
    assert file.get("record") is None


def test_what_is_kept_cannot_be_read_without_the_key(
    file: CaseFile, connection: Connection
) -> None:
    file.put("record", b"Zzcanary" * 9)

    assert [b"Zzcanary" in held for held in ciphertexts(connection)] == [False]


def test_the_same_content_twice_is_not_the_same_ciphertext(
    file: CaseFile, connection: Connection
) -> None:
    file.put("attachment/1", b"Zzcanary")
    file.put("attachment/2", b"Zzcanary")

    first, second = ciphertexts(connection)
    assert first != second


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"name": "sealed"}, id="put under another name"),
        pytest.param({"version": 2}, id="passed off as newer"),
        pytest.param({"ciphertext": b""}, id="emptied"),
        pytest.param({"ciphertext": bytes(80)}, id="overwritten"),
    ],
)
def test_a_field_that_was_tampered_with_does_not_open(
    file: CaseFile, connection: Connection, values: dict[str, Any]
) -> None:
    file.put("record", b"Zzcanary")
    change(connection, **values)

    with pytest.raises(CannotOpenError):
        file.get(str(values.get("name", "record")))


def test_a_field_moved_to_another_disclosure_does_not_open(
    file: CaseFile, keystore: Keystore, connection: Connection
) -> None:
    file.put("record", b"Zzcanary")
    change(connection, reference=str(OTHER))

    with pytest.raises(CannotOpenError):
        a_file(keystore, connection, reference=OTHER).get("record")


def test_a_value_is_kept_with_the_opening_of_its_commitment(file: CaseFile) -> None:
    value = {"name": "Zzcanary", "ages": [1, None]}

    commitment = file.commit("pack", value)

    opening = json.loads(file.get("pack") or b"")
    verify_opening(commitment, field="pack", value=value, salt=bytes.fromhex(opening["salt"]))
    assert opening["value"] == file.found("pack") == value


def test_the_same_value_twice_has_two_commitments(file: CaseFile) -> None:
    assert file.commit("facts/1", "Zzcanary") != file.commit("facts/2", "Zzcanary")


def test_a_dropped_field_is_gone(file: CaseFile) -> None:
    file.put("passphrase", b"made-up")

    file.destroy_passphrase()

    assert file.get("passphrase") is None
    file.destroy_passphrase()


def test_a_value_that_was_never_committed_to_is_missing(file: CaseFile) -> None:
    with pytest.raises(KeyError):
        file.pack()


def test_an_erased_case_is_told_from_a_broken_one(
    keystore: Keystore, connection: Connection
) -> None:
    case = CaseId("c-0002")
    keystore.new_case_key(case, NOON)
    a_file(keystore, connection, case=case).put("record", b"Zzcanary")
    keystore.erase_case(case, NOON)

    with pytest.raises(KeyErasedError):
        a_file(keystore, connection, case=case).get("record")

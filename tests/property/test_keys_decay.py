"""One flipped bit anywhere in the keystore's files: it is found, or it hurts nobody."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rounds import rounds

from keys import CaseId, IndexPurpose, Keystore, KeystoreError, Purpose

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
CASES = (CaseId("case-0001"), CaseId("case-0002"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Intact:
    folder: Path
    holds: tuple[object, ...]


def everything_in(keystore: Keystore) -> tuple[object, ...]:
    return (
        keystore.identity,
        keystore.cases(),
        tuple(keystore.case_key(case).material for case in keystore.cases()),
        tuple(keystore.signing_key(purpose).sign(b"x") for purpose in Purpose),
        tuple(dict(keystore.public_keys(purpose)) for purpose in Purpose),
        tuple(keystore.index_key(purpose).digest(b"x") for purpose in IndexPurpose),
    )


@pytest.fixture(name="intact", scope="module")
def _intact(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intact]:
    folder = tmp_path_factory.mktemp("decay") / "intact"
    keystore = Keystore.create(folder, None, now=NOON)
    for case in CASES:
        keystore.new_case_key(case, NOON)
    keystore.new_case_key(CaseId("case-0003"), NOON)
    keystore.erase_case(CaseId("case-0003"), NOON)
    keystore.activate(keystore.prepare(Purpose.TOKEN, NOON).kid)
    yield Intact(folder=folder, holds=everything_in(keystore))
    shutil.rmtree(folder)


@settings(max_examples=rounds(100), deadline=None)
@given(st.data())
def test_a_flipped_bit_is_found_or_hurts_nobody(intact: Intact, data: st.DataObject) -> None:
    folder = intact.folder.with_name("decayed")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(intact.folder, folder)
    file = folder / data.draw(st.sampled_from(["keystore.db", "keystore.db", "keystore.kek"]))
    content = bytearray(file.read_bytes())
    used = [at for at, byte in enumerate(content) if byte]
    at, bit = data.draw(st.sampled_from(used)), data.draw(st.integers(0, 7))
    content[at] ^= 1 << bit
    file.write_bytes(content)

    try:
        keystore = Keystore.open(folder)
        keystore.check_integrity()
    except KeystoreError:
        return
    assert everything_in(keystore) == intact.holds

"""Read a keystore by docs/formats/sealed-store.md alone, with nothing of the package's reading."""

import hashlib
import re
import sqlite3
import struct
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from keys import CaseId, IndexPurpose, Keystore, Place, Purpose, seal_field

PAGE = Path(__file__).parents[3] / "docs" / "formats" / "sealed-store.md"


def framed(*parts: bytes | str) -> bytes:
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(struct.pack(">I", len(part)) + part for part in encoded)


def unwrap(key: bytes, key_id: bytes, wrapped: bytes, *place: str) -> bytes:
    bound = framed("disclosure-broker key v1", key_id, *place)
    return AESGCM(key).decrypt(wrapped[:12], wrapped[12:], bound)


def root_in_file(folder: Path) -> bytes:
    return bytes.fromhex((folder / "keystore.kek").read_text())


@pytest.fixture(name="database")
def _database(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / "keystore.db")) as connection:
        yield connection


def kek_of(database: sqlite3.Connection, root: bytes) -> tuple[bytes, bytes]:
    identity, root_id, kek_id, wrapped = database.execute(
        "SELECT identity, root_id, kek_id, wrapped FROM head"
    ).fetchone()
    named = hashlib.sha256(framed("disclosure-broker root v1", root)).digest()[:16]
    assert root_id == named
    return unwrap(root, root_id, wrapped, "kek", identity, kek_id.hex()), kek_id


def test_a_sealed_field_can_be_opened_by_the_page(
    filed: Keystore, folder: Path, noon: datetime, database: sqlite3.Connection
) -> None:
    case = CaseId("case-0001")
    key = filed.new_case_key(case, noon)
    blob = seal_field(key, b"nothing true", Place(case=case, field="facts", version=3))

    kek, kek_id = kek_of(database, root_in_file(folder))
    key_id, created_at, wrapped = database.execute(
        "SELECT key_id, created_at, wrapped FROM case_key WHERE case_id = ?", (case,)
    ).fetchone()
    material = unwrap(kek, kek_id, wrapped, "case", case, key_id.hex(), created_at)
    header = blob[:34]
    bound = framed("disclosure-broker field v1", header, case, "facts", struct.pack(">Q", 3))
    opened = AESGCM(material).decrypt(header[22:], blob[34:], bound)

    assert (header[:6], header[6:22]) == (b"DBSF\x01\x01", key_id)
    assert created_at == "2026-03-16T12:00:00.000000+00:00"
    assert opened == b"nothing true"


def test_a_signing_key_can_be_used_by_the_page(
    filed: Keystore, folder: Path, noon: datetime, database: sqlite3.Connection
) -> None:
    old = filed.signing_key(Purpose.POLICY)
    new = filed.activate(filed.prepare(Purpose.POLICY, noon).kid)

    kek, kek_id = kek_of(database, root_in_file(folder))
    rows = database.execute(
        "SELECT kid, purpose, state, created_at, wrapped FROM signing_key"
        " WHERE purpose = 'policy' ORDER BY state"
    ).fetchall()
    (active, seed), (verify_only, public_key) = (
        (place[0], unwrap(kek, kek_id, wrapped, "signing", *place)) for *place, wrapped in rows
    )

    assert (active, verify_only) == (new.kid, old.kid)
    assert Ed25519PrivateKey.from_private_bytes(seed).sign(b"x") == new.sign(b"x")
    assert public_key == old.public_key


@pytest.mark.usefixtures("locked")
def test_a_passphrase_leads_to_the_root_by_the_page(
    passphrase: str, database: sqlite3.Connection
) -> None:
    salt, n, r, p = database.execute(
        "SELECT salt, scrypt_n, scrypt_r, scrypt_p FROM head"
    ).fetchone()
    spelling = unicodedata.normalize("NFKC", passphrase).encode()

    kek, _ = kek_of(database, hashlib.scrypt(spelling, salt=salt, n=n, r=r, p=p, dklen=32))

    assert len(kek) == 32


@pytest.mark.usefixtures("keystore")
def test_the_file_says_what_it_is(database: sqlite3.Connection) -> None:
    said = [
        database.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("application_id", "user_version", "journal_mode")
    ]

    assert said == [0x44424B53, 2, "wal"]


@pytest.mark.parametrize(
    ("table", "kinds"), [("signing_key", Purpose), ("index_key", IndexPurpose)]
)
def test_the_page_names_every_purpose_of_a_key(
    table: str, kinds: type[Purpose] | type[IndexPurpose]
) -> None:
    page = PAGE.read_text(encoding="utf-8")

    (said,) = re.findall(rf"^`{table}`: [^.]*?`purpose` \(([^)]+)\)", page, re.MULTILINE)

    assert set(re.findall(r"`([a-z-]+)`", said)) == {kind.value for kind in kinds}

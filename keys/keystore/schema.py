"""The tables of the keystore file, described in docs/formats/sealed-store.md."""

from typing import Final

from keys.keystore import case_keys as case_shelf
from keys.keystore import index_keys as index_shelf
from keys.keystore import signing_keys as signing_shelf

APPLICATION_ID: Final = 0x44424B53
VERSION: Final = 1
_HEAD: Final = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
CREATE TABLE head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    identity TEXT NOT NULL,
    salt BLOB, scrypt_n INTEGER, scrypt_r INTEGER, scrypt_p INTEGER,
    root_id BLOB NOT NULL,
    kek_id BLOB NOT NULL,
    wrapped BLOB NOT NULL,
    scrub_due INTEGER NOT NULL CHECK (scrub_due IN (0, 1))
) STRICT;
"""
SCHEMA: Final = _HEAD + signing_shelf.SCHEMA + case_shelf.SCHEMA + index_shelf.SCHEMA

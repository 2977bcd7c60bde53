"""The tables of the keystore file, described in docs/formats/sealed-store.md."""

from typing import Final

from keys.keystore.tables import (
    case_keys,
    draft_keys,
    field_keys,
    index_keys,
    signing_keys,
    standing,
)

APPLICATION_ID: Final = 0x44424B53
VERSION: Final = 2
ROTATING_VERSION: Final = 3
"""What a file says while keys wrapped by the key-encryption key of before are left in it."""

FIRST_VERSION: Final = 1
"""What files of the first layout say; opening one brings it to this version."""

_HEADER: Final = f"""
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
ADDED: Final = (field_keys.SCHEMA, standing.SCHEMA, f"PRAGMA user_version = {VERSION}")
"""What version 2 added, a statement each."""

SCHEMA: Final = (
    _HEADER
    + signing_keys.SCHEMA
    + case_keys.SCHEMA
    + index_keys.SCHEMA
    + draft_keys.SCHEMA
    + field_keys.SCHEMA
    + standing.SCHEMA
)

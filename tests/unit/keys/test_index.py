"""Keyed digests are HMAC-SHA-256, whatever else the key made before."""

import hashlib
import hmac
import os

from keys import IndexKey, IndexPurpose


def test_a_digest_is_the_hmac_of_the_content_alone() -> None:
    key = IndexKey(purpose=IndexPurpose.ROWS, material=os.urandom(32))
    contents = [b"", b"a row", b"a" * 10_000, b"a row", b""]

    digests = [key.digest(content) for content in contents]

    assert digests == [hmac.digest(key.material, one, hashlib.sha256) for one in contents]

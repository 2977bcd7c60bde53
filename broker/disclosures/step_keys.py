"""Idempotency keys: of a step about a disclosure, and of a submission that named none."""

import json

from broker.domain.model import SubmissionKey
from keys import IndexKey


def key_of_step(idempotency: IndexKey, key: str, *said: object) -> SubmissionKey:
    """Return the key of a step about a disclosure, with the digest of what is said in it."""
    text = json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
    return SubmissionKey(key=key, body=idempotency.digest(text))


def derived_key(body: bytes, turn: int, again: str | None, idempotency: IndexKey) -> str:
    """Return the key of a submission that named none: the same for the same pack and files."""
    said = json.dumps([body.hex(), turn, again]).encode()
    return f"pack-{idempotency.digest(said).hex()[:48]}"

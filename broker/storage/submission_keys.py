"""The idempotency keys of submissions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionKey:
    """One person's idempotency key, and a keyed digest of what was sent with it."""

    key: str
    body: bytes

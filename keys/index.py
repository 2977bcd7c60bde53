"""Keyed digests: equal things are found again without being stored, and rows are known as ours.

>>> key = IndexKey(purpose=IndexPurpose.IDEMPOTENCY, material=bytes(32))
>>> key.digest(b"the same pack") == key.digest(b"the same pack")
True
>>> key.digest(b"the same pack") == key.digest(b"the same pack.")
False
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import StrEnum, unique


@unique
class IndexPurpose(StrEnum):
    """What is digested; each purpose has its own key, so digests never match across purposes.

    `ROWS` authenticates what a database holds.
    """

    IDEMPOTENCY = "idempotency"
    FINGERPRINT = "sameness"
    ROWS = "rows"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndexKey:
    """A key for digests that only this installation can make (HMAC-SHA-256)."""

    purpose: IndexPurpose
    material: bytes = field(repr=False)

    def digest(self, content: bytes) -> bytes:
        """Return the 32-byte digest of `content`; equal contents have equal digests."""
        return hmac.digest(self.material, content, hashlib.sha256)

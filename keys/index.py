"""Keyed digests by which equal things are found again without being stored."""

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import StrEnum, unique


@unique
class IndexPurpose(StrEnum):
    """What is compared; each purpose has its own key, so digests never match across purposes."""

    IDEMPOTENCY = "idempotency"
    FINGERPRINT = "sameness"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndexKey:
    """A key for digests that only this installation can make (HMAC-SHA-256)."""

    purpose: IndexPurpose
    material: bytes = field(repr=False)

    def digest(self, content: bytes) -> bytes:
        """Return the 32-byte digest of `content`; equal contents have equal digests."""
        return hmac.digest(self.material, content, hashlib.sha256)

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
from typing import Final

from keys.envelope import KEY_ID_LENGTH, CaseId, CaseKey

_KEY_ID: Final = b"disclosure-broker register key id v1"
_SEALING: Final = b"disclosure-broker register sealing v1"


@unique
class IndexPurpose(StrEnum):
    """What is digested; each purpose has its own key, so digests never match across purposes.

    `ROWS` authenticates what a database holds. `SIGN_IN` finds an account by the address that is
    typed. `PEOPLE` seals names and work contacts, `APP_CODES` the secrets of apps that show codes.
    `ENVELOPES` marks messages that leave, so that a notice about one is known for ours.
    `IDENTIFIERS` and `LOOK_ALIKES` find the same person again.
    """

    IDEMPOTENCY = "idempotency"
    FINGERPRINT = "sameness"
    ROWS = "rows"
    SIGN_IN = "sign-in"
    PEOPLE = "people"
    APP_CODES = "app-codes"
    ENVELOPES = "envelopes"
    IDENTIFIERS = "identifiers"
    LOOK_ALIKES = "look-alikes"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndexKey:
    """A key for digests that only this installation can make (HMAC-SHA-256)."""

    purpose: IndexPurpose
    material: bytes = field(repr=False)
    # Begun once: each row that is believed has a digest made, and the key is half of the work.
    _begun: hmac.HMAC = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Take the key in, before any content."""
        object.__setattr__(self, "_begun", hmac.new(self.material, digestmod=hashlib.sha256))

    def digest(self, content: bytes) -> bytes:
        """Return the 32-byte digest of `content`; equal contents have equal digests."""
        digest = self._begun.copy()
        digest.update(content)
        return digest.digest()

    def sealing_key(self) -> CaseKey:
        """Return the key that seals what a register holds, under the purpose in place of a case.

        It is derived, so that it serves nothing else (docs/formats/sealed-store.md).
        """
        return CaseKey(
            case=CaseId(self.purpose.value),
            key_id=self.digest(_KEY_ID)[:KEY_ID_LENGTH],
            material=self.digest(_SEALING),
        )

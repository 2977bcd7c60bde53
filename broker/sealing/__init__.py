"""Seal a pack so that only the passphrase opens it, and prove that before it counts."""

from broker.sealing.parts import (
    RECEIPT,
    Expected,
    NamedByAPersonError,
    Original,
    Sealed,
    SealNotProvedError,
    UnfitPassphraseError,
)
from broker.sealing.proof import prove
from broker.sealing.seal import seal

__all__ = [
    "RECEIPT",
    "Expected",
    "NamedByAPersonError",
    "Original",
    "SealNotProvedError",
    "Sealed",
    "UnfitPassphraseError",
    "prove",
    "seal",
]

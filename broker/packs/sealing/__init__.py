"""Seal a pack so that only the passphrase opens it, and prove that before it counts."""

from broker.packs.sealing.check import Checked, Finding, check
from broker.packs.sealing.parts import (
    RECEIPT,
    Expected,
    NamedByAPersonError,
    Original,
    Sealed,
    SealNotProvedError,
    UnfitPassphraseError,
)
from broker.packs.sealing.proof import prove
from broker.packs.sealing.seal import seal

__all__ = [
    "RECEIPT",
    "Checked",
    "Expected",
    "Finding",
    "NamedByAPersonError",
    "Original",
    "SealNotProvedError",
    "Sealed",
    "UnfitPassphraseError",
    "check",
    "prove",
    "seal",
]

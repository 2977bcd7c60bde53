r"""Receipts: one entry, its proof and the checkpoint, in one file (https://c2sp.org/tlog-proof).

>>> receipt = Receipt(raw=b"{}", index=1, path=(bytes(32),), note=b"a signed note\n")
>>> print(receipt.to_bytes().decode(), end="")
c2sp.org/tlog-proof@v1
extra e30=
index 1
AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
<BLANKLINE>
a signed note
>>> Receipt.parse(receipt.to_bytes()) == receipt
True
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final, Self

from audit.errors import MalformedReceiptError, ProofRefusedError
from audit.format.entry import Entry, parse_entry
from audit.format.merkle.proofs import verify_inclusion
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.trust_policy import TrustPolicy

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_RECEIPT_BYTES: Final = 200_000

_SHAPE = re.compile(
    rb"c2sp\.org/tlog-proof@v1\n"
    rb"(?:extra ([A-Za-z0-9+/]*={0,2})\n)?"
    rb"index (0|[1-9][0-9]{0,18})\n"
    rb"((?:[A-Za-z0-9+/]{43}=\n){0,63})"
    rb"\n"
    rb"(.+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The bytes of entry `index`, its path to the root, and the signed note of the head."""

    raw: bytes
    index: int
    path: tuple[bytes, ...]
    note: bytes

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Return the receipt of a `.tlog-proof` file, or raise `MalformedReceiptError`.

        The entry's bytes stand in the `extra` line, which the format does not vouch for: the
        proof does, once it is verified.
        """
        match = _SHAPE.fullmatch(text) if len(text) <= MAX_RECEIPT_BYTES else None
        if match is None:
            raise MalformedReceiptError("The file is not a receipt in the form of tlog-proof.")
        extra, index, path, note = match.groups()
        if extra is None:
            raise MalformedReceiptError("The receipt does not hold the entry that it is about.")
        return cls(
            raw=_decoded(extra),
            index=int(index),
            path=tuple(_decoded(line) for line in path.splitlines()),
            note=note,
        )

    def to_bytes(self) -> bytes:
        """Return the receipt as a `.tlog-proof` file."""
        head = [HEADER, f"extra {_encoded(self.raw)}", f"index {self.index}"]
        lines = [*head, *(_encoded(step) for step in self.path), "", ""]
        return "\n".join(lines).encode() + self.note


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenEntry:
    """An entry, and the signed head of the log that it is in."""

    entry: Entry
    checkpoint: Checkpoint


def verify_receipt(receipt: Receipt, policy: TrustPolicy) -> ProvenEntry:
    """Return the entry that the receipt proves under the policy.

    Raises `MalformedNoteError`, `SignatureRefusedError`, `ProofRefusedError` or
    `MalformedEntryError`.
    """
    return proven_under(policy.open_checkpoint(receipt.note), receipt)


def proven_under(checkpoint: Checkpoint, receipt: Receipt) -> ProvenEntry:
    """Return the entry that the receipt proves under a checkpoint that is believed already.

    Raises `ProofRefusedError` or `MalformedEntryError`.
    """
    entry = parse_entry(receipt.raw)
    verify_inclusion(entry.leaf, receipt.index, receipt.path, checkpoint)
    if entry.seq != receipt.index:
        raise ProofRefusedError(
            "The entry stands in another place than its own number says. Verify the whole log."
        )
    return ProvenEntry(entry=entry, checkpoint=checkpoint)


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _decoded(encoded: bytes) -> bytes:
    try:
        content = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise MalformedReceiptError("The receipt's base64 is not complete.") from error
    if base64.b64encode(content) != encoded:
        raise MalformedReceiptError("The receipt's base64 is not in its one permitted spelling.")
    return content

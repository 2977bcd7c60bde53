"""Export what is one reader's: entries, each by its receipt, under one signed head."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from audit.format.notes.trust_policy import policy_of
from audit.format.notes.verifier_key import VerifierKey
from audit.format.partial import Extent, Partial
from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.serving.export import CHECKPOINT, POLICY, VKEY, with_manifest
from audit.log.serving.receipts import issue_receipt
from audit.log.stored_tree import ReadableLog

PARTIAL: Final = "partial.json"
RECEIPTS: Final = "receipts"


def partial_files(
    log: ReadableLog,
    numbers: Iterable[int],
    extents: Mapping[str, Extent],
    kept: KeptCheckpoint,
    keys: Sequence[VerifierKey],
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each file; the first of `keys` signs now.

    Raises `ProofRefusedError` for a number that the checkpoint does not count, and
    `BrokenLedgerError` where what is stored does not lead to the signed root.
    """
    yield from with_manifest(_files(log, numbers, extents, kept, keys), kept.checkpoint)


def _files(
    log: ReadableLog,
    numbers: Iterable[int],
    extents: Mapping[str, Extent],
    kept: KeptCheckpoint,
    keys: Sequence[VerifierKey],
) -> Iterator[tuple[str, bytes]]:
    yield CHECKPOINT, kept.note
    yield VKEY, f"{keys[0]}\n".encode()
    yield POLICY, policy_of(keys).encode()
    yield PARTIAL, Partial(extents=extents).to_bytes()
    for number in sorted(numbers):
        receipt = issue_receipt(log, number, kept).to_bytes()
        yield f"{RECEIPTS}/{number:020}.tlog-proof", receipt

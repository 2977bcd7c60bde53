"""Hand out receipts from the stored log; each is verified before it is handed out."""

from typing import Final

from audit.errors import BrokenLedgerError, LedgerError, ProofRefusedError, Rule
from audit.format.merkle.proofs import inclusion_proof
from audit.format.merkle.tree import Frontier
from audit.format.plurals import counted
from audit.format.receipt import Receipt, proven_under
from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.stored_tree import ReadableLog, TiledTree

_NO_EDGE: Final = Frontier()


def issue_receipt(
    log: ReadableLog, index: int, kept: KeptCheckpoint, at_hand: Frontier = _NO_EDGE
) -> Receipt:
    """Return the receipt for entry `index` under the kept checkpoint.

    Where its right edge is `at_hand`, fewer tiles are read.

    Raises `ProofRefusedError` where the checkpoint does not count that entry yet, and
    `BrokenLedgerError` where what is stored does not lead to the signed root.
    """
    if not 0 <= index < kept.checkpoint.size:
        raise ProofRefusedError(
            "The newest signed checkpoint counts "
            f"{counted(kept.checkpoint.size, 'entry')}, numbered from 0. Ask for one of those, "
            "or wait a second for the next checkpoint."
        )
    tree = TiledTree(log=log, size=kept.checkpoint.size, at_hand=at_hand)
    raw = b"".join(log.raw_entries(index, index + 1))
    try:
        path = inclusion_proof(tree, index)
        receipt = Receipt(raw=raw, index=index, path=path, note=kept.note)
        proven_under(kept.checkpoint, receipt)
    except LedgerError as error:
        raise BrokenLedgerError(
            f"Entry {index} cannot be proved: what is stored does not lead to the signed root. "
            "Verify the ledger to find the first bad entry: broker ledger verify",
            first_bad=None,
            rule=Rule.CHECKPOINT,
        ) from error
    return receipt

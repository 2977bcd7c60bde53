"""Entries that the log's own head stands for: what a row says counts only if it is proved."""

from audit.errors import BrokenLedgerError, LedgerError, Rule
from audit.format.checkpoint import Checkpoint
from audit.format.entry import Entry
from audit.format.proofs import inclusion_proof, verify_inclusion
from audit.format.tree import leaf_hash
from audit.log.ledger import Ledger
from audit.log.stored_tree import TiledTree


def proven_about(log: Ledger, reference: str) -> tuple[Entry, ...]:
    """Return the entries about one disclosure, oldest first, each proved under the log's head.

    A few hundred rows are read for each, however long the log is. Raises `ForeignGrowthError`
    where the head is not this installation's, and `BrokenLedgerError` where an entry that is
    stored does not lead to it: somebody put it in, or changed it.
    """
    head = log.head()
    signed = Checkpoint(origin=head.origin, size=head.size, root=head.root)
    tree = TiledTree(log=log, size=head.size)
    entries = log.entries_about(reference)
    for entry in entries:
        _prove(tree, signed, entry)
    return entries


def _prove(tree: TiledTree, signed: Checkpoint, entry: Entry) -> None:
    try:
        path = inclusion_proof(tree, entry.seq) if entry.seq < signed.size else ()
        verify_inclusion(leaf_hash(entry.raw), entry.seq, path, signed)
    except LedgerError as error:
        raise BrokenLedgerError(
            f"Entry {entry.seq} is not one of this ledger: what is stored does not lead to its "
            "head. Nothing rests on it. Run: broker ledger verify",
            first_bad=entry.seq,
            rule=Rule.CHECKPOINT,
        ) from error

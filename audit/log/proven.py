"""Entries proved one by one under the log's head: whatever is handed out, or found by a column."""

from audit.errors import BrokenLedgerError, LedgerError, Rule
from audit.format.entry import Entry
from audit.format.merkle.proofs import inclusion_proof, verify_inclusion
from audit.format.merkle.tiles import WIDTH
from audit.format.merkle.tree import leaf_hash
from audit.format.notes.checkpoint import Checkpoint
from audit.log.ledger import Ledger
from audit.log.stored_tree import TiledTree, complete


def proven_event(log: Ledger, event_id: str) -> Entry | None:
    """Return the entry whose event has this identifier, or None.

    Raises `BrokenLedgerError` where what is stored does not lead to the head, and
    `ForeignGrowthError` where that is not this installation's.
    """
    entry = log.entry_of(event_id)
    if entry is None:
        return None
    head = log.head()
    signed = Checkpoint(origin=head.origin, size=head.size, root=head.root)
    _prove(TiledTree(log=log, size=head.size), signed, entry)
    return entry


def proven_range(log: Ledger, start: int, stop: int) -> tuple[bytes, ...]:
    """Return the bytes of entries `start` up to but not `stop`, as far as the head counts them.

    Each is held against its leaf, and each tile of leaves against the head: one proof binds all
    leaves of a tile. Raises as above.
    """
    head = log.head()
    signed = Checkpoint(origin=head.origin, size=head.size, root=head.root)
    tree = TiledTree(log=log, size=head.size)
    first, last = min(start, head.size), min(stop, head.size)
    found = complete(log.raw_entries(first, last), last - first)
    for number, raw in enumerate(found, start=first):
        if number == first or number % WIDTH == 0:
            _prove_leaf(tree, signed, number, leaf_hash(raw))
        elif tree.hashes(0, number, number + 1) != [leaf_hash(raw)]:
            raise _unproven(number)
    return tuple(found)


def _prove(tree: TiledTree, signed: Checkpoint, entry: Entry) -> None:
    _prove_leaf(tree, signed, entry.seq, leaf_hash(entry.raw))


def _prove_leaf(tree: TiledTree, signed: Checkpoint, number: int, leaf: bytes) -> None:
    try:
        path = inclusion_proof(tree, number) if number < signed.size else ()
        verify_inclusion(leaf, number, path, signed)
    except LedgerError as error:
        raise _unproven(number) from error


def _unproven(number: int) -> BrokenLedgerError:
    return BrokenLedgerError(
        f"Entry {number} is not one of this ledger: what is stored does not lead to its head. "
        "Nothing rests on it. Run: broker ledger verify",
        first_bad=number,
        rule=Rule.CHECKPOINT,
    )

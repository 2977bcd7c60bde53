"""Verify the database: entries, the columns beside them, the head, and the checkpoints."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import islice

from sqlalchemy import Connection

from audit.errors import (
    BrokenLedgerError,
    BrokenTileError,
    IncompleteLedgerError,
    MalformedNoteError,
    Rule,
    SignatureRefusedError,
)
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.signed_checkpoint import SignedCheckpoint, read_checkpoint
from audit.format.notes.verifier_key import VerifierKey
from audit.format.plurals import counted
from audit.log.tables import stored_id
from audit.verify.batch_verifier import BatchVerifier, MatchedBatch
from audit.verify.batches import batches, match_or_add
from audit.verify.log import signed_prefix
from audit.verify.report import Report, VerifiedLog
from audit.verify.succession import check_succession
from audit.verify.tree_growth import TreeGrowth

# Read as the driver gives them, so that a value of the wrong type is found, not converted.
_ROWS = "SELECT seq, entry, leaf, event_id, reference FROM ledger_entry ORDER BY seq"
_LEAVES = "SELECT leaf FROM ledger_entry ORDER BY seq"
_NOTES = "SELECT size, note FROM ledger_checkpoint ORDER BY size"
_TILES = "SELECT level, number, hashes FROM ledger_tile"
_HEADS = "SELECT id, origin, size, previous_leaf, frontier, last_moment, gateways FROM ledger_head"


def verify_database(
    connection: Connection,
    kept: Iterable[Checkpoint],
    key: VerifierKey,
    *,
    former: Sequence[VerifierKey] = (),
) -> Report:
    """Return what held of the database's log, or raise `BrokenLedgerError`.

    `kept` are the checkpoints from outside the database, already opened; without any,
    `IncompleteLedgerError` is raised, since a database alone proves only its own order. `key`
    signs now, and `former` are keys that signed before it.
    """
    outside = list(kept)
    if not outside:
        raise IncompleteLedgerError(
            "No signed checkpoint is kept outside the database, so nothing can be proved. Check "
            "the folder of checkpoints."
        )
    stored = list(_stored_checkpoints(connection, (key, *former)))
    checkpoints = [*outside, *(signed.checkpoint for signed in stored)]
    try:
        verified = _verify_entries(connection, checkpoints)
    except BrokenLedgerError:
        # The signed leaf hashes beside the entries name the first bad one exactly.
        verified = _verify_entries(
            connection, checkpoints, _signed_leaves(connection, checkpoints)
        )
    check_succession(stored, verified.succession, (key, *former))
    _check_tiles(connection, verified.tree)
    _check_head(connection, verified)
    return verified.report


def _verify_entries(
    connection: Connection,
    checkpoints: Iterable[Checkpoint],
    signed_leaves: Sequence[bytes] = (),
) -> VerifiedLog:
    verifier = BatchVerifier(checkpoints, signed_leaves)
    with closing(_rows(connection, _ROWS)) as rows:
        for batch in batches(rows):
            match_or_add(batch, partial(_match, verifier), partial(_add_row, verifier))
    return verifier.verified()


def _rows(connection: Connection, statement: str) -> Generator[Sequence[object]]:
    with connection.exec_driver_sql(statement, execution_options={"yield_per": 1_000}) as rows:
        yield from rows


def _stored_checkpoints(
    connection: Connection, keys: Sequence[VerifierKey]
) -> Iterator[SignedCheckpoint]:
    for size, note in _rows(connection, _NOTES):
        try:
            head = read_checkpoint(_as_bytes(note), keys)
        except (MalformedNoteError, SignatureRefusedError) as error:
            raise _bad_checkpoint() from error
        if head.checkpoint.size != size:
            raise _bad_checkpoint()
        yield head


def _bad_checkpoint() -> BrokenLedgerError:
    return BrokenLedgerError(
        "A checkpoint that is stored beside the entries is not the one that was signed.",
        first_bad=None,
        rule=Rule.CHECKPOINT,
    )


def _signed_leaves(connection: Connection, checkpoints: Sequence[Checkpoint]) -> list[bytes]:
    """Return the stored leaf hashes as far as some checkpoint signs them."""
    size = max(checkpoint.size for checkpoint in checkpoints)
    with closing(_rows(connection, _LEAVES)) as rows:
        leaves = [_as_bytes(row[0]) for row in islice(rows, size)]
    return signed_prefix(leaves, checkpoints)


def _match(verifier: BatchVerifier, rows: Sequence[Sequence[object]]) -> bool:
    """Go past the next rows if they match as a whole, and hold."""
    matched = verifier.match([_as_bytes(row[1]) for row in rows])
    if matched is None or [tuple(row) for row in rows] != [*_rows_of(matched, verifier.size)]:
        return False
    verifier.accept(matched)
    return True


def _rows_of(matched: MatchedBatch, start: int) -> Iterator[tuple[object, ...]]:
    """Yield the rows that entries should have, from number `start` on."""
    return zip(
        range(start, start + len(matched.batch)),
        matched.batch,
        matched.growth.leaves,
        (stored_id(event_id.decode()) for event_id in matched.columns.event_ids),
        (reference.decode() or None for reference in matched.columns.references),
        strict=True,
    )


def _add_row(verifier: BatchVerifier, row: Sequence[object]) -> None:
    """Check the next row."""
    seq, raw, leaf, event_id, reference = row
    number = verifier.size
    if seq != number:
        raise BrokenLedgerError(
            f"There is no row for entry {number}: it was removed.",
            first_bad=number,
            rule=Rule.NUMBER,
        )
    entry = verifier.add(_as_bytes(raw))
    said = (entry.leaf, stored_id(entry.event_id), entry.reference)
    if (leaf, event_id, reference) != said:
        raise BrokenLedgerError(
            f"A column beside entry {number} does not say what the entry says.",
            first_bad=number,
            rule=Rule.COLUMN,
        )


def _check_tiles(connection: Connection, tree: TreeGrowth) -> None:
    stored = {
        (_as_int(level), _as_int(number)): hashes
        for level, number, hashes in _rows(connection, _TILES)
    }
    for hash_tile in tree.tiles():
        if not hash_tile.tile.is_full:
            continue
        if stored.pop((hash_tile.level, hash_tile.tile.number), None) != hash_tile.content:
            raise BrokenTileError(
                f"The stored {hash_tile.path} is missing or does not hold the hashes of the "
                "entries, which hold themselves.",
                level=hash_tile.level,
                index=hash_tile.tile.number,
            )
    for level, number in stored:
        raise BrokenTileError(
            f"A tile is stored that is not filled by {counted(tree.edge.size, 'entry')}.",
            level=level,
            index=number,
        )


def _check_head(connection: Connection, verified: VerifiedLog) -> None:
    edge, report = verified.tree.edge, verified.report
    expected = (
        1,
        report.origin,
        edge.size,
        report.last_leaf,
        edge.to_bytes(),
        report.last_moment,
        str(report.counters),
    )
    if [tuple(row) for row in _rows(connection, _HEADS)] != [expected]:
        raise BrokenLedgerError(
            "The row of the head does not belong to the entries.",
            first_bad=None,
            rule=Rule.HEAD,
        )


def _as_int(value: object) -> int:
    return value if isinstance(value, int) else -1


def _as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""

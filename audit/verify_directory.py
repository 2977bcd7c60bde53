"""Verify an exported folder: policy, checkpoints, entries, tiles, manifest, in that order."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from audit.checkpoint import Checkpoint, SignedHead
from audit.directory import ExportedFolder
from audit.errors import (
    BrokenLedgerError,
    IncompleteLedgerError,
    MalformedNoteError,
    Rule,
    SignatureRefusedError,
)
from audit.policy import TrustPolicy
from audit.succession import check_succession
from audit.tiles import hash_tiles
from audit.verify import Report, Walk, signed_prefix

Watcher: TypeAlias = Callable[[Iterable[bytes], int], Iterable[bytes]]
"""Passes the entries through, of which there should be so many; for showing progress."""


def verify_directory(
    folder: ExportedFolder,
    policy: TrustPolicy,
    *,
    older: Iterable[bytes] = (),
    watch: Watcher | None = None,
) -> Report:
    """Return what held of the exported log, or raise naming what did not.

    `older` are checkpoints of this log that the verifier kept: the log must grow out of each.
    Raises `BrokenLedgerError`, and `IncompleteLedgerError` where a file is missing.
    """
    _check_vkey(folder, policy)
    signed = [
        _opened(folder.checkpoint(), policy, "checkpoint"),
        *(_opened(note, policy, path) for path, note in folder.older_checkpoints()),
        *(_opened(note, policy, "an older checkpoint") for note in older),
    ]
    checkpoints = list(dict.fromkeys(one.checkpoint for one in signed))
    head = checkpoints[0]
    walk = Walk(checkpoints, _signed_leaves(folder, checkpoints))
    leaves: list[bytes] = []
    entries: Iterable[bytes] = folder.entries(head.size)
    for raw in watch(entries, head.size) if watch else entries:
        if len(leaves) == head.size:
            raise BrokenLedgerError(
                f"There are entries beyond the {head.size} that the checkpoint counts.",
                first_bad=head.size,
                rule=Rule.SURPLUS,
            )
        leaves.append(walk.add(raw).leaf)
    report = walk.finish()
    check_succession(signed, walk.succession)
    for tile in hash_tiles(leaves):
        folder.check_tile(tile)
    folder.check_manifest()
    return report


def _check_vkey(folder: ExportedFolder, policy: TrustPolicy) -> None:
    # People compare this file by eye, so it must be the key that is really trusted here.
    if folder.vkey() not in {f"{key}\n".encode() for key in policy.logs}:
        raise BrokenLedgerError(
            "log.vkey is not a key that the trust policy names for a log.",
            first_bad=None,
            rule=Rule.POLICY,
        )


def _opened(note: bytes, policy: TrustPolicy, path: str) -> SignedHead:
    try:
        return policy.read_checkpoint(note)
    except (MalformedNoteError, SignatureRefusedError) as error:
        raise BrokenLedgerError(
            f"{path} cannot be trusted. {error}", first_bad=None, rule=Rule.CHECKPOINT
        ) from error


def _signed_leaves(folder: ExportedFolder, checkpoints: Sequence[Checkpoint]) -> list[bytes]:
    """Return the leaf hashes of the tiles as far as some checkpoint signs them."""
    head = checkpoints[0]
    try:
        leaves = folder.leaves(head.size)
    except (IncompleteLedgerError, BrokenLedgerError):
        return []
    return signed_prefix(leaves, checkpoints)

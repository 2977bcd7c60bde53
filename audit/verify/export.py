"""Verify an exported folder, by the checks of docs/formats/ledger.md in their order.

1. `policy`
2. `receipt`, `commitment`, `checkpoint`: what the verifier was given, and what is signed
3. the signed leaf hashes, which only help to name a fault
4. `bundle`, `entry`, `leaf`, `number`, `opening`, `link`, `time`, `gateway`,
   `reference`, `rulebook`, `restored`
5. `checkpoint`: the roots
6. `key`, `tail`, `surplus`
7. `tile`
8. `manifest`
9. `commitment`: the openings
10. nothing foreign

What the caller still owes: a policy that came another way than the folder, every checkpoint and
receipt that they hold of the log, and a look at what the log does not show ("What it proves").
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from audit.errors import (
    BrokenLedgerError,
    IncompleteLedgerError,
    LedgerError,
    MalformedNoteError,
    MalformedPolicyError,
    Rule,
    SignatureRefusedError,
)
from audit.format.entry import parse_entry
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.signed_checkpoint import SignedCheckpoint
from audit.format.notes.trust_policy import TrustPolicy
from audit.format.notes.verifier_key import VerifierKey
from audit.format.opening import Opening
from audit.verify.batch_verifier import BatchVerifier
from audit.verify.batches import batches
from audit.verify.export_folder import ExportedFolder
from audit.verify.log import signed_prefix
from audit.verify.report import Opened, Report, VerifiedLog
from audit.verify.succession import check_succession

Watcher: TypeAlias = Callable[[Iterable[bytes], int], Iterable[bytes]]
"""Passes the entries through, of which there should be so many; for showing progress."""


def verify_directory(
    folder: ExportedFolder,
    policy: TrustPolicy,
    *,
    older: Iterable[bytes] = (),
    openings: Iterable[Opening] = (),
    watch: Watcher | None = None,
) -> Report:
    """Return what held of the exported log, or raise naming what did not.

    `older` are checkpoints of this log that the verifier kept: the log must grow out of each.
    Where keys were rotated it suffices that the policy names one of them: those that the folder
    names besides are believed as far as the log itself vouches for them.
    `openings` are values that entries must have committed to.
    Raises `BrokenLedgerError`, and `IncompleteLedgerError` where a file is missing or foreign.
    """
    # Check 1, as far as it can be made yet.
    named = _named_keys(folder)
    vkey = _vkey(folder, policy, named)
    # Check 2; the command line has made it of receipts and openings.
    trust = _Trust(policy=policy, named=named)
    signed = [
        trust.opened(folder.checkpoint(), "checkpoint"),
        *(trust.opened(note, path) for path, note in folder.older_checkpoints()),
        *(trust.opened(note, "an older checkpoint") for note in older),
    ]
    checkpoints = list(dict.fromkeys(head.checkpoint for head in signed))
    # Checks 4 and 5, with 3 only where they find a fault.
    try:
        verified = _verify_entries(folder, checkpoints, watch=watch)
    except LedgerError:
        # The signed leaf hashes in the tiles name the first bad entry exactly.
        verified = _verify_entries(folder, checkpoints, _signed_leaves(folder, checkpoints))
    # Check 6, and the rest of 1.
    if vkey not in check_succession(signed, verified.succession, policy.logs):
        raise _foreign_vkey()
    # Checks 7 to 10.
    for tile in verified.tree.tiles():
        folder.check_tile(tile)
    folder.check_manifest()
    opened = tuple(_opened(folder, opening, verified.report.signed) for opening in openings)
    folder.check_no_foreign_files()
    return replace(verified.report, openings=opened)


def _opened(folder: ExportedFolder, opening: Opening, size: int) -> Opened:
    """Return the entry that the opening opens; the log was verified before."""
    if opening.entry >= size:
        raise BrokenLedgerError(
            f"An opening names entry {opening.entry}, which the log does not have.",
            first_bad=None,
            rule=Rule.COMMITMENT,
        )
    return Opened.by(opening, parse_entry(folder.entry(opening.entry, size)))


def _verify_entries(
    folder: ExportedFolder,
    checkpoints: Sequence[Checkpoint],
    signed_leaves: Sequence[bytes] = (),
    *,
    watch: Watcher | None = None,
) -> VerifiedLog:
    head = checkpoints[0]
    verifier = BatchVerifier(checkpoints, signed_leaves)
    entries: Iterable[bytes] = folder.entries(head.size)
    for batch in batches(watch(entries, head.size) if watch else entries):
        room = head.size - verifier.size
        verifier.extend(batch[:room])
        if len(batch) > room:
            raise BrokenLedgerError(
                f"There are entries beyond the {head.size} that the checkpoint counts.",
                first_bad=head.size,
                rule=Rule.SURPLUS,
            )
    return verifier.verified()


def _named_keys(folder: ExportedFolder) -> tuple[VerifierKey, ...]:
    """Return the keys that the folder's own policy names for a log; nothing of it is believed."""
    try:
        return TrustPolicy.parse(folder.policy()).logs
    except (MalformedPolicyError, IncompleteLedgerError):
        return ()


def _vkey(folder: ExportedFolder, policy: TrustPolicy, named: Sequence[VerifierKey]) -> str:
    """Return `log.vkey`, which people compare by eye: a key of the policy, or one that may follow.

    Whether it does follow shows at the end, from the log itself.
    """
    vkey = folder.vkey()
    known = [*policy.logs, *(named if set(named) & set(policy.logs) else ())]
    for key in known:
        if vkey == f"{key}\n".encode():
            return str(key)
    if any(vkey.startswith(f"{log.name}/".encode()) for log in policy.logs):
        raise BrokenLedgerError(
            "log.vkey is the key of a later name of a log that you trust: it was restored from a "
            "backup, and entries of before were lost. If you know of that and go on with it, add "
            "this key to your policy, and verify with every head that you kept as --since.",
            first_bad=None,
            rule=Rule.POLICY,
        )
    raise _foreign_vkey()


def _foreign_vkey() -> BrokenLedgerError:
    return BrokenLedgerError(
        "log.vkey is not a key that the trust policy names for a log, nor one that the log names "
        "as its successor.",
        first_bad=None,
        rule=Rule.POLICY,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trust:
    policy: TrustPolicy
    named: tuple[VerifierKey, ...]

    def opened(self, note: bytes, path: str) -> SignedCheckpoint:
        try:
            return self.policy.read_checkpoint(note, *self.named)
        except (MalformedNoteError, SignatureRefusedError) as error:
            raise BrokenLedgerError(
                f"{path} cannot be trusted. {error}", first_bad=None, rule=Rule.CHECKPOINT
            ) from error


def _signed_leaves(folder: ExportedFolder, checkpoints: Sequence[Checkpoint]) -> list[bytes]:
    """Return the leaf hashes of the tiles as far as some checkpoint signs them."""
    try:
        leaves = folder.leaves(checkpoints[0].size)
    except (IncompleteLedgerError, BrokenLedgerError):
        return []
    return signed_prefix(leaves, checkpoints)

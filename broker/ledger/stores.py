"""Keystore, database and checkpoints confirm each other: which of them is older shows here.

The keystore bears the newest head that was published, and an epoch that the ledger records at each
change of keys. A head is written into the keystore first, then kept in the folder of checkpoints,
then recorded in the database, all of them after the database has committed what it counts. So
each store that is behind another is an older one that was put back, or, by one head, a crash.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import ClassVar, Final

from audit.errors import MalformedNoteError, RollbackError, SignatureRefusedError
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.signed_checkpoint import open_checkpoint
from audit.format.plurals import counted
from audit.log.checkpoint_store import CheckpointStore
from audit.log.ledger import Ledger
from audit.log.proven import proven_event
from audit.log.stored_tree import TiledTree
from broker.ledger.epochs import epoch_id
from broker.ledger.faults import LedgerFault
from keys import Keystore, Mark, Standing


@unique
class Store(StrEnum):
    """The three stores, in the words of the ledger."""

    CHECKPOINTS = "checkpoints"
    DATABASE = "database"
    KEYSTORE = "keystore"


_WORDS: Final[Mapping[frozenset[Store], str]] = {
    frozenset({Store.KEYSTORE}): (
        "The keystore is older than the database and the checkpoints. Keys that were retired or "
        "stolen since might count again, and what was sealed since cannot be opened. Put the "
        "newer keystore back into BROKER_HOME/keystore."
    ),
    frozenset({Store.DATABASE}): (
        "The database is older than the keystore and the checkpoints: it was put back from an "
        "old backup. Copy it and the checkpoints away as they are, and look for the newer "
        "database."
    ),
    frozenset({Store.CHECKPOINTS}): (
        "The folder of checkpoints is older than the keystore and the database, or was emptied. "
        "Put back what was in BROKER_HOME/checkpoints."
    ),
    frozenset({Store.KEYSTORE, Store.DATABASE}): (
        "Keystore and database are older than the checkpoints: both were put back from a backup. "
        "Look for the newer database and the newer keystore."
    ),
    frozenset({Store.KEYSTORE, Store.CHECKPOINTS}): (
        "Keystore and checkpoints are older than the database. Put back the newer keystore and "
        "what was in BROKER_HOME/checkpoints."
    ),
    frozenset({Store.DATABASE, Store.CHECKPOINTS}): (
        "Database and checkpoints are older than the keystore: both were put back from a backup. "
        "Look for the newer database, and for what was in BROKER_HOME/checkpoints."
    ),
    frozenset(Store): (
        "Keystore, database and checkpoints are each older than another. Copy all three away as "
        "they are, and look for the newer ones."
    ),
}
_MEANWHILE: Final = (
    "Nothing is decided, sent, told or destroyed meanwhile. If what is newer is lost for good, "
    "two people say so: broker ledger restore-ceremony"
)


class OlderStoreError(RollbackError):
    """One or two of the three stores are older than the rest; `older` says which."""

    fault: ClassVar = LedgerFault.STORES

    def __init__(self, older: Iterable[Store], evidence: str) -> None:
        """Say which are older, and what to do; `evidence` are the figures of each."""
        self.older = frozenset(older)
        super().__init__(f"{_WORDS[self.older]} {_MEANWHILE}", evidence=evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Which stores are `older` than the newest head that any knows, which is `signed`.

    `size` and `root` are the database's; `kept` is the size of the newest head in the folder.
    With `keys_lost` the ledger records changes of keys that the keystore does not know.
    """

    older: frozenset[Store]
    signed: Checkpoint
    size: int
    root: bytes
    kept: int
    keys_lost: bool
    standing: Standing

    def refuse(self) -> None:
        """Return where no store is older, or raise `OlderStoreError`."""
        if self.older:
            mark = self.standing.mark
            known = 0 if mark is None else mark.size
            raise OlderStoreError(
                self.older,
                f"keystore: epoch {self.standing.epoch}, head of {counted(known, 'entry')}; "
                f"checkpoints: head of {self.kept}; database: {counted(self.size, 'entry')}"
                + (", with a later epoch" if self.keys_lost else ""),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Compares the three stores of an installation."""

    keystore: Keystore
    checkpoints: CheckpointStore

    def compare(self, log: Ledger) -> Comparison:
        """Return which store is older, in the log's transaction, which has read nothing yet.

        Raises `RollbackError` where the log is not one that the mark's head was signed of, and as
        `CheckpointStore.newest`.
        """
        # Whoever keeps a head waits meanwhile, so that the three are looked at as of one moment.
        with self.checkpoints.alone():
            standing = self.keystore.standing()
            kept = self.checkpoints.newest_as_written()
            head = log.head()
            recorded = self._recorded(log)
        keys_lost = self._knows_later_epoch(log, standing)
        mark = standing.mark
        marked = None if mark is None else _head_of(head.origin, mark)
        known = [one for one in (marked, kept, recorded) if one is not None]
        empty = Checkpoint(origin=head.origin, size=0, root=b"")
        newest = max(known, key=lambda one: one.size, default=empty)
        if mark is not None and mark.size <= head.size:
            _refuse_other_past(log, mark)
        older = set(_older(standing, newest.size, 0 if kept is None else kept.size, head.size))
        if keys_lost:
            older.add(Store.KEYSTORE)
        comparison = Comparison(
            older=frozenset(older),
            signed=newest,
            size=head.size,
            root=head.root,
            kept=0 if kept is None else kept.size,
            keys_lost=keys_lost,
            standing=standing,
        )
        if not comparison.older:
            # Signed by a key that is believed, or else a fault of its own.
            self.checkpoints.newest()
        return comparison

    def adopt(self, log: Ledger) -> None:
        """Write the newest kept head into a keystore of an earlier release, which has no mark."""
        self.checkpoints.check(log)
        if (newest := self.checkpoints.newest()) is not None:
            checkpoint = newest.checkpoint
            self.keystore.confirm(
                Mark(size=checkpoint.size, root=checkpoint.root, kept=checkpoint.size)
            )

    def align(self, log: Ledger) -> None:
        """Bring the mark up to the newest head of stores that were copied one after the other."""
        newest = self.checkpoints.newest()
        kept = None if newest is None else newest.checkpoint
        known = [one for one in (kept, self._recorded(log)) if one is not None]
        if known:
            self.publish(max(known, key=lambda one: one.size), 0 if kept is None else kept.size)

    def publish(self, checkpoint: Checkpoint, kept: int) -> None:
        """Write a head into the keystore that is about to be kept after one of `kept` entries."""
        self.keystore.note_published(Mark(size=checkpoint.size, root=checkpoint.root, kept=kept))

    def _knows_later_epoch(self, log: Ledger, standing: Standing) -> bool:
        later = epoch_id(self.keystore.identity, standing.epoch + 1)
        return proven_event(log, later) is not None

    def _recorded(self, log: Ledger) -> Checkpoint | None:
        """Return the newest head in the database that a key of ours signed."""
        note = log.newest_note()
        if note is None:
            return None
        try:
            return open_checkpoint(note, *self.checkpoints.believed())
        except (MalformedNoteError, SignatureRefusedError):
            # It proves nothing; whether it is a fault, the whole verification says.
            return None


def _older(standing: Standing, newest: int, kept: int, size: int) -> frozenset[Store]:
    mark = standing.mark
    # Without a mark, the keystore is of an earlier release, and its first start makes one.
    marked = newest if mark is None else mark.size
    # A head is marked before it is kept: a crash in between leaves the folder one head behind.
    cut_short = mark is not None and marked == newest and kept == mark.kept
    behind = {
        Store.KEYSTORE: marked < newest,
        Store.DATABASE: size < newest,
        Store.CHECKPOINTS: kept < newest and not cut_short,
    }
    return frozenset(store for store, is_behind in behind.items() if is_behind)


def _refuse_other_past(log: Ledger, mark: Mark) -> None:
    if TiledTree(log=log, size=mark.size).edge().root() != mark.root:
        raise RollbackError(
            "The ledger is not the one whose head was signed before: its database was rewritten. "
            "Nothing is signed. Stop the service, keep the database, the keystore and the folder "
            "of checkpoints as they are, and look for the true database.",
            evidence=f"keystore: size {mark.size}, root {mark.root.hex()}; the database's first "
            "entries have another root",
        )


def _head_of(origin: str, mark: Mark) -> Checkpoint:
    return Checkpoint(origin=origin, size=mark.size, root=mark.root)

"""Signed checkpoints outside the database: what a restored or rewritten database cannot change."""

import fcntl
import os
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol, Self, TypeAlias

from audit.errors import (
    BrokenLedgerError,
    RestoreRefusedError,
    RollbackError,
    Rule,
    SignatureRefusedError,
)
from audit.format.merkle.tree import Frontier
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.signed_checkpoint import open_checkpoint, sign_checkpoint
from audit.format.notes.verifier_key import Signer, VerifierKey
from audit.format.plurals import counted
from audit.log.append.chain import Head
from audit.log.files import write_durably
from audit.log.stored_tree import TiledLog, TiledTree

Publish: TypeAlias = Callable[[Checkpoint, int], None]

_DIGITS: Final = 20


def _tell_nobody(_checkpoint: Checkpoint, _kept: int) -> None:
    """For a store that nobody else has a mark of."""


class LogView(TiledLog, Protocol):
    """What the store looks at: the head, and the tree up to it. `Ledger` is one."""

    def head(self) -> Head:
        """Return where the log stands."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKeys:
    """Who signs the log's heads now, the key in force first, and who did before.

    Public keys are 32 bytes each. What only a `disowned` key signed is not believed.
    """

    signers: tuple[Signer, ...]
    former: tuple[bytes, ...] = ()
    disowned: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCheckpoint:
    """A checkpoint, and the signed note that says so, byte for byte."""

    checkpoint: Checkpoint
    note: bytes


class CheckpointStore:
    """A folder with one file for each signed size, named by the size in 20 digits.

    The newest file is the high-water mark: nothing is signed that does not grow out of it. Several
    processes may share the folder.
    """

    def __init__(
        self,
        folder: Path,
        signer: Signer,
        origin: str,
        *,
        former: Iterable[bytes] = (),
    ) -> None:
        """Use `folder`, which exists, for the log named `origin`; touch nothing yet.

        `former` are the public keys, 32 bytes each, of signers that were rotated out: what they
        signed is still believed.
        """
        fixed = LogKeys(signers=(signer,), former=tuple(former))
        self._folder = folder
        self._keys: Callable[[], LogKeys] = lambda: fixed
        self._origin = origin
        self._known = Frontier()

    @classmethod
    def following(cls, folder: Path, keys: Callable[[], LogKeys], origin: str) -> Self:
        """Use the keys that `keys` returns at the time of each signature, as they are rotated."""
        store = cls(folder, keys().signers[0], origin)
        store._keys = keys
        return store

    @property
    def key(self) -> VerifierKey:
        """The key by which others check the checkpoints."""
        return VerifierKey.of(self._origin, self._keys().signers[0])

    @property
    def former(self) -> tuple[VerifierKey, ...]:
        """The other keys by which a kept checkpoint may be believed."""
        return _believed(self._keys(), self._origin)[1:]

    @property
    def disowned(self) -> tuple[VerifierKey, ...]:
        """The keys that once signed and may have been stolen."""
        return _spelt(self._keys().disowned, self._origin)

    def keep(self, log: LogView, publish: Publish = _tell_nobody) -> KeptCheckpoint:
        """Sign the log's head, keep it durably and return it; call it after a commit.

        `publish` is told each head before it is kept, with the size of the one kept before.

        Every leaf since the last kept head is hashed again first. Raises `RollbackError` where
        the log is shorter than a head that was signed, or does not grow out of it, and
        `BrokenLedgerError` where the head's row does not belong to the entries.
        """
        with self.alone():
            before = int(self._newest_name() or 0)
            signed = self.sign(log)
            path = self._folder / f"{signed.checkpoint.size:0{_DIGITS}}"
            if not path.exists():
                publish(signed.checkpoint, before)
                _keep_whole(path, signed.note)
            return signed

    def sign(self, log: LogView) -> KeptCheckpoint:
        """Sign the log's head for a receipt and keep nothing; raises as `keep` does.

        The log's transaction must not have read anything yet, so that it is no older than the
        newest kept head.
        """
        name, head = self._newest_name(), log.head()
        # The keys come last: whoever signed that file, or an entry of this head names, is known.
        keys = self._keys()
        newest = None if name is None else self._read(name, _believed(keys, self._origin))
        self._check_growth(newest, head, log)
        if newest is not None and newest.checkpoint.size == head.size:
            return newest
        checkpoint = Checkpoint(origin=self._origin, size=head.size, root=head.root)
        note = sign_checkpoint(checkpoint, *keys.signers)
        return KeptCheckpoint(checkpoint=checkpoint, note=note)

    def check(self, log: LogView) -> None:
        """Return if the log has grown out of the newest kept head; sign and keep nothing.

        For a start-up, before anything is appended. Raises as `keep` does.
        """
        newest = self.newest()
        self._check_growth(newest, log.head(), log)

    def refuse_other_past(self, log: LogView) -> None:
        """Return if every believed head fits the log as far as it goes.

        Raises `RestoreRefusedError`.
        """
        head, edge = log.head(), Frontier()
        for kept in (signed.checkpoint for signed in self.all()):
            if kept.size <= head.size:
                edge = edge.extend(log.leaves(edge.size, kept.size))
                if edge.root() != kept.root:
                    raise _other_past()
        if edge.extend(log.leaves(edge.size, head.size)) != head.frontier:
            raise _other_past()

    def newest(self) -> KeptCheckpoint | None:
        """Return the checkpoint of the largest size that was kept, or None.

        Raises `MalformedNoteError` or `SignatureRefusedError` where the file is not what a
        believed key signed, and `RollbackError` where its name lies about the size.
        """
        name = self._newest_name()
        # The keys come after the files: whoever signed one had a key that is known by now.
        return None if name is None else self._read(name, _believed(self._keys(), self._origin))

    def newest_written(self) -> datetime | None:
        """Return when the newest head was written here, by the clock of the disk; unverified."""
        name = self._newest_name()
        if name is None:
            return None
        return datetime.fromtimestamp((self._folder / name).stat().st_mtime, UTC)

    def newest_as_written(self) -> Checkpoint | None:
        """Return what the newest file says, whoever signed it; raises as `newest` otherwise."""
        name = self._newest_name()
        if name is None:
            return None
        text, _, _ = (self._folder / name).read_bytes().partition(b"\n\n")
        checkpoint = Checkpoint.parse(text.decode("utf-8", "replace") + "\n")
        _refuse_other_name(name, checkpoint)
        return checkpoint

    def believed(self) -> tuple[VerifierKey, ...]:
        """Return the keys whose signature suffices now, the one in force first."""
        return _believed(self._keys(), self._origin)

    def all(self) -> Generator[KeptCheckpoint]:
        """Yield every kept checkpoint that is believed, by size; raises as `newest` does."""
        names = sorted(self._names())
        keys = self._keys()
        believed = _believed(keys, self._origin)
        disowned = _spelt(keys.disowned, self._origin)
        for name in names:
            try:
                kept = self._read(name, believed)
            except SignatureRefusedError:
                self._read(name, disowned)
                continue
            yield kept

    def _newest_name(self) -> str | None:
        return max(self._names(), default=None)

    def _names(self) -> list[str]:
        found = os.listdir(self._folder)  # noqa: PTH208  # many files, and only names are wanted
        return [name for name in found if len(name) == _DIGITS and name.isdecimal()]

    def _read(self, name: str, keys: Iterable[VerifierKey]) -> KeptCheckpoint:
        note = (self._folder / name).read_bytes()
        checkpoint = open_checkpoint(note, *keys)
        _refuse_other_name(name, checkpoint)
        return KeptCheckpoint(checkpoint=checkpoint, note=note)

    def _check_growth(self, newest: KeptCheckpoint | None, head: Head, log: LogView) -> None:
        if head.origin != self._origin:
            raise RollbackError(
                "The ledger goes on under another name than the one that is signed here. Nothing "
                "is signed. Start the service anew.",
                evidence=f"signed as {self._origin}; the database says {head.origin}",
            )
        base = self._base(newest, head, log)
        grown = base.extend(log.leaves(base.size, head.size))
        if grown != head.frontier:
            raise _misfit(newest, log)
        # The edge at the kept head, and not the newer one: the next head grows out of that too.
        self._known = base

    def _base(self, newest: KeptCheckpoint | None, head: Head, log: LogView) -> Frontier:
        """Return the right edge at the newest kept head, which the log must have grown out of."""
        if newest is None:
            return Frontier()
        kept = newest.checkpoint
        if head.size < kept.size:
            raise _rollback(kept, f"the database holds {counted(head.size, 'entry')}")
        # What this store hashed before saves reading the tiles each second.
        known = self._known
        if 0 < known.size <= kept.size:
            edge = known.extend(log.leaves(known.size, kept.size))
            if (edge.size, edge.root()) == (kept.size, kept.root):
                return edge
        edge = TiledTree(log=log, size=kept.size).edge()
        if edge.root() == kept.root:
            return edge
        raise _rollback(kept, "the database's first entries have another root")

    @contextmanager
    def alone(self) -> Generator[None]:
        """Let nobody else keep a head meanwhile."""
        descriptor = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _keep_whole(path: Path, note: bytes) -> None:
    """Write a new file that counts from its name on; leave no name that may not be durable."""
    try:
        write_durably(path, note)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _believed(keys: LogKeys, origin: str) -> tuple[VerifierKey, ...]:
    """Return the keys whose signature suffices, the one in force first."""
    return _spelt([*(signer.public_key for signer in keys.signers), *keys.former], origin)


def _spelt(publics: Iterable[bytes], origin: str) -> tuple[VerifierKey, ...]:
    return tuple(VerifierKey(name=origin, public_key=public) for public in publics)


def _refuse_other_name(name: str, checkpoint: Checkpoint) -> None:
    if checkpoint.size != int(name):
        raise RollbackError(
            "A kept checkpoint lies under another size's name. Somebody changed the folder of "
            "checkpoints; compare it with copies held elsewhere.",
            evidence=f"file {name} holds size {checkpoint.size}",
        )


def _other_past() -> RestoreRefusedError:
    return RestoreRefusedError(
        "The database is not an older state of the ledger whose head was signed: its entries are "
        "others. That is no restored backup. Keep it as it is, and put back a backup that "
        "`broker ledger verify` accepts beside its own checkpoints."
    )


def _misfit(newest: KeptCheckpoint | None, log: LogView) -> BrokenLedgerError | RollbackError:
    if newest is not None:
        kept = newest.checkpoint
        if Frontier().extend(log.leaves(0, kept.size)).root() != kept.root:
            return _rollback(kept, "the database's first entries have another root")
    return BrokenLedgerError(
        "The head of the ledger does not belong to its entries, so it is not signed. Verify "
        "the ledger to find the first bad entry: broker ledger verify",
        first_bad=None,
        rule=Rule.HEAD,
    )


def _rollback(kept: Checkpoint, finding: str) -> RollbackError:
    return RollbackError(
        "The ledger is not the one whose head was signed before: its database may have been "
        "restored from an old backup, or rewritten. Nothing is signed. Stop the service, keep the "
        "database and the folder of checkpoints as they are, and look for the newer database. If "
        "that is lost for good: broker ledger restore-ceremony",
        evidence=f"signed: size {kept.size}, root {kept.root.hex()}; {finding}",
    )

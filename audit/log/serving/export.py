"""Export a log as C2SP serves it (https://c2sp.org/tlog-tiles), for verifying without us.

The bytes are copied as they are stored, faults and all: judging them is the verifier's part.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final, Protocol

from audit.errors import ExportRefusedError, IncompleteLedgerError
from audit.format.merkle.tiles import entry_bundle, hash_tiles, tiles_of
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.trust_policy import policy_of
from audit.format.notes.verifier_key import VerifierKey
from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.files import sync_folder, write_durably

MANIFEST: Final = "manifest.json"
CHECKPOINT: Final = "checkpoint"
VKEY: Final = "log.vkey"
POLICY: Final = "policy"
CHECKPOINTS: Final = "checkpoints"


class StoredLog(Protocol):
    """Where the bytes come from; `Ledger` is one."""

    def raw_entries(self, start: int, stop: int, /) -> Iterable[bytes]:
        """Return the bytes of entries `start` up to but not `stop`."""
        ...

    def leaves(self, start: int, stop: int, /) -> Iterable[bytes]:
        """Return the stored leaf hashes of entries `start` up to but not `stop`."""
        ...


def export(
    log: StoredLog,
    checkpoints: Sequence[KeptCheckpoint],
    key: VerifierKey,
    folder: Path,
    *,
    former: Iterable[VerifierKey] = (),
) -> KeptCheckpoint:
    """Write the log up to the largest checkpoint into `folder` and return that checkpoint.

    `key` signs now, and `former` are keys that signed before it; the policy names them all.
    The folder appears whole or not at all: it must not exist yet, or be empty. Raises
    `ExportRefusedError` where it is not or has no room, and `IncompleteLedgerError` without any
    checkpoint.
    """
    if not checkpoints:
        raise IncompleteLedgerError(
            "No signed checkpoint is kept, so an export could not be verified. Check the folder "
            "of checkpoints."
        )
    newest = max(checkpoints, key=_size_of)
    write_folder(folder, export_files(log, checkpoints, (key, *former)))
    return newest


def export_files(
    log: StoredLog, checkpoints: Sequence[KeptCheckpoint], keys: Sequence[VerifierKey]
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each file of an export; the first of `keys` signs now."""
    newest = max(checkpoints, key=_size_of)
    yield from with_manifest(_files(log, newest, checkpoints, keys), newest.checkpoint)


def _size_of(kept: KeptCheckpoint) -> int:
    return kept.checkpoint.size


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files into a folder that appears whole or not at all; raises `ExportRefusedError`."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportRefusedError(
            "The folder to export into is not empty. Name one that does not exist yet."
        )
    with _appearing_whole(folder) as draft:
        for path, content in files:
            target = draft / path
            target.parent.mkdir(parents=True, exist_ok=True)
            write_durably(target, content)


def with_manifest(
    files: Iterable[tuple[str, bytes]], head: Checkpoint
) -> Iterator[tuple[str, bytes]]:
    """Yield the files, and after them the manifest that lists them."""
    digests: dict[str, str] = {}
    for path, content in files:
        digests[path] = hashlib.sha256(content).hexdigest()
        yield path, content
    yield MANIFEST, _manifest(head, digests)


@contextmanager
def _appearing_whole(folder: Path) -> Generator[Path]:
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        draft.mkdir(parents=True)
        yield draft
        draft.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise ExportRefusedError(
            "The export could not be written: there is no room, or nothing may be written there. "
            "Make room or name another folder, and export again."
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _manifest(head: Checkpoint, digests: Mapping[str, str]) -> bytes:
    manifest = {
        "files": digests,
        "origin": head.origin,
        "root": head.root.hex(),
        "size": head.size,
        "v": 1,
    }
    return json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n"


def _files(
    log: StoredLog,
    newest: KeptCheckpoint,
    checkpoints: Sequence[KeptCheckpoint],
    keys: Sequence[VerifierKey],
) -> Iterator[tuple[str, bytes]]:
    size = newest.checkpoint.size
    yield CHECKPOINT, newest.note
    yield VKEY, f"{keys[0]}\n".encode()
    yield POLICY, policy_of(keys).encode()
    for kept in checkpoints:
        yield f"{CHECKPOINTS}/{kept.checkpoint.size:020}", kept.note
    entries = iter(log.raw_entries(0, size))
    for tile in tiles_of(size):
        yield f"tile/entries/{tile.path}", entry_bundle(islice(entries, tile.width))
    for hashes in hash_tiles(list(log.leaves(0, size))):
        yield hashes.path, hashes.content

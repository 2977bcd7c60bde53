"""The folder that a keystore lives in: laid out, guarded before every use, and copied whole."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from keys.errors import KeystoreExistsError, KeystoreMissingError, KeystoreUnavailableError
from keys.keystore.files import (
    PRIVATE_FOLDER,
    fsync_path,
    lock_folder,
    make_private_file,
    refuse_loose,
    replace_file,
)
from keys.keystore.sqlite_file import connected, refuse_foreign

KEYSTORE_FILE: Final = "keystore.db"
_DRAFT_FILE: Final = "keystore.db.new"
_ENDINGS: Final = ("", "-wal", "-shm", "-journal")


def make_folder(folder: Path) -> None:
    """Make `folder` for its owner alone, or accept one that is so already."""
    with disk_faults_in_our_words():
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        fsync_path(folder.parent)
        refuse_loose(folder, owner=os.geteuid())


def is_occupied(folder: Path) -> bool:
    """Say whether `folder` holds a keystore, whole or not."""
    return (folder / KEYSTORE_FILE).exists()


@contextmanager
def vacant(folder: Path) -> Generator[None]:
    """Work alone in a folder that holds no keystore, or raise `KeystoreExistsError`."""
    with disk_faults_in_our_words(), lock_folder(folder):
        if is_occupied(folder):
            raise KeystoreExistsError(folder)
        yield


@contextmanager
def occupied(folder: Path) -> Generator[sqlite3.Connection]:
    """Work alone with the keystore of `folder`, whose files only their owner can reach.

    Raises `KeystoreMissingError`, `LooseModeError`, `KeystoreDamagedError` or
    `KeystoreUnavailableError`.
    """
    with guarded(folder) as file, connected(file) as connection:
        refuse_foreign(connection)
        yield connection


@contextmanager
def guarded(folder: Path) -> Generator[Path]:
    """Keep everybody else from the keystore of `folder`, whose file is yielded; raises as above.

    Only the file's content is not looked at.
    """
    with disk_faults_in_our_words():
        file = folder / KEYSTORE_FILE
        if not is_occupied(folder):
            raise KeystoreMissingError(folder)
        with lock_folder(folder):
            refuse_loose(folder, owner=os.geteuid())
            for path in _files_of(file):
                with suppress(FileNotFoundError):
                    refuse_loose(path, owner=os.geteuid())
            yield file


@contextmanager
def drafted(folder: Path) -> Generator[sqlite3.Connection]:
    """Write a new keystore file in a vacant folder; it counts from the moment it is whole."""
    draft = folder / _DRAFT_FILE
    for leftover in _files_of(draft):
        leftover.unlink(missing_ok=True)
    make_private_file(draft, b"")
    with connected(draft) as connection:
        yield connection
    fsync_path(draft)
    replace_file(draft, folder / KEYSTORE_FILE)


@contextmanager
def disk_faults_in_our_words() -> Generator[None]:
    """Raise `KeystoreUnavailableError` for whatever the file system refuses."""
    try:
        yield
    except OSError as error:
        raise KeystoreUnavailableError(
            "The folder of the keystore cannot be used now. Nothing was half done. "
            "Check that it exists, who owns it and that the disk has space, then try again."
        ) from error


# Each call looks at them, and joining the names takes longer than looking.
@lru_cache(maxsize=8)
def _files_of(file: Path) -> tuple[Path, ...]:
    """Return `file` and the files that SQLite keeps beside it while it needs them."""
    return tuple(file.with_name(file.name + ending) for ending in _ENDINGS)

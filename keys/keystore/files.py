"""Private files: who may reach them, how they become durable, and who works on them now."""

import fcntl
import os
import stat
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from keys.errors import KeystoreUnavailableError, LooseModeError

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_PATIENCE_IN_SECONDS = 3.0
_PAUSE_IN_SECONDS = 0.001


def refuse_loose(path: Path, *, owner: int) -> None:
    """Accept what only the user id `owner` can reach, or raise `LooseModeError`."""
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        raise LooseModeError(
            f"{path} is a link, so it does not show who can reach the keys. "
            "Put the real file in its place."
        )
    if found.st_uid != owner:
        raise LooseModeError(
            f"{path} belongs to another user than the one running the broker. "
            f"Run: chown {owner} {path}"
        )
    if found.st_mode & _OTHERS:
        wanted = PRIVATE_FOLDER if stat.S_ISDIR(found.st_mode) else PRIVATE_FILE
        raise LooseModeError(
            f"{path} can be reached by other users of this computer. Run: chmod {wanted:o} {path}"
        )


def make_private_file(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can reach, durable before this returns."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - the descriptor carries the mode
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fsync_path(path.parent)


def fsync_path(path: Path) -> None:
    """Make a file's content, or a folder's list of names, durable before this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(draft: Path, final: Path) -> None:
    """Give a finished file its name in one step, replacing what had it, durably."""
    draft.replace(final)
    fsync_path(final.parent)


@contextmanager
def lock_folder(folder: Path, *, patience: float = _PATIENCE_IN_SECONDS) -> Generator[None]:
    """Work on `folder` while no other thread or process that asks likewise does.

    The operating system frees the lock of a process that dies. Raises
    `KeystoreUnavailableError` when somebody else keeps it for `patience` seconds.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _wait_for(descriptor, patience)
        try:
            yield
        finally:
            # Closing is not enough: a child forked meanwhile holds the same lock.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise KeystoreUnavailableError(
                    "Another process has been working on the keystore for too long. "
                    "Try again; if it stays so, look for a broker process that hangs."
                ) from error
            time.sleep(_PAUSE_IN_SECONDS)
        else:
            return

"""Write files so that a crash leaves the old state or the new one, never half of either."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_PRIVATE: Final = 0o600
_ANEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write_durably(path: Path, content: bytes) -> None:
    """Write a file, for its owner alone, under a temporary name and rename it; durable after.

    The temporary name begins with a dot; no symbolic link is followed.
    Raises `OSError` and leaves what was there before, or, where only the folder could not be made
    durable, a whole file whose name may be lost with the power.
    """
    temporary = path.with_name(f".{path.name}.new")
    try:
        # What a crash left, or what somebody put there for us to write through.
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, _ANEW, _PRIVATE)
        with open(descriptor, "wb") as stream:  # noqa: PTH123  # the descriptor carries the mode
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.rename(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        error.filename = str(path)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

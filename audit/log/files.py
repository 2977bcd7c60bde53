"""Write files so that a crash leaves the old state or the new one, never half of either."""

import os
from pathlib import Path
from typing import Final

_PRIVATE: Final = 0o600


def write_durably(path: Path, content: bytes) -> None:
    """Write a file, for its owner alone, under a temporary name and rename it; durable after.

    Raises `OSError` and leaves what was there before, or, where only the folder could not be made
    durable, a whole file whose name may be lost with the power.
    """
    temporary = path.with_name(path.name + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
    try:
        with open(descriptor, "wb") as stream:  # noqa: PTH123  # the descriptor carries the mode
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.rename(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

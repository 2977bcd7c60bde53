"""A disk so small that it can be filled: a tmpfs of its own, where mounting is allowed."""

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder on a file system of its own."""

    path: Path

    def fill(self, *, but: int = 0) -> None:
        """Leave no room at all, or no more than so many bytes."""
        with self._filler.open("ab", buffering=0) as filler:
            for size in (65_536, 4_096, 1):
                with suppress(OSError):
                    while filler.write(bytes(size)):
                        pass
            filler.truncate(filler.tell() - but)

    def free(self) -> None:
        """Give the room back."""
        self._filler.unlink()

    @property
    def _filler(self) -> Path:
        return self.path / "filler"


@contextmanager
def small_disk(path: Path, megabytes: int, owner: str = "root") -> Generator[Disk]:
    """Yield a disk of so many megabytes at `path`, or skip the test, loudly."""
    path.mkdir()
    options = f"size={megabytes}m,mode=0700,uid={owner}"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(path)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("NOTHING CAN BE MOUNTED HERE, SO NO DISK WAS FILLED: run as root")
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)

"""A disk that fails when it is told to, under a gateway in a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from broker.wiring import Services

HERE = Path(__file__).parent
COMPILER = "cc"
HOW = "apt-get install gcc libc6-dev"


def built(folder: Path) -> Path:
    """Compile what stands between a process and its disk; raises FileNotFoundError."""
    library = folder / "failing_sync.so"
    options = ["-std=gnu11", "-O2", "-shared", "-fPIC", "-o", str(library)]
    subprocess.run([COMPILER, *options, str(HERE / "failing_sync.c")], check=True, timeout=60)
    return library


class Disk:
    """What a gateway's files lie on, and what of them outlives a loss of power."""

    def __init__(self, library: Path, folder: Path) -> None:
        self._folder = folder
        self.environment: Mapping[str, str] = {"LD_PRELOAD": str(library), "DISK": str(folder)}

    @contextmanager
    def failing(self, pattern: str) -> Generator[None]:
        """Let each sync of a file fail whose path matches."""
        flag = self._folder / "failing"
        flag.write_text(pattern)
        flag.chmod(0o644)  # a server of another user reads it
        yield
        flag.unlink()

    def hold(self, home: Path) -> None:
        """From here on, know what of the database in `home` would outlive a loss of power."""
        for name in ("holds", "dirty"):
            (self._folder / name).mkdir()
        for path in home.glob("broker.db*"):
            shutil.copy(path, self._folder / "holds")

    def lacks(self, path: Path) -> bool:
        """Say whether a loss of power would change this file of the database."""
        return (self._folder / "holds" / path.name).read_bytes() != path.read_bytes()

    def lose_power(self, home: Path) -> None:
        """Leave of the database in `home` what the disk holds."""
        for path in home.glob("broker.db*"):
            held = self._folder / "holds" / path.name
            path.unlink()
            if held.exists() and path.suffix in {".db", ".db-wal"}:
                shutil.copy(held, path)


class Gateway:
    """A gateway in a process of its own, which does one thing after the other."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child

    def told(self, *words: object) -> str:
        """Return what came of an order."""
        _pipe(self._child.stdin).write(" ".join(map(str, words)) + "\n")
        _pipe(self._child.stdin).flush()
        return _pipe(self._child.stdout).readline().rstrip("\n")


@contextmanager
def gateway_on(disk: Disk, services: Services) -> Generator[Gateway]:
    """Yield a gateway of the installation of `made`, and kill it in the end."""
    program, home = HERE / "syncing_child.py", str(services.home.path)
    paths = os.pathsep.join(sys.path)
    with subprocess.Popen(
        [sys.executable, str(program), home, services.settings.database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **disk.environment, "PYTHONPATH": paths},
    ) as child:
        try:
            yield Gateway(child)
        finally:
            child.kill()


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream

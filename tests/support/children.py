"""Gateways in processes of their own, killed at one point of their flow."""

import os
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

import crash_child
from forks import started

from broker.wiring import Services


class Children:
    """Runs the gateway in child processes, and kills them where they stop."""

    def __init__(self, services: Services) -> None:
        self._home, self._url = services.home.path, services.settings.database_url

    def killed_at(self, stop: str, action: str, *more: str) -> None:
        with _words() as (path, opened):
            child = started(_act, path, self._home, self._url, stop, action, *more)
            with opened() as words:
                line = words.readline()
                assert line == "stopped\n", line
                child.kill()
                child.join(30)
        assert child.exitcode == -signal.SIGKILL

    def finished(self, action: str, *more: str) -> str:
        with _words() as (path, opened):
            child = started(_act, path, self._home, self._url, "nowhere", action, *more)
            with opened() as words:
                out = words.read()
            child.join(30)
        assert out.startswith("finished "), out
        return out.removeprefix("finished ").strip()


@contextmanager
def _words() -> Generator[tuple[Path, Callable[[], TextIO]]]:
    """Yield where a child writes its words, and what opens them once it does."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "words"
        os.mkfifo(path)
        yield path, path.open


def _act(words: Path, *arguments: object) -> None:
    sys.stdout = words.open("w")
    crash_child.main(*arguments)  # type: ignore[arg-type]  # as they were given above

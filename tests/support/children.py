"""Gateways in processes of their own, killed at one point of their flow."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from broker.wiring import Services

CHILD = Path(__file__).parent / "crash_child.py"
ROOT = CHILD.parent.parent.parent


class Children:
    """Runs the gateway in child processes, and kills them where they stop."""

    def __init__(self, made: Services) -> None:
        self._home, self._url = made.home.path, made.settings.database_url

    def killed_at(self, stop: str, action: str, *more: str) -> None:
        child = self._start(stop, action, *more)
        assert child.stdout is not None
        line = child.stdout.readline()
        assert line == "stopped\n", (line, child.communicate())
        os.kill(child.pid, signal.SIGKILL)
        child.communicate(timeout=30)

    def finished(self, action: str, *more: str) -> str:
        child = self._start("nowhere", action, *more)
        out, err = child.communicate(timeout=60)
        assert out.startswith("finished "), (out, err)
        return out.removeprefix("finished ").strip()

    def _start(self, stop: str, action: str, *more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(CHILD), str(self._home), self._url, stop, action, *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{CHILD.parent}"},
        )

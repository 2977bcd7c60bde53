"""Tokens for tests: SoftHSM's, in a folder of their own."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from missing_tools import missing

from keys import HardwareToken

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "made-up-pin-2468"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Two tokens, and the folder in which SoftHSM keeps what they hold."""

    folder: Path
    first: HardwareToken
    second: HardwareToken

    @classmethod
    def made(cls, folder: Path) -> "Tokens":
        """Make them; from now on this process and its children find them there."""
        if not MODULE.exists():
            missing("SoftHSM", "apt-get install softhsm2")
        kept = folder / "kept"
        kept.mkdir()
        settings = folder / "softhsm2.conf"
        settings.write_text(f"directories.tokendir = {kept}\nlog.level = ERROR\n", "utf-8")
        os.environ["SOFTHSM2_CONF"] = str(settings)
        first, second = (_made(label) for label in ("first", "second"))
        return cls(folder=kept, first=first, second=second)


def _made(label: str) -> HardwareToken:
    command = ["softhsm2-util", "--init-token", "--free", "--label", label]
    pins = ["--pin", PIN, "--so-pin", "made-up-so-pin"]
    subprocess.run([*command, *pins], check=True, capture_output=True)
    return HardwareToken(module=MODULE, label=label, pin=PIN)


def forked(work: Callable[[], object]) -> int:
    """Return the process that does `work` in a fork of this one, and leaves with 0 if it could."""
    child = os.fork()
    if not child:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return child

"""A document that a stranger sends is checked in a process of its own, which has nothing to lose.

`python -m broker.packs.sealing.apart` reads the words, a line, then the file from standard input,
and prints what it found as JSON. It may neither write a file nor use much of the machine.
"""

import json
import resource
import subprocess
import sys
from typing import Final

from broker.packs.sealing.check import Checked, Finding, check

SECONDS: Final = 20
_MEMORY: Final = 1 << 30
_LONGEST_WORDS: Final = 200


class CheckFailedError(Exception):
    """Raised where a file could not be checked: it took too long, or broke the process."""

    def __init__(self) -> None:
        """Say that nothing was found out."""
        super().__init__("It could not be checked.")


def checked_apart(content: bytes, words: str) -> Checked:
    """Return what a file is to whoever has the words; takes seconds.

    Raises `CheckFailedError`.
    """
    line = " ".join(words.split())[:_LONGEST_WORDS]
    try:
        done = subprocess.run(  # noqa: S603  # our own module, by our own interpreter
            [sys.executable, "-m", __name__],
            input=line.encode() + b"\n" + content,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        found = json.loads(done.stdout)
        return Checked(finding=Finding[found["finding"]], reference=found["reference"])
    except (subprocess.SubprocessError, ValueError, KeyError) as error:
        raise CheckFailedError from error


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _main() -> None:
    _limit()
    words, _, content = sys.stdin.buffer.read().partition(b"\n")
    told = words.decode("utf-8", "replace").strip().lower().replace(" ", "-")
    found = check(content, told)
    sys.stdout.write(json.dumps({"finding": found.finding.name, "reference": found.reference}))


if __name__ == "__main__":
    _main()

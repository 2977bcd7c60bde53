"""What desktops, editors and converters leave in a folder: named, and never taken for a fault."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from audit.errors import IncompleteLedgerError

_CHECKPOINTS: Final = "checkpoints"
_SIZE = re.compile(r"[0-9]{20}", re.ASCII)
_LEFT_BEHIND = re.compile(
    r"\.DS_Store|\._.*|\.directory|Thumbs\.db|ehthumbs\.db|desktop\.ini"
    r"|.*~|~\$.*|#.*#|\.#.*|.*\.(?:bak|orig|swp|swo|tmp)",
    re.DOTALL | re.IGNORECASE,
)


def is_a_checkpoint(name: str) -> bool:
    """Say if a name in the folder of checkpoints is that of one: a size in 20 digits."""
    return _SIZE.fullmatch(name) is not None


def check_no_foreign_files(folder: Path) -> None:
    """Return if the folder holds nothing that is no part of a log, else raise naming it.

    Raises `IncompleteLedgerError`: a file that a desktop left there is no sign of tampering, but
    nobody has looked at what it holds.
    """
    found = sorted(_foreign(folder))
    if found:
        raise IncompleteLedgerError(
            "The rest holds, but there are files that are no part of the log: "
            + ", ".join(map(ascii, found))
            + ". File managers and editors leave such files behind. Remove them, or ask for the "
            "folder anew, and verify again."
        )


def check_not_converted(content: bytes, name: str) -> None:
    """Return if the file still has its own line ends, else raise `IncompleteLedgerError`."""
    if b"\r\n" in content:
        raise IncompleteLedgerError(
            f"{name} has the line ends of Windows: a program converted it on its way, so its "
            "signatures cannot be checked. Ask for it anew and copy it unchanged, as a binary "
            "file."
        )


def _foreign(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        within = path.relative_to(folder)
        stray = within.parts[0] == _CHECKPOINTS and len(within.parts) > 1
        if _LEFT_BEHIND.fullmatch(path.name) or (stray and not is_a_checkpoint(path.name)):
            yield str(within)

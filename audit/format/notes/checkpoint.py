r"""Checkpoints: what the signed head of a log says (https://c2sp.org/tlog-checkpoint).

>>> text = "broker.example/ledger\n3\nR96o38S46IqP7Afp3tGvdJMjIRTH2Hb+wN1OeUJ0R3Y=\n"
>>> checkpoint = Checkpoint.parse(text)
>>> checkpoint.origin, checkpoint.size, checkpoint.root.hex()[:8], checkpoint.text == text
('broker.example/ledger', 3, '47dea8df', True)
"""

import base64
import re
from dataclasses import dataclass
from typing import Self

from audit.errors import MalformedNoteError

_TEXT = re.compile(r"([^\n+\s]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How long the log named `origin` was, and the 32-byte root of its tree."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the checkpoint of a note's text, or raise `MalformedNoteError`.

        Extension lines are refused: this log never writes them and nobody could audit them.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise MalformedNoteError(
                "A checkpoint is three lines: the origin, the size and the root in base64."
            )
        origin, size, encoded = match.groups()
        root = base64.b64decode(encoded)
        if base64.b64encode(root).decode() != encoded:
            raise MalformedNoteError("The checkpoint's root is not in its one permitted spelling.")
        return cls(origin=origin, size=int(size), root=root)

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

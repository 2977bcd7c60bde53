"""How a contact takes documents: as what they are sealed, how large, and with which files.

>>> PLAIN.most_bytes is None, RecipientProfile(most_megabytes=10).most_bytes
(True, 7200000)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

FEWEST_MEGABYTES: Final = 2
MOST_MEGABYTES: Final = 25
_BYTES_OF_A_MEGABYTE: Final = 720_000
"""What a file may take for each megabyte of its message: base64 and line ends take the rest."""


@unique
class SealedAs(StrEnum):
    """As what a document is sealed for a contact."""

    PDF = "pdf"
    WORD = "word"
    ZIP = "zip"


SEALED_AS: Final[Mapping[SealedAs, str]] = {
    SealedAs.PDF: "A locked PDF, which opens in an ordinary PDF reader",
    SealedAs.WORD: "A locked Word file, where locked PDFs are taken off or do not open",
    SealedAs.ZIP: "A locked zip file, only where they have 7-Zip or WinZip",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientProfile:
    """How a contact takes documents by mail; `most_megabytes` is of a whole message.

    `takes_originals`: files may go along as they were sent, where the rules of
    `broker.packs.originals` allow it.
    """

    sealed_as: SealedAs = SealedAs.PDF
    most_megabytes: int | None = None
    takes_originals: bool = False

    @property
    def most_bytes(self) -> int | None:
        """What a sealed file may take there, in bytes; None where nothing narrower was said."""
        megabytes = self.most_megabytes
        return None if megabytes is None else megabytes * _BYTES_OF_A_MEGABYTE


PLAIN: Final = RecipientProfile()
"""That of a contact of which nobody said anything: a locked PDF of the usual size."""

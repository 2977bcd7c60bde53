"""What an attachment is once it has passed the gate, and the limits that it kept."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

MAX_BYTES = 10_000_000
"""The most bytes of one attachment (10 MB)."""

MAX_PAGES = 100
"""The most pages of one PDF."""

MAX_PIXELS = 40_000_000
"""The most pixels of one picture."""

MAX_CHARACTERS = 200_000
"""The most characters of text that one Word or text file may hold (about 70 pages)."""


class Kind(StrEnum):
    """The kinds of file that can go with a pack; the value is the ending of the neutral name."""

    PDF = "pdf"
    DOCX = "docx"
    JPEG = "jpg"
    PNG = "png"
    TXT = "txt"

    @property
    def words(self) -> str:
        """What people call a file of this kind."""
        match self:
            case Kind.PDF:
                return "PDF document"
            case Kind.DOCX:
                return "Word document"
            case Kind.JPEG:
                return "photograph (JPEG)"
            case Kind.PNG:
                return "picture (PNG)"
            case Kind.TXT:
                return "text file"
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that passed the gate, without the name that a person gave it.

    `pages` counts the page images that it will become (0 for Word and text files); `text` is what
    was read out of a Word or text file, with line feeds between lines ("" for the other kinds);
    `sha256` is of `content`, in hexadecimal.
    """

    kind: Kind
    content: bytes = field(repr=False)
    sha256: str
    pages: int
    text: str = field(repr=False)

    @property
    def size(self) -> int:
        """How many bytes the file has."""
        return len(self.content)

    def neutral_name(self, number: int) -> str:
        """Return the name under which the file leaves as the pack's attachment `number`."""
        return f"{number:02}-attachment.{self.kind}"

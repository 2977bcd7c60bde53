"""What an attachment is once it has passed the gate, and the limits that it kept."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from broker.packs.attachments.other_kinds import instead_of, instead_of_content
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import AnyRemark

MAX_BYTES = 10_000_000
"""The most bytes of one attachment (10 MB)."""

MAX_PAGES = 100
"""The most page images that one attachment may become."""

MAX_PIXELS = 40_000_000
"""The most pixels of one picture."""

MAX_CHARACTERS = 200_000
"""The most characters of text that one Word or text file may hold (about 70 pages)."""

MAX_NAME = 200


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


_ENDINGS = {
    "pdf": Kind.PDF,
    "docx": Kind.DOCX,
    "jpg": Kind.JPEG,
    "jpeg": Kind.JPEG,
    "jfif": Kind.JPEG,
    "jpe": Kind.JPEG,
    "png": Kind.PNG,
    "txt": Kind.TXT,
}


_PICTURE_STARTS = {Kind.JPEG: b"\xff\xd8\xff", Kind.PNG: b"\x89PNG\r\n\x1a\n"}


def kind_named(name: str) -> Kind:
    """Return the kind that a file's name tells, or raise `AttachmentRefusedError`."""
    stem, dot, ending = name.rpartition(".")
    unfit = any(c in '/\\:*?"<>|' or unicodedata.category(c)[0] == "C" for c in name)
    if unfit or len(name) > MAX_NAME or (dot and not stem.strip(". ")):
        raise AttachmentRefusedError(Reason.NAME)
    if not dot:
        raise AttachmentRefusedError(Reason.KIND)
    kind = _ENDINGS.get(ending.lower())
    if kind is None:
        raise AttachmentRefusedError(Reason.KIND, instead_of(ending))
    return kind


def kind_of(name: str, content: bytes) -> Kind:
    """Return the kind of a file by its name, or raise `AttachmentRefusedError`.

    Of the two kinds of picture it is the one that the content begins as: screenshots and pictures
    out of messages are often named as the other, which viewers pass over.
    """
    kind = kind_named(name)
    if kind not in _PICTURE_STARTS or content.startswith(_PICTURE_STARTS[kind]):
        return kind
    for other, start in _PICTURE_STARTS.items():
        if content.startswith(start):
            return other
    if advice := instead_of_content(content):
        raise AttachmentRefusedError(Reason.CONTENT, advice)
    return kind


def refuse_size(content: bytes) -> None:
    """Return for a file of bearable size, or raise `AttachmentRefusedError`."""
    if not content:
        raise AttachmentRefusedError(Reason.EMPTY)
    if len(content) > MAX_BYTES:
        raise AttachmentRefusedError(Reason.TOO_BIG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read in a file and made of it, once, when it was submitted.

    `pages` counts the page images that it will become; `text` is what was read out of a Word or
    text file, with line feeds between lines; `copy` is the file written anew from what is allowed
    in it, None where only pages and text leave; `pictures` are those of a Word file, written anew.
    """

    pages: int = 0
    text: str = field(default="", repr=False)
    remarks: tuple[AnyRemark, ...] = ()
    copy: bytes | None = field(default=None, repr=False)
    pictures: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that passed the gate, without the name that a person gave it.

    `content` is the original, which stays here, and `sha256` its digest in hexadecimal; what
    leaves is made of `reading`, and of the page `images` (JPEG files, in order) once drawn, unless
    it goes along as it was sent (`broker.packs.originals`).
    """

    kind: Kind
    content: bytes = field(repr=False)
    sha256: str
    reading: Reading
    images: tuple[bytes, ...] = field(default=(), repr=False)
    goes_as_sent: bool = False

    @property
    def size(self) -> int:
        """How many bytes the original has."""
        return len(self.content)

    @property
    def pages(self) -> int:
        """How many page images it becomes."""
        return self.reading.pages

    @property
    def text(self) -> str:
        """The words of a Word or text file, empty for the other kinds."""
        return self.reading.text

    @property
    def remarks(self) -> tuple[AnyRemark, ...]:
        """What was taken off or changed."""
        return self.reading.remarks

    @property
    def copy(self) -> bytes | None:
        """The file as it was written anew, None where only pages and text are made of it."""
        return self.reading.copy

    @property
    def goes_along(self) -> bytes | None:
        """The file that goes along, None where only pages and text do."""
        return self.content if self.goes_as_sent else self.copy

    @property
    def unchanged(self) -> bool:
        """Whether the file that was written anew is the original, byte for byte."""
        return self.copy == self.content

    def neutral_name(self, number: int) -> str:
        """Return the name under which the file leaves as the pack's attachment `number`."""
        return f"{number:02}-attachment.{self.kind}"


Inspect = Callable[[str, bytes], Attachment]
"""Returns a file, given by name and content, as an attachment, or raises why it cannot be one."""

"""Which form sealed bytes have, and what a mail calls it; told by their first bytes alone."""

from dataclasses import dataclass
from typing import Final

from broker.domain.directory.profiles import SealedAs

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of the container that holds an encrypted Word file ([MS-CFB], 2.2)."""

ZIP: Final = b"PK\x03\x04"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """What a sealed file is called: its ending, and its media type in two halves."""

    ending: str
    main_type: str
    sub_type: str


KINDS: Final = {
    SealedAs.PDF: FileKind(ending="pdf", main_type="application", sub_type="pdf"),
    SealedAs.WORD: FileKind(
        ending="docx",
        main_type="application",
        sub_type="vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    SealedAs.ZIP: FileKind(ending="zip", main_type="application", sub_type="zip"),
}


def form_of(content: bytes) -> SealedAs:
    """Return the form of sealed bytes; what is neither Word nor zip of ours is taken for a PDF."""
    if content.startswith(OLE):
        return SealedAs.WORD
    return SealedAs.ZIP if content.startswith(ZIP) else SealedAs.PDF


def media_type(content: bytes) -> str:
    """Return what a browser calls the form of sealed bytes."""
    kind = KINDS[form_of(content)]
    return f"{kind.main_type}/{kind.sub_type}"


def file_name(reference: str, content: bytes) -> str:
    """Return the name under which sealed bytes are saved."""
    return f"document-{reference}.{KINDS[form_of(content)].ending}"

"""The gate: a file as it was chosen comes in, an attachment that may be packed comes out."""

import hashlib
import unicodedata
from typing import assert_never

from broker.packs.attachments import pdf, picture, plaintext, word
from broker.packs.attachments.kinds import MAX_BYTES, Attachment, Kind
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason

MAX_NAME = 200
_ENDINGS = {
    "pdf": Kind.PDF,
    "docx": Kind.DOCX,
    "jpg": Kind.JPEG,
    "jpeg": Kind.JPEG,
    "png": Kind.PNG,
    "txt": Kind.TXT,
}


def inspect(name: str, content: bytes) -> Attachment:
    """Check a file in memory and return it as an attachment.

    `name` serves to learn the kind and is then forgotten. Raises `AttachmentRefusedError`; a file
    that makes a parser fail in whatever way is refused as unreadable.
    """
    kind = _kind_named(name)
    if not content:
        raise AttachmentRefusedError(Reason.EMPTY)
    if len(content) > MAX_BYTES:
        raise AttachmentRefusedError(Reason.TOO_BIG)
    try:
        pages, text = _examined(kind, content)
    except AttachmentRefusedError:
        raise
    except Exception as error:  # hostile files make parsers fail in ways that none documents
        raise AttachmentRefusedError(Reason.UNREADABLE) from error
    digest = hashlib.sha256(content).hexdigest()
    return Attachment(kind=kind, content=content, sha256=digest, pages=pages, text=text)


def _kind_named(name: str) -> Kind:
    stem, dot, ending = name.rpartition(".")
    unfit = any(c in '/\\:*?"<>|' or unicodedata.category(c)[0] == "C" for c in name)
    if unfit or len(name) > MAX_NAME or (dot and not stem.strip(". ")):
        raise AttachmentRefusedError(Reason.NAME)
    kind = _ENDINGS.get(ending.lower())
    if not dot or kind is None:
        raise AttachmentRefusedError(Reason.KIND)
    return kind


def _examined(kind: Kind, content: bytes) -> tuple[int, str]:
    match kind:
        case Kind.PDF:
            return pdf.examine(content), ""
        case Kind.DOCX:
            return 0, word.examine(content).text
        case Kind.JPEG:
            picture.examine_jpeg(content)
            return 1, ""
        case Kind.PNG:
            picture.examine_png(content)
            return 1, ""
        case Kind.TXT:
            return 0, plaintext.examine(content)
        case _:
            assert_never(kind)

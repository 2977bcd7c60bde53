"""The gate: the bytes of a file and its kind come in, what may leave of it comes out.

Runs in the process without keys (`broker.packs.sandbox`); nothing else calls it on a file that
somebody sent.
"""

import hashlib
from typing import assert_never

from broker.packs.attachments import documents, pdf, picture, plaintext, word
from broker.packs.attachments.kinds import (
    MAX_PAGES,
    Attachment,
    Kind,
    Reading,
    kind_of,
    refuse_size,
)
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason


def inspect(name: str, content: bytes) -> Attachment:
    """Check a file in memory and return it as an attachment; raises as `examine`.

    `name` serves to learn the kind and is then forgotten.
    """
    kind = kind_of(name, content)
    refuse_size(content)
    digest = hashlib.sha256(content).hexdigest()
    return Attachment(kind=kind, content=content, sha256=digest, reading=examine(kind, content))


def examine(kind: Kind, content: bytes) -> Reading:
    """Return what was read in a file, or raise `AttachmentRefusedError`.

    A file that makes a parser fail in whatever way is refused as unreadable.
    """
    try:
        reading = _examined(kind, content)
    except AttachmentRefusedError:
        raise
    except MemoryError:
        raise AttachmentRefusedError(Reason.TOO_MUCH) from None
    except Exception as error:  # hostile files make parsers fail in ways that none documents
        raise AttachmentRefusedError(Reason.UNREADABLE) from error
    if reading.pages > MAX_PAGES:
        raise AttachmentRefusedError(Reason.TOO_LONG)
    return reading


def _examined(kind: Kind, content: bytes) -> Reading:
    match kind:
        case Kind.PDF:
            return pdf.examine(content)
        case Kind.DOCX:
            read = word.examine(content)
            return documents.reading_of(read.text, read.pictures, read.remarks)
        case Kind.JPEG:
            return picture.examine_jpeg(content)
        case Kind.PNG:
            return picture.examine_png(content)
        case Kind.TXT:
            return plaintext.examine(content)
        case _:
            assert_never(kind)

"""What somebody typed or ticked into the form fields of a PDF, as lines of `label | value`."""

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf

from broker.packs.attachments.kinds import MAX_CHARACTERS
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason

MAX_FIELDS = 2_000
MAX_DEPTH = 16


def boxes_of(content: bytes) -> str:
    """Return a line for each filled-in form field of a PDF, by the name that a reader is shown.

    Raises `AttachmentRefusedError` for a file that cannot be read or has too many fields.
    """
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            form = pdf.Root.get("/AcroForm")
            fields = form.get("/Fields") if isinstance(form, Dictionary) else None
            lines = [] if fields is None else list(_lines(fields, 0))
    except pikepdf.PdfError as error:
        raise AttachmentRefusedError(Reason.UNREADABLE) from error
    text = "\n".join(lines)
    if len(lines) > MAX_FIELDS or len(text) > MAX_CHARACTERS:
        raise AttachmentRefusedError(Reason.TOO_LONG)
    return text


def _lines(fields: Object, depth: int) -> Iterator[str]:
    if not isinstance(fields, Array) or depth > MAX_DEPTH:
        return
    for field in fields:
        if not isinstance(field, Dictionary):
            continue
        label, value = field.get("/TU", field.get("/T")), field.get("/V")
        if label is not None and value is not None:
            yield f"{_words(label)} | {_words(value)}"
        yield from _lines(field.get("/Kids", Array()), depth + 1)


def _words(value: Object) -> str:
    """Return a text or the name of a choice on one line."""
    return " ".join(str(value).removeprefix("/").split())

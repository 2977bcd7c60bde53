"""Text files: UTF-8, nothing but text."""

import codecs
import re

from broker.packs.attachments.kinds import MAX_CHARACTERS
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_OTHER_FORMATS = ("%pdf-", "{\\rtf", "<!doctype", "<html", "<?xml", "<svg", "#!", "mime-version:")


def examine(content: bytes) -> str:
    """Return the text with line feeds between lines, or raise `AttachmentRefusedError`."""
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        raise AttachmentRefusedError(Reason.CONTROL) from None
    if text.lstrip().lower().startswith(_OTHER_FORMATS):
        raise AttachmentRefusedError(Reason.CONTENT)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    if _CONTROL.search(lines):
        raise AttachmentRefusedError(Reason.CONTROL)
    if len(lines) > MAX_CHARACTERS:
        raise AttachmentRefusedError(Reason.TOO_LONG)
    return lines

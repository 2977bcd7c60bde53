"""Text files: nothing but text, whatever the character set that a program saved it in."""

import codecs
import re

from broker.packs.attachments.kinds import MAX_CHARACTERS, Reading
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import Remark

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LINE_END = re.compile("\r\n|[\r\f]")
_SOFT_LINE_END = re.compile("[\v\x85\u2028\u2029]")
_DOS_END = "\x1a"
_OTHER_FORMATS = ("%pdf-", "{\\rtf", "<!doctype", "<html", "<?xml", "<svg", "#!", "mime-version:")


def examine(content: bytes) -> Reading:
    """Return the text and its copy in UTF-8, or raise `AttachmentRefusedError`."""
    text, in_another_set = _decoded(content)
    if text.lstrip().lower().startswith(_OTHER_FORMATS):
        raise AttachmentRefusedError(Reason.CONTENT)
    lines, soft = _SOFT_LINE_END.subn("\n", _LINE_END.sub("\n", text.rstrip(_DOS_END)))
    if _CONTROL.search(lines):
        raise AttachmentRefusedError(Reason.CONTROL)
    if not lines.strip():
        raise AttachmentRefusedError(Reason.EMPTY)
    if len(lines) > MAX_CHARACTERS:
        raise AttachmentRefusedError(Reason.TOO_LONG)
    converted = in_another_set or soft > 0 or text.endswith(_DOS_END)
    remarks = (Remark.CONVERTED,) if converted else ()
    return Reading(text=lines, remarks=remarks, copy=lines.encode("utf-8"))


def _decoded(content: bytes) -> tuple[str, bool]:
    """Return the text, and whether it was in another character set than UTF-8."""
    try:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return content.decode("utf-16"), True
        try:
            return content.decode("utf-8-sig"), False
        except UnicodeDecodeError:
            return content.decode("windows-1252"), True
    except UnicodeDecodeError:
        raise AttachmentRefusedError(Reason.CONTROL) from None

"""Whether a pack fits a mailbox, and how many bytes each of its page images may take."""

from collections.abc import Sequence

from broker.attachments.kinds import Attachment
from broker.attachments.refusals import PackTooLargeError

MAX_SEALED_BYTES = 18_000_000
"""What a sealed pack may take: base64 makes 25 MB of it, the usual limit of a mailbox."""

FORM_BYTES = 3_000_000
"""Set aside for the form: pages of text, tags, fonts and the file's own structure."""

BYTES_PER_CHARACTER = 6
"""Set aside for a character of extracted text with its glyph, spacing and tags."""

BEST_PAGE_BYTES = 250_000
"""More than this does not make a page image at 150 dpi easier to read."""

LEAST_PAGE_BYTES = 60_000
"""With less than this a page of print stops being legible."""


def page_budget(attachments: Sequence[Attachment]) -> int:
    """Return the bytes that each page image may take, or raise `PackTooLargeError`."""
    originals = sum(attachment.size for attachment in attachments)
    text = sum(len(attachment.text) for attachment in attachments) * BYTES_PER_CHARACTER
    left = MAX_SEALED_BYTES - FORM_BYTES - originals - text
    pages = sum(attachment.pages for attachment in attachments)
    if left < pages * LEAST_PAGE_BYTES:
        raise PackTooLargeError
    return min(BEST_PAGE_BYTES, left // pages) if pages else BEST_PAGE_BYTES


def fits(attachments: Sequence[Attachment]) -> None:
    """Return if the sealed pack stays within 18 MB, or raise `PackTooLargeError`."""
    page_budget(attachments)

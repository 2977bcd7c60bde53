"""Whether a pack fits a mailbox, and how many bytes each of its page images may take."""

from collections.abc import Iterable, Sequence

from broker.packs.attachments.kinds import Attachment
from broker.packs.attachments.refusals import PackTooLargeError

MAX_SEALED_BYTES = 18_000_000
"""What a sealed pack may take: base64 makes 25 MB of it, the usual limit of a mailbox."""

FIXED_BYTES = 1_000_000
"""Set aside for what every pack has: fonts, labels, the list of attachments, the file itself."""

BYTES_PER_CHARACTER = 6
"""Set aside for a plain letter on paper, with its place and tags (measured: 2.7)."""

BYTES_PER_LINE = 80
"""Set aside for a line of its own (measured: 70)."""

BEST_PAGE_BYTES = 250_000
"""More than this does not make a page image at 150 dpi easier to read."""

LEAST_PAGE_BYTES = 60_000
"""With less than this a page of print stops being legible."""


def fits(
    attachments: Sequence[Attachment], texts: Iterable[str] = (), most: int | None = None
) -> None:
    """Return if the pack stays within 18 MB when sealed, or raise `PackTooLargeError`.

    `texts` are those of the form, which become pages too; `most` is a narrower limit, in bytes.
    """
    page_budget(attachments, texts, most)


def page_budget(
    attachments: Sequence[Attachment], texts: Iterable[str] = (), most: int | None = None
) -> int:
    """Return the bytes that each page image may take, or raise `PackTooLargeError`."""
    copies = sum(len(attachment.goes_along or b"") for attachment in attachments)
    written = sum(map(_on_paper, texts)) + sum(_on_paper(one.text) for one in attachments)
    limit = MAX_SEALED_BYTES if most is None else min(most, MAX_SEALED_BYTES)
    left = limit - FIXED_BYTES - copies - written
    pages = sum(attachment.pages for attachment in attachments)
    if left < pages * LEAST_PAGE_BYTES:
        raise PackTooLargeError
    return min(BEST_PAGE_BYTES, left // pages) if pages else BEST_PAGE_BYTES


def _on_paper(text: str) -> int:
    """Return a bound for the bytes of `text` in the document.

    Letters beyond ASCII need glyphs, directions or a name in brackets; the length of their escape
    (4, 6 or 10 characters) follows that well enough.
    """
    escaped = len(text.encode("unicode_escape"))
    return escaped * BYTES_PER_CHARACTER + text.count("\n") * BYTES_PER_LINE

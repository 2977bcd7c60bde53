"""How a source of law was read, and whether it counts, in words for whoever relies on it."""

from typing import Final

from policies.reading.laws import Law

HOW_READ: Final = {
    "verified": "read in the source",
    "secondary": "read in a page about it",
    "unverified": "nobody has read it yet",
    "design": "a choice of this product, not law",
}
"""What the tag of a source says of how it was read."""


def in_doubt(law: Law) -> str:
    """Return what stands in the way of relying on a source, in a few words; empty if nothing.

    What was read in a page about it alone is told where it is listed, not here.
    """
    unread = [HOW_READ[law.tag]] if law.reading is None else []
    off = ["off until its commencement is entered"] if law.is_off else []
    return "; ".join([*unread, *off])

"""Identifiers of new entries: made from what they are called, and never taken twice. Pure."""

import re
from collections.abc import Collection
from typing import Final

_LONGEST: Final = 56


def free_name(text: str, taken: Collection[str]) -> str:
    """Return an identifier like `text` that is not taken.

    >>> free_name("Kent Police", {"kent-police"})
    'kent-police-2'
    """
    plain = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:_LONGEST].strip("-")
    name = plain or "entry"
    tries = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in tries if one not in taken)

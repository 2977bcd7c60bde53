"""A number with the noun that it counts, as people write it.

>>> counted(1, "entry"), counted(1_024, "entry"), counted(2, "person", "people")
('1 entry', '1,024 entries', '2 people')
"""

import re


def counted(number: int, one: str, many: str = "") -> str:
    """Return `number` and its noun: `one` after 1, else `many`, by default its regular plural."""
    return f"{number:,} {one if number == 1 else many or _plural(one)}"


def _plural(noun: str) -> str:
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(x|s|ch|sh)$", noun) else f"{noun}s"

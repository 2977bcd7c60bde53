"""What a question offers, as the macros of the design system take it."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

Code = TypeVar("Code", bound=str)


def radio_items(offered: Mapping[Code, str], *chosen: str) -> list[dict[str, object]]:
    """Return choices by their code, those that are chosen marked; for boxes to tick as well."""
    return [
        {"value": str(code), "text": text, "checked": code in chosen}
        for code, text in offered.items()
    ]


def option_items(
    offered: Iterable[tuple[str, str]], chosen: str, first: str
) -> list[dict[str, object]]:
    """Return the options of a list to select from, before them one that says to choose."""
    return [
        {"value": "", "text": first, "selected": not chosen},
        *({"value": value, "text": text, "selected": value == chosen} for value, text in offered),
    ]

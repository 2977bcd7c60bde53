"""What is wrong with a page that was sent, beside its fields and above them all."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to put right: the id of the field that it is about, and what to do."""

    field: str
    message: str


def error_of(problems: Iterable[Problem], field: str) -> dict[str, str] | None:
    """Return what a macro shows beside a field, None where nothing is wrong with it."""
    return next(({"text": one.message} for one in problems if one.field == field), None)


def error_list(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Return what the summary above a page shows: each problem with a link to its field."""
    return [{"text": one.message, "href": f"#{one.field}"} for one in problems]

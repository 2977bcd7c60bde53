"""The kinds of fact, and how a value that was sent is read as each of them.

Nothing here repeats the value that was sent: it may be personal.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, cast

from policies.london import LONDON

Value = str | int | None | date | datetime | frozenset[str] | tuple[int, int] | Mapping[str, str]
Reader = Callable[[object], Value]

_LONGEST_TEXT: Final = 4000
_OLDEST: Final = 120
_LONGEST_WORD: Final = 80
_IDENTIFIER: Final = re.compile(r"[a-z0-9-]{1,64}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)


class Kind(StrEnum):
    """What sort of value a fact holds; the values are the words of the vocabulary files."""

    ONE_OF = "one of"
    LIST_OF = "list of"
    LIST_OF_FIELDS = "list of fields"
    REASONS_BY_FIELD = "reasons by field"
    TEXT = "text"
    WHOLE_NUMBER = "whole number"
    DAY_OR_NOTHING = "day or nothing"
    MOMENT = "moment"
    AGE_RANGE_OR_NOTHING = "age range or nothing"
    IDENTIFIER = "identifier"
    IDENTIFIER_OR_NOTHING = "identifier or nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A kind with its words (or fields) and bounds."""

    kind: Kind
    words: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0


class IllTypedError(ValueError):
    """A value is not of its kind; the text says what is wanted, never what was sent."""

    def __init__(self, wanted: str, nearest: str | None = None) -> None:
        super().__init__(wanted)
        self.nearest = nearest


def reader_of(shape: Shape) -> Reader:
    """Return what reads a value as the shape holds it, or raises `IllTypedError`."""
    return _READERS[shape.kind](shape)


def is_blank(text: str) -> bool:
    """Say whether a written reason says nothing: empty, white space, or unseen characters."""
    for char in text:  # noqa: SIM110 - a generator takes three times as long
        if char.isprintable() and not char.isspace():
            return False
    return True


def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """Return the known word that is most like the one written, if any is."""
    close = get_close_matches(word[:_LONGEST_WORD].lower(), known, n=1, cutoff=0.6)
    return close[0] if close else None


def _one_of(shape: Shape) -> Reader:
    words = frozenset(shape.words)

    def read(value: object) -> str:
        if isinstance(value, str) and value in words:
            return value
        hint = nearest(value, shape.words) if isinstance(value, str) else None
        raise IllTypedError(f"must be one of: {', '.join(shape.words)}", hint)

    return read


def _list_of(shape: Shape) -> Reader:
    words = frozenset(shape.words)
    wanted = "must be a list of known words, each at most once"

    def read(value: object) -> frozenset[str]:
        if not isinstance(value, list):
            raise IllTypedError(wanted)
        items = cast("list[object]", value)
        found = frozenset(item for item in items if isinstance(item, str) and item in words)
        if len(found) != len(items):
            raise IllTypedError(wanted)
        return found

    return read


def _whole_number(shape: Shape) -> Reader:
    def read(value: object) -> int:
        if type(value) is int and shape.minimum <= value <= shape.maximum:
            return value
        raise IllTypedError(f"must be a whole number from {shape.minimum} to {shape.maximum}")

    return read


def _reasons_by_field(shape: Shape) -> Reader:
    fields = frozenset(shape.words)
    wanted = "must give a written reason, not empty, for fields that the broker knows"

    def read(value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            raise IllTypedError(wanted)
        reasons: dict[str, str] = {}
        for field, reason in cast("dict[object, object]", value).items():
            known = isinstance(field, str) and field in fields
            if not known or not isinstance(reason, str) or not 1 <= len(reason) <= _LONGEST_TEXT:
                raise IllTypedError(wanted)
            reasons[cast("str", field)] = reason
        return reasons

    return read


def _text(value: object) -> str:
    if isinstance(value, str) and len(value) <= _LONGEST_TEXT:
        return value
    raise IllTypedError(f"must be text of at most {_LONGEST_TEXT} characters")


def _day_or_nothing(value: object) -> date | None:
    if value is None:
        return None
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise IllTypedError("must be a real day written as 2026-03-16, or null")


def _moment(value: object) -> datetime:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(LONDON)
        except (ValueError, OverflowError):
            pass
    raise IllTypedError("must be a real moment with its offset, as 2026-03-16T10:00:00Z")


def _age_range_or_nothing(value: object) -> tuple[int, int] | None:
    if value is None:
        return None
    wanted = f"must be null, or whole years 'from' and 'to', 0 to {_OLDEST}, the lower first"
    if not isinstance(value, dict):
        raise IllTypedError(wanted)
    ages = cast("dict[object, object]", value)
    low, high = ages.get("from"), ages.get("to")
    if len(ages) != len(("from", "to")) or type(low) is not int or type(high) is not int:
        raise IllTypedError(wanted)
    if not 0 <= low <= high <= _OLDEST:
        raise IllTypedError(wanted)
    return low, high


def _identifier(value: object) -> str:
    if isinstance(value, str) and _IDENTIFIER.fullmatch(value):
        return value
    raise IllTypedError("must be an identifier: 1 to 64 of a-z, 0-9 and hyphen")


def _identifier_or_nothing(value: object) -> str | None:
    return None if value is None else _identifier(value)


_READERS: Final[Mapping[Kind, Callable[[Shape], Reader]]] = {
    Kind.ONE_OF: _one_of,
    Kind.LIST_OF: _list_of,
    Kind.LIST_OF_FIELDS: _list_of,
    Kind.REASONS_BY_FIELD: _reasons_by_field,
    Kind.WHOLE_NUMBER: _whole_number,
    Kind.TEXT: lambda _: _text,
    Kind.DAY_OR_NOTHING: lambda _: _day_or_nothing,
    Kind.MOMENT: lambda _: _moment,
    Kind.AGE_RANGE_OR_NOTHING: lambda _: _age_range_or_nothing,
    Kind.IDENTIFIER: lambda _: _identifier,
    Kind.IDENTIFIER_OR_NOTHING: lambda _: _identifier_or_nothing,
}

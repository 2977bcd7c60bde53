"""JSON values in the types that the checkers know.

`is_object` and `is_array` ask; the others are for what we wrote or checked ourselves, and raise
`TypeError`, a fault of ours.
"""

from typing import TypeGuard


def is_object(value: object) -> TypeGuard[dict[str, object]]:
    """Say whether a parsed JSON value is an object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[object]]:
    """Say whether a parsed JSON value is an array."""
    return isinstance(value, list)


def as_object(value: object) -> dict[str, object]:
    """Return the members of a JSON object."""
    if not is_object(value):
        raise TypeError("not a JSON object")
    return value


def as_array(value: object) -> list[object]:
    """Return the items of a JSON array."""
    if not is_array(value):
        raise TypeError("not a JSON array")
    return value


def text(value: object) -> str:
    """Return a JSON string."""
    if not isinstance(value, str):
        raise TypeError("not a JSON string")
    return value


def texts(value: object) -> tuple[str, ...]:
    """Return the strings of a JSON array."""
    return tuple(map(text, as_array(value)))

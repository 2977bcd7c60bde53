"""What SQLite hands out, taken for nothing it does not prove to be.

A strict table checks kinds when rows are written; a file that decayed is only ever read.
"""

from typing import TypeVar

from keys.errors import KeystoreDamagedError

Kind = TypeVar("Kind")


def text(value: object) -> str:
    """Return `value` if it is a text, or raise `KeystoreDamagedError`."""
    return _only(str, value)


def blob(value: object) -> bytes:
    """Return `value` if it is bytes, or raise `KeystoreDamagedError`."""
    return _only(bytes, value)


def number(value: object) -> int:
    """Return `value` if it is an integer, or raise `KeystoreDamagedError`."""
    return _only(int, value)


def _only(kind: type[Kind], value: object) -> Kind:
    if not isinstance(value, kind):
        raise KeystoreDamagedError("a record is not of the kind that was written")
    return value

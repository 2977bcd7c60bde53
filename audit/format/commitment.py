"""Salted commitments: the ledger proves a value later, and forgets it when the salt is destroyed.

c = HMAC-SHA-256(salt, "broker/v1/" field 0x00 value), where value is canonical JSON (RFC 8785).

>>> salt = bytes(range(32))
>>> committed = commit("facts", {"a": {"z": ""}, "b": [1, True, None]}, salt)
>>> committed[:16]
'da16536065b32124'
>>> again = {"b": [1, True, None], "a": {"z": ""}}
>>> verify_opening(committed, field="facts", value=again, salt=salt)
"""

import hmac
import json
from collections.abc import Iterable
from typing import Final, cast

from audit.errors import OpeningRefusedError, UnrecordableEventError
from audit.format.entry import MAX_INTEGER

SALT_BYTES: Final = 32


def commit(field: str, value: object, salt: bytes) -> str:
    """Return the commitment to `value` under `field` as 64 hexadecimal digits.

    `salt` is 32 fresh random bytes for each entry and field. `value` is made of text, whole
    numbers, true, false, null, lists and objects with ASCII names. Raises
    `UnrecordableEventError` for anything else.
    """
    if len(salt) != SALT_BYTES or "\0" in field:
        raise UnrecordableEventError(
            "A commitment needs a salt of 32 random bytes and a field name without NUL."
        )
    message = b"broker/v1/" + field.encode() + b"\0" + _canonical(value)
    return hmac.digest(salt, message, "sha256").hex()


def verify_opening(commitment: str, *, field: str, value: object, salt: bytes) -> None:
    """Return if `value` and `salt` open the commitment, or raise `OpeningRefusedError`."""
    if not hmac.compare_digest(commit(field, value, salt).encode(), commitment.encode()):
        raise OpeningRefusedError(
            "The value and salt that were given are not those that were committed to."
        )


def _canonical(value: object) -> bytes:
    try:
        _check(value)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return text.encode()
    except (RecursionError, UnicodeEncodeError) as error:
        raise _unfit() from error


def _check(value: object) -> None:
    # By type at first: most of what is committed to is text, and there is much of it.
    if value is None or isinstance(value, str | bool):
        return
    members: Iterable[object] = ()
    match value:
        case int() if abs(value) <= MAX_INTEGER:
            return
        case list() | tuple():
            members = cast("list[object]", value)
        case dict():
            named = cast("dict[object, object]", value)
            if not all(isinstance(name, str) and name.isascii() for name in named):
                raise _unfit()
            members = named.values()
        case _:
            raise _unfit()
    for member in members:
        if type(member) is not str:
            _check(member)


def _unfit() -> UnrecordableEventError:
    return UnrecordableEventError(
        "The value cannot be committed to. Make it of text, whole numbers below 2^53, true, "
        "false, null, lists and objects with ASCII names, not nested without end."
    )

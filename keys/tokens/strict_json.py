"""JSON objects from strangers: one meaning or none."""

import json
from typing import Never, cast


def object_of(content: bytes) -> dict[str, object]:
    """Return the JSON object that `content` spells, or raise `ValueError`.

    Refused are bytes that are not UTF-8, members named twice, NaN and infinities, nesting deeper
    than Python follows, and anything but an object at the top.
    """
    try:
        found: object = json.loads(
            content.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_refuse_constant
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one error for all that is refused
    return cast("dict[str, object]", found)


def _each_once(members: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("a member is named twice")
    return found


def _refuse_constant(_name: str) -> Never:
    raise ValueError("a number that is none")

"""Write an entry: the event, tied to the entry before it."""

from collections.abc import Mapping

import orjson

from audit.errors import MalformedEntryError
from audit.format.entry import VERSION, Entry, parse_entry


def write_entry(event: Mapping[str, object], previous_leaf: bytes, seq: int) -> Entry:
    """Return entry number `seq` holding `event` and the leaf hash of the entry before it.

    What was written is read back by the strict reader before it counts, so nothing is ever
    stored that a verifier would refuse. Raises `MalformedEntryError`.
    """
    envelope = {
        "event": dict(event),
        "prev": previous_leaf.hex(),
        "seq": seq,
        "v": VERSION,
    }
    try:
        raw = orjson.dumps(envelope, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:
        raise MalformedEntryError("The event holds what JSON cannot say.") from error
    return parse_entry(raw)

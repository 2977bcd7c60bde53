"""The ledger's own time and identifiers, made from a clock and randomness that are passed in."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
Entropy: TypeAlias = Callable[[int], bytes]


def rfc3339(moment: datetime) -> str:
    """Return an aware moment as RFC 3339 text in UTC with microseconds, 27 characters.

    As text it sorts by time, which the ledger relies on.
    """
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def new_event_id(moment: datetime, entropy: Entropy) -> str:
    """Return a UUID of version 7 (RFC 9562 section 5.7) for `moment`."""
    milliseconds = int(moment.timestamp() * 1000).to_bytes(6, "big")
    random = bytearray(entropy(10))
    random[0] = 0x70 | random[0] & 0x0F
    random[2] = 0x80 | random[2] & 0x3F
    digits = (milliseconds + random).hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

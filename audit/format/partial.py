"""What a partial export says of itself: about which references it holds entries, and how many.

>>> Partial.parse(Partial(extents={"PRV-7Q4K-M2XH": Extent.WHOLE}).to_bytes()).extents
{'PRV-7Q4K-M2XH': <Extent.WHOLE: 'whole'>}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final, Self, cast

from audit.errors import BrokenLedgerError, Rule

FORMAT: Final = "disclosure-broker/partial/1"


@unique
class Extent(StrEnum):
    """How much about a reference is the reader's: all, a part, or what followed sending.

    A part of a request is what is about the copies of the reader's own body.
    """

    WHOLE = "whole"
    SENT = "sent"
    COPY = "copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """The extent of each reference; nothing about it is signed, the verifier shows it."""

    extents: Mapping[str, Extent]

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Return what `to_bytes` spelt, or raise `BrokenLedgerError` (rule `reference`)."""
        try:
            members: object = json.loads(content)
            named = cast("dict[str, object]", members) if isinstance(members, dict) else {}
            extents = named.get("extents")
            is_one = named.keys() == {"format", "extents"} and named["format"] == FORMAT
            if is_one and isinstance(extents, dict):
                given = cast("dict[str, str]", extents)
                return cls(extents={ref: Extent(given[ref]) for ref in given})
        except (ValueError, RecursionError) as error:
            raise _unreadable() from error
        raise _unreadable()

    def to_bytes(self) -> bytes:
        """Return it as a file: one JSON object in ASCII."""
        members = {"format": FORMAT, "extents": dict(self.extents)}
        return json.dumps(members, indent=1, sort_keys=True).encode() + b"\n"


def _unreadable() -> BrokenLedgerError:
    return BrokenLedgerError(
        "partial.json does not say about which references entries are here.",
        first_bad=None,
        rule=Rule.REFERENCE,
    )

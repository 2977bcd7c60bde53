"""Counters of the gateways: each numbers its own entries, so that one that was left out shows.

The fields `gw` and `gw_seq` of docs/formats/ledger.md.

>>> counters = Counters().after("g-one").after("g-one").after("g-two")
>>> str(counters), counters.expects("g-two", 1), counters.expects("g-two", 2)
('{"g-one":2,"g-two":1}', True, False)
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Final, Self, cast

from audit.errors import BrokenLedgerError, Rule
from audit.format.entry import spelt_numbers

_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), sort_keys=True)


@dataclass(frozen=True, slots=True)
class Counters:
    """How many entries each gateway has appended, by its name; none before the first."""

    counted: Mapping[str, int] = field(default_factory=dict[str, int])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what `str` spelt, or raise `BrokenLedgerError` (rule `head`)."""
        try:
            counted: object = json.loads(text)
        except ValueError:
            counted = None
        if not isinstance(counted, dict) or not all(
            type(count) is int for count in cast("dict[str, object]", counted).values()
        ):
            raise BrokenLedgerError(
                "The stored counters of the gateways cannot be read. Restore the database from a "
                "backup and verify it.",
                first_bad=None,
                rule=Rule.HEAD,
            )
        return cls(cast("dict[str, int]", counted))

    def __str__(self) -> str:
        return _ENCODER.encode(self.counted)

    def next(self, gateway: str) -> int:
        """Return the number of the next entry that the gateway appends."""
        return self.counted.get(gateway, 0)

    def expects(self, gateway: str | None, number: int | None) -> bool:
        """Say if an entry may have this gateway and number; it may lack both before any has them.

        Logs begun before gateways were counted have such entries.
        """
        if gateway is None:
            return not self.counted
        return number == self.next(gateway)

    def after_batch(self, gateways: Sequence[bytes], numbers: Sequence[bytes]) -> Self | None:
        """Return the counters after a batch of entries, or None where one is not expected.

        Names and numbers are given as entries spell them.
        """
        counted = dict(self.counted)
        for spelt in set(gateways):
            own = [*compress(numbers, map(spelt.__eq__, gateways))]
            gateway = spelt.decode()
            first = self.next(gateway)
            if own != spelt_numbers(first, len(own)):
                return None
            counted[gateway] = first + len(own)
        return type(self)(counted)

    def after(self, gateway: str | None) -> Self:
        """Return the counters once the gateway has appended one more entry."""
        if gateway is None:
            return self
        return type(self)({**self.counted, gateway: self.next(gateway) + 1})

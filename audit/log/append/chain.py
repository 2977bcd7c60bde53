"""Grow the chain by events: pure but for the clock and the randomness that are passed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from audit.format.entry import GENESIS, Entry
from audit.format.gateway_counters import Counters
from audit.format.merkle.tree import Frontier
from audit.log.append.clock import Clock, Entropy, new_event_id, rfc3339
from audit.log.append.entry_writer import write_entry

Event: TypeAlias = Mapping[str, object]


class Authenticator(Protocol):
    """Makes what nobody makes without its key, which no database holds."""

    def digest(self, content: bytes, /) -> bytes:
        """Return the 32 bytes that stand for `content`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a log stands: its name, right edge, last leaf hash, last moment ("" before any).

    `counters` say how many entries each gateway has appended.
    """

    origin: str
    frontier: Frontier = field(default_factory=Frontier)
    previous_leaf: bytes = GENESIS
    last_moment: str = ""
    counters: Counters = field(default_factory=Counters)

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self.frontier.size

    @property
    def root(self) -> bytes:
        """The root of the tree over all entries."""
        return self.frontier.root()

    def statement(self) -> bytes:
        """Return what an authenticator of the head stands for: version 1, a line for each part."""
        lines = (
            "disclosure-broker/ledger-head/1",
            self.origin,
            str(self.size),
            self.previous_leaf.hex(),
            self.frontier.to_bytes().hex(),
            self.last_moment,
            str(self.counters),
        )
        return "\n".join(lines).encode() + b"\n"


def _none_before(_reference: str) -> int:
    return 0


@dataclass(slots=True, kw_only=True)
class Chain:
    """A head that grows by what `gateway` appends; what it gathered is written in one go.

    `about` says how many entries about a reference the head counts already.
    """

    head: Head
    gateway: str
    clock: Clock
    entropy: Entropy
    about: Callable[[str], int] = _none_before
    _numbers: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, event: Event) -> Entry:
        """Return the entry that holds `event`, stamped, and move the head past it.

        Time never runs backwards: where the clock is behind the last entry, the entry takes that
        one's moment and says so in its field `clock`.
        """
        moment = self.clock()
        stamp = {"ts": rfc3339(moment)}
        if stamp["ts"] < self.head.last_moment:
            stamp = {"ts": self.head.last_moment, "clock": "behind"}
        counters = self.head.counters
        counted: dict[str, object] = {
            "gw": self.gateway,
            "gw_seq": counters.next(self.gateway),
            **self._numbered(event.get("ref")),
        }
        identified = {"id": new_event_id(moment, self.entropy), **event, **stamp, **counted}
        entry = write_entry(identified, self.head.previous_leaf, self.head.size)
        self.head = Head(
            origin=self.head.origin,
            frontier=self.head.frontier.append(entry.leaf),
            previous_leaf=entry.leaf,
            last_moment=stamp["ts"],
            counters=counters.after(self.gateway),
        )
        return entry

    def _numbered(self, reference: object) -> dict[str, object]:
        """Return the number of the next entry about a disclosure, if it is about one."""
        if not isinstance(reference, str):
            return {}
        known = self._numbers.get(reference)
        number = self.about(reference) if known is None else known
        self._numbers[reference] = number + 1
        return {"n": number}

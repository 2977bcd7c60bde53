"""What was drawn for somebody who looks at it now: in memory alone, while they look."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, Generic, TypeVar

from broker.domain.times import Clock

KEPT_FOR: Final = timedelta(minutes=10)
"""How long something is at hand after it was made."""

MOST: Final = 8
"""How much is at hand at once; the oldest goes first."""

Drawn = TypeVar("Drawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand(Generic[Drawn]):
    """Keeps what was drawn, by for whom and of what; threads share it."""

    clock: Clock
    _kept: dict[Hashable, tuple[datetime, Drawn]] = field(
        default_factory=dict[Hashable, tuple[datetime, Drawn]], repr=False
    )
    _lock: Lock = field(default_factory=Lock, repr=False)

    def keep(self, key: Hashable, drawn: Drawn) -> None:
        """Keep it in the place of what was kept under its key."""
        with self._lock:
            self._forget_old()
            self._kept.pop(key, None)
            while len(self._kept) >= MOST:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = (self.clock(), drawn)

    def find(self, key: Hashable) -> Drawn | None:
        """Return what is at hand, None where it is not any more."""
        with self._lock:
            self._forget_old()
            found = self._kept.get(key)
        return None if found is None else found[1]

    def forget(self, key: Hashable) -> None:
        """Let go of it."""
        with self._lock:
            self._kept.pop(key, None)

    def _forget_old(self) -> None:
        now = self.clock()
        old = [key for key, (made_at, _) in self._kept.items() if now - made_at > KEPT_FOR]
        for key in old:
            del self._kept[key]

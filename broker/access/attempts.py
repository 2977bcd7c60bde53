"""How often somebody may try to sign in: a seam, and what stands in it until there are buckets."""

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from broker.domain.people.errors import TooManyTriesError
from broker.domain.times import Clock

MOST_FAILURES: Final = 5
WITHIN: Final = timedelta(minutes=15)
_MOST_SUBJECTS: Final = 10_000


class Attempts(Protocol):
    """Counts failures by what was tried; the subject is a keyed digest and never a name."""

    def check(self, subject: bytes) -> None:
        """Return if another try may be made; raises `TooManyTriesError`."""
        ...

    def failed(self, subject: bytes) -> None:
        """Count a failure."""
        ...

    def succeeded(self, subject: bytes) -> None:
        """Forget the failures before."""
        ...


@dataclass(frozen=True, kw_only=True)
class AttemptsInMemory:
    """Five failures within 15 minutes, counted by this process alone."""

    clock: Clock
    _failures: OrderedDict[bytes, deque[datetime]] = field(
        default_factory=OrderedDict[bytes, deque[datetime]], repr=False
    )
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def check(self, subject: bytes) -> None:
        """Return if another try may be made; raises `TooManyTriesError`."""
        since = self.clock() - WITHIN
        with self._lock:
            failures = self._failures.get(subject, deque[datetime]())
            if sum(moment > since for moment in failures) >= MOST_FAILURES:
                raise TooManyTriesError

    def failed(self, subject: bytes) -> None:
        """Count a failure; of all that was tried, what was tried last is remembered."""
        with self._lock:
            failures = self._failures.setdefault(subject, deque(maxlen=MOST_FAILURES))
            failures.append(self.clock())
            self._failures.move_to_end(subject)
            while len(self._failures) > _MOST_SUBJECTS:
                self._failures.popitem(last=False)

    def succeeded(self, subject: bytes) -> None:
        """Forget the failures before."""
        with self._lock:
            self._failures.pop(subject, None)

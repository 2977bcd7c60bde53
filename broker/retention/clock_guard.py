"""Whether the clock can be believed before anything is destroyed because a day has passed.

Silence and a wrong clock look alike: in both, the newest entry of the ledger is long ago. So a
clock that is far past it, or before it, destroys nothing until a person has confirmed the day.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from audit.log.files import write_durably
from broker.domain.errors import ClockDoubtedError, WrongDayError
from broker.domain.json_values import as_object, text
from broker.domain.times import Clock, moment_of, rfc3339, uk_day
from broker.ledger import events
from broker.storage.transaction import Transactions
from keys import PersonId

FARTHEST = timedelta(hours=48)
"""How far past the ledger's last moment a clock may stand and still be believed."""

_REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockGuard:
    """Compares the clock with the ledger; `path` is the file that keeps a doubt over restarts.

    It must look before this process appends anything, since an entry bears the clock's moment.
    """

    transaction: Transactions
    path: Path
    clock: Clock

    def look(self) -> None:
        """Compare, and write a doubt down; raises `StoreUnavailableError` and `OSError`."""
        state = self._state()
        if "doubted" in state:
            return
        now, last = self.clock(), self._last_moment()
        base, confirmed = _base(state, last)
        if now < base or now - base > FARTHEST:
            self._write({**state, "doubted": rfc3339(now), "last": rfc3339(base)})
        elif confirmed and now - base > _REFRESH:
            self._write({**state, "confirmed": rfc3339(now)})

    def doubt(self) -> None:
        """Write down that the clock jumped while this process ran."""
        if "doubted" not in (state := self._state()):
            now, last = self.clock(), self._last_moment()
            base, _ = _base(state, last)
            self._write({**state, "doubted": rfc3339(now), "last": rfc3339(base)})

    def is_doubted(self) -> bool:
        """Say whether nothing may be destroyed by its day."""
        return "doubted" in self._state()

    def check(self) -> None:
        """Return if the clock may destroy; else raise `ClockDoubtedError`."""
        state = self._state()
        if "doubted" in state:
            raise ClockDoubtedError(uk_day(self.clock()), text(state["last"]))

    def confirm(self, day: date, by: PersonId) -> None:
        """Record that a person confirms that today is `day`; raises `WrongDayError`."""
        now = self.clock()
        if day != uk_day(now):
            raise WrongDayError(uk_day(now))
        with self.transaction() as tx:
            tx.append(events.clock_confirmed(day, by))
        # Where the clock stood before the last entry, that entry's moment stays the newest.
        self._write({"confirmed": rfc3339(now), "at": rfc3339(self._last_moment())})

    def _last_moment(self) -> datetime:
        with self.transaction.database.reading(brief=True) as connection:
            return moment_of(self.transaction.on(connection).ledger.head().last_moment)

    def _state(self) -> dict[str, object]:
        try:
            return dict(as_object(json.loads(self.path.read_bytes())))
        except FileNotFoundError:
            return {}
        except ValueError:
            # A file that says nothing certain is a doubt.
            never = rfc3339(datetime(1970, 1, 1, tzinfo=UTC))
            return {"doubted": never, "last": never}

    def _write(self, state: dict[str, object]) -> None:
        write_durably(self.path, json.dumps(state).encode("ascii"))


def _base(state: dict[str, object], last: datetime) -> tuple[datetime, bool]:
    """Return the moment that the clock must be near, and whether a person set it."""
    if "confirmed" in state and moment_of(text(state["at"])) == last:
        return moment_of(text(state["confirmed"])), True
    return last, False

"""What went wrong once and must be looked at by a person, kept until somebody says it is mended.

A code, how often, and when first and last; nothing about a disclosure and nobody's name. The file
is replaced whole. Where it cannot be written, this process remembers.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from broker.domain.json_values import as_object, text
from broker.domain.times import Clock, moment_of, rfc3339

NOTED: Mapping[str, str] = {
    "CannotOpenError": "integrity-failed",
    "LedgerDisagreesError": "ledger-disagrees",
    "RecipientChangedError": "recipient-changed",
    "MalwareFoundError": "malware-found",
    "ForeignGrowthError": "ledger-grew",
    "ForeignRowsError": "ledger-grew",
    "BrokenLedgerError": "ledger-broken",
    "RollbackError": "ledger-broken",
}
"""The errors that are an alarm of their own wherever they come up, and under which code."""


def code_of(error: Exception) -> str | None:
    """Return the code under which an error is an alarm of its own, or None."""
    names = (kind.__name__ for kind in type(error).__mro__)
    return next((NOTED[name] for name in names if name in NOTED), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """How often something went wrong, and when it did for the first and the last time."""

    times: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """The notices of an installation, by code, in the file at `path`."""

    path: Path
    clock: Clock
    _unwritten: dict[str, Notice] = field(default_factory=dict[str, Notice], init=False)

    def note(self, code: str) -> None:
        """Note that this went wrong now; never raises."""
        now = self.clock()
        known = self.all()
        before = known.get(code, Notice(times=0, first=now, last=now))
        known = {**known, code: replace(before, times=before.times + 1, last=now)}
        try:
            self._write(known)
        except OSError:
            self._unwritten[code] = known[code]
        else:
            self._unwritten.clear()

    def all(self) -> Mapping[str, Notice]:
        """Return every notice; a file that cannot be read holds none."""
        found: dict[str, Notice] = {}
        with suppress(OSError, ValueError, KeyError, TypeError):
            for code, kept in as_object(json.loads(self.path.read_bytes())).items():
                found[code] = _notice_of(as_object(kept))
        return {**found, **self._unwritten}

    def end(self, code: str) -> bool:
        """Forget a notice, since somebody mended what it told; say whether there was one.

        Raises `OSError`.
        """
        known = dict(self.all())
        if known.pop(code, None) is None:
            return False
        self._write(known)
        self._unwritten.pop(code, None)
        return True

    def _write(self, notices: Mapping[str, Notice]) -> None:
        content = {
            code: {
                "times": notice.times,
                "first": rfc3339(notice.first),
                "last": rfc3339(notice.last),
            }
            for code, notice in sorted(notices.items())
        }
        temporary = self.path.with_name(f"{self.path.name}.new")
        temporary.write_text(json.dumps(content), encoding="ascii")
        temporary.replace(self.path)


def _notice_of(kept: Mapping[str, object]) -> Notice:
    return Notice(
        times=int(str(kept["times"])),
        first=moment_of(text(kept["first"])),
        last=moment_of(text(kept["last"])),
    )

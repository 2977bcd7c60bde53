"""When a document came to its recipient and when it was opened, as the ledger says."""

from collections.abc import Collection, Sequence
from datetime import datetime

from audit.format.entry import Entry
from broker.domain.states import CAME
from broker.domain.times import moment_of


def came_at(entries: Sequence[Entry]) -> datetime | None:
    """Return when a disclosure came to its recipient, None where it did not; oldest first."""
    return first_of(entries, CAME)


def opened_at(entries: Sequence[Entry]) -> datetime | None:
    """Return when its recipient had it open, None before.

    What opens without words was open when it was fetched.
    """
    return next((moment_of(one.moment) for one in entries if _opens(one)), None)


def first_of(entries: Sequence[Entry], types: Collection[str]) -> datetime | None:
    """Return the moment of the first entry of one of these types, None without one."""
    return next((moment_of(one.moment) for one in entries if one.type in types), None)


def _opens(entry: Entry) -> bool:
    fetched_open = entry.type == "collected" and entry.event["form"] == "open"
    return fetched_open or entry.type == "acknowledged"

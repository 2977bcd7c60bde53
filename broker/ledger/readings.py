"""Readings: who was given what to read, recorded before it is given, and counted.

States, codes and duties are no content, and a passphrase is recorded by its own entry `revealed`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique

from audit.format.entry import Entry
from audit.log.known import Known
from audit.log.ledger import Ledger
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.domain.times import moment_of, uk_day
from broker.ledger import events
from broker.storage.transaction import Transaction, Transactions

READ, REVEALED, LOOKED_UP = "read", "revealed", "earlier.looked-up"
PASSPHRASE = "passphrase"  # noqa: S105 - what was read, not a secret

_COUNTED = frozenset({READ, REVEALED, LOOKED_UP})
# Reading each entry takes ten times as long as looking for these.
_MAY_BE_A_READING = re.compile(
    b"|".join(re.escape(f'"type":"{type_}"'.encode()) for type_ in sorted(_COUNTED))
)
_AT_ONCE = 1_000


@unique
class Content(StrEnum):
    """What an answer may carry, in the words of the ledger."""

    PACK = "pack"
    QUESTIONS = "questions"
    FILES = "files"
    OPENING = "opening"
    EXPORT = "export"
    CONCERN = "concern"
    SEALED = "sealed"
    EARLIER = "earlier"
    BREACH = "breach"
    PANEL_COPY = "panel-copy"


@unique
class Entrance(StrEnum):
    """The way on which an answer is given, in the words of the ledger."""

    CLI = "cli"
    API = "api"
    PAGE = "page"
    PORTAL = "portal"


def record_reading(
    tx: Transaction, person: Person, what: Content, how: Entrance, reference: Reference | None
) -> None:
    """Record that the person is given content, as the last act of the transaction that read it.

    Where this fails the caller's transaction fails, so that nothing is given unrecorded.
    """
    tx.append(events.content_read(person, what.value, how.value, reference))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One look of a person at what a disclosure holds; `how` is None for a passphrase."""

    by: str
    what: str
    how: str | None
    at: str

    @property
    def moment(self) -> datetime:
        """When it was given."""
        return moment_of(self.at)

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {"by": self.by, "what": self.what, "how": self.how, "at": self.at}


def readings_of(
    transaction: Transactions, reference: Reference, guardian: Person
) -> tuple[Reading, ...]:
    """Return who looked at a disclosure of the Guardian's body, the first first.

    Raises `UnknownReferenceError` and `BrokenLedgerError`.
    """
    with transaction() as tx:
        disclosure = tx.disclosure_for(reference, guardian)
        entries = tx.about(disclosure.reference)
    return tuple(_reading(entry) for entry in entries if entry.type in {READ, REVEALED})


def read_more_than(transaction: Transactions, limit: int) -> dict[str, int]:
    """Return who read more often than `limit` today, in London, and how often."""
    counted: dict[str, int] = {}
    with transaction.database.reading(brief=True) as connection:
        tx = transaction.on(connection)
        for entry in _of_day(tx.ledger, tx.known(), uk_day(transaction.clock())):
            by = str(entry.event["by"])
            counted[by] = counted.get(by, 0) + 1
    return {by: count for by, count in sorted(counted.items()) if count > limit}


def _of_day(log: Ledger, known: Known, day: date) -> Iterator[Entry]:
    """Yield the readings of a day, from the end of the log until the day before begins."""
    stop = known.size
    while stop > 0:
        start = max(0, stop - _AT_ONCE)
        raw = list(log.raw_entries(start, stop))
        for seq, one in enumerate(raw, start):
            if _MAY_BE_A_READING.search(one):
                entry = known.checked(seq, one)
                if entry.type in _COUNTED and uk_day(moment_of(entry.moment)) == day:
                    yield entry
        if uk_day(moment_of(known.checked(start, raw[0]).moment)) < day:
            return
        stop = start


def _reading(entry: Entry) -> Reading:
    event = entry.event
    is_telling = entry.type == REVEALED
    return Reading(
        by=str(event["by"]),
        what=PASSPHRASE if is_telling else str(event["what"]),
        how=None if is_telling else str(event["how"]),
        at=entry.moment,
    )

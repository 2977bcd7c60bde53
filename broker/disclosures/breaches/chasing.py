"""What is late about a breach record is told once for each step, higher up each time."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from audit.format.entry import Entry
from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.disclosures.breaches.opening import ANSWER_FOR_IT, heard
from broker.domain.breaches.record import Late
from broker.domain.breaches.words import LATE
from broker.domain.errors import BrokerError, RowDisagreesError
from broker.domain.references import Prefix, Reference, parse_reference
from broker.domain.roles import Role
from broker.domain.times import Clock
from broker.ledger.changes.breaches import breach_chased
from broker.logs import where_raised
from broker.storage.rows.delivering.breaches import breach as table
from broker.storage.transaction import Transaction, Transactions

_log = structlog.get_logger()

_ABOVE: Final = (*ANSWER_FOR_IT, Role.LEAD, Role.ASSURANCE)
HEARS: Final[Mapping[Late, tuple[Role, ...]]] = {
    Late.UNCERTAIN: ANSWER_FOR_IT,
    Late.REPORT_SOON: ANSWER_FOR_IT,
    Late.REPORT_LATE: _ABOVE,
    Late.REPORT_LATER: (*_ABOVE, Role.MANAGER),
    Late.PERSON_LATE: _ABOVE,
    Late.NOT_CLOSED: ANSWER_FOR_IT,
}
"""Who hears of what is late; nothing else comes of it."""


def not_yet_told(late: Sequence[Late], entries: Sequence[Entry]) -> list[Late]:
    """Return what is late about an open record and was not told yet; pure."""
    told = {entry.event["step"] for entry in entries if entry.type == "breach.chased"}
    return [one for one in late if one.value not in told]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachChasing:
    """Tells people of what is late about breach records; each record by itself."""

    transaction: Transactions
    notices: PersonNotices
    clock: Clock

    def chase(self) -> int:
        """Tell of everything late that was not told yet; return how many things."""
        with self.transaction() as tx:
            names = _names(tx)
        return sum(map(self._chase_one, names))

    def late(self) -> int:
        """Return how many records have something late now; what is not believed is none."""
        now, count = self.clock(), 0
        with self.transaction() as tx:
            for id_ in _names(tx):
                with suppress(RowDisagreesError):
                    count += bool(tx.breaches.named(id_).late(now))
        return count

    def _chase_one(self, id_: Reference) -> int:
        now = self.clock()
        try:
            with self.transaction() as tx:
                late, told = _found(tx, id_, now)
                if not late:
                    return 0
                tx.append(*(breach_chased(id_, one) for one in late))
        except BrokerError as error:
            _log.error("breach-chase-failed", error=type(error).__name__, at=where_raised(error))
            return 0
        for notice in told:
            self.notices.send(notice, now)
        return len(late)


def _names(tx: Transaction) -> tuple[Reference, ...]:
    """Return every record that the ledger knows: a row may have been edited to look closed."""
    rows = tx.known().rows(table.name)
    return tuple(parse_reference(name.partition("/")[2], Prefix.BREACH) for name in rows)


def _found(
    tx: Transaction, id_: Reference, now: datetime
) -> tuple[list[Late], list[PersonNotice]]:
    breach = tx.breaches.named(id_)
    late = not_yet_told(breach.late(now), tx.about(id_))
    told = [notice for one in late for notice in heard(tx, breach, HEARS[one], LATE[one], now)]
    return late, told

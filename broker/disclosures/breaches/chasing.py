"""What is late about a breach record is told once for each step, higher up each time."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from audit.format.entry import Entry
from broker.delivery.chasing import NOTHING_LATE, Chased, Chaser
from broker.disclosures.breaches.opening import ANSWER_FOR_IT, heard
from broker.domain.breaches.record import Late
from broker.domain.breaches.words import LATE
from broker.domain.errors import RowDisagreesError
from broker.domain.references import Prefix, Reference, parse_reference
from broker.domain.roles import Role
from broker.ledger.changes.breaches import breach_chased
from broker.storage.rows.delivering.breaches import breach as table
from broker.storage.transaction import Transaction

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

    chaser: Chaser

    def chase(self) -> int:
        """Tell of everything late that was not told yet; return how many things."""
        with self.chaser.transaction() as tx:
            names = _names(tx)
        return self.chaser.each(names, _chased)

    def late(self) -> int:
        """Return how many records have something late now; what is not believed is none."""
        now, count = self.chaser.clock(), 0
        with self.chaser.transaction() as tx:
            for id_ in _names(tx):
                with suppress(RowDisagreesError):
                    count += bool(tx.breaches.named(id_).late(now))
        return count


def _names(tx: Transaction) -> tuple[Reference, ...]:
    """Return every record that the ledger knows: a row may have been edited to look closed."""
    rows = tx.known().rows(table.name)
    return tuple(parse_reference(name.partition("/")[2], Prefix.BREACH) for name in rows)


def _chased(tx: Transaction, id_: Reference, now: datetime) -> Chased:
    """Record what is late about a record and was not told yet, and return who hears it."""
    breach = tx.breaches.named(id_)
    late = not_yet_told(breach.late(now), tx.about(id_))
    if not late:
        return NOTHING_LATE
    told = [notice for one in late for notice in heard(tx, breach, HEARS[one], LATE[one], now)]
    tx.append(*(breach_chased(id_, one) for one in late))
    return Chased(steps=len(late), notices=tuple(told))

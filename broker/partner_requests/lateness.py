"""A copy that nobody answers climbs to people, and nothing else: no clock answers or closes it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from broker.domain.errors import BrokerError
from broker.domain.partner_requests.copies import CopyName, Lateness
from broker.domain.partner_requests.days import lateness_on
from broker.domain.times import uk_day
from broker.ledger.changes import requests as recorded
from broker.logs import where_raised
from broker.partner_requests.standing import is_with_partner
from broker.storage.transaction import Transactions

_log = structlog.get_logger()
_SOON = timedelta(days=2)
_ORDER = tuple(Lateness)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chasing:
    """Notes each day which copies are due soon, late and later; each copy by itself."""

    transaction: Transactions
    clock: Callable[[], datetime]

    def chase(self) -> int:
        """Let every unanswered copy climb as far as its day says; return how many climbed.

        One that cannot be read, because its row is not as the ledger says, stops no other.
        """
        today = uk_day(self.clock())
        with self.transaction() as tx:
            names = tx.copies.waiting_due_by(today + _SOON)
        return sum(map(self._climbs, names))

    def _climbs(self, name: CopyName) -> bool:
        now = self.clock()
        try:
            with self.transaction() as tx:
                copy = tx.copies.copy(name, to_change=True)
                step = lateness_on(copy.due_on, uk_day(now))
                goes_up = _ORDER.index(step) > _ORDER.index(copy.lateness)
                if not (
                    copy.waits and goes_up and is_with_partner(tx.disclosure(copy.disclosure))
                ):
                    return False
                after = replace(copy, lateness=step, changed_at=now, version=copy.version + 1)
                tx.append(recorded.escalated(after, tx.copies.put(after), step))
        except BrokerError as error:
            _log.error("chase-failed", error=type(error).__name__, where=where_raised(error))
            return False
        return True

"""Tell people of what is late, each thing by itself: recorded first, and only what was recorded.

What is late and who hears of it, the wings say that chase.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog

from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.domain.errors import BrokerError
from broker.domain.times import Clock
from broker.logs import where_raised
from broker.storage.transaction import Transaction, Transactions

_log = structlog.get_logger()
_Name = TypeVar("_Name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chased:
    """What was recorded of something late: how many steps, and what people hear of them."""

    steps: int = 0
    notices: tuple[PersonNotice, ...] = ()


NOTHING_LATE = Chased()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chaser:
    """Chases each of many things in a transaction of its own."""

    transaction: Transactions
    notices: PersonNotices
    clock: Clock

    def each(
        self, names: Iterable[_Name], chase: Callable[[Transaction, _Name, datetime], Chased]
    ) -> int:
        """Record and tell what `chase` finds late about each; return how many steps.

        One that cannot be read stops no other.
        """
        return sum(self._one(name, chase) for name in names)

    def _one(self, name: _Name, chase: Callable[[Transaction, _Name, datetime], Chased]) -> int:
        now = self.clock()
        try:
            with self.transaction() as tx:
                chased = chase(tx, name, now)
        except (BrokerError, ValueError) as error:
            _log.error("chase-failed", error=type(error).__name__, where=where_raised(error))
            return 0
        for notice in chased.notices:
            self.notices.send(notice, now)
        return chased.steps

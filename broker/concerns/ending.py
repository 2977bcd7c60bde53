"""How a concern that was left ends: with its text, so that nobody can read a word of it."""

from dataclasses import dataclass

from audit.format import events as ledger
from audit.log.known import CASE
from broker.domain.concerns.concerns import Concern
from broker.domain.times import Clock
from broker.ledger.events import Event
from broker.retention.disposal import CLOCK
from broker.storage.transaction import Transaction, Transactions
from keys import CaseId, UnknownKeyError


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftConcerns:
    """Erases the cases of concerns that were left and whose text is gone."""

    transaction: Transactions
    clock: Clock

    def erase_ended(self) -> int:
        """Destroy the key of each such case, once that is on the ledger; return how many went."""
        living = frozenset(self.transaction.keystore.cases())
        with self.transaction() as tx:
            over = [
                one for one in tx.concerns.left() if one.case in living and self._is_gone(tx, one)
            ]
            events = [_erased(one) for one in over if not _is_recorded(tx, one)]
            if events:
                tx.append(*events)
        for one in over:
            self.transaction.keystore.erase_case(one.case, self.clock())
        return len(over)

    def _is_gone(self, tx: Transaction, concern: Concern) -> bool:
        """Say whether its text has ended: its row, and the key that we alone destroy."""
        if tx.drafts.find(concern.draft) is not None:
            return False
        try:
            self.transaction.keystore.draft_key(CaseId(concern.draft))
        except UnknownKeyError:
            return True
        return False


def _is_recorded(tx: Transaction, concern: Concern) -> bool:
    return any(entry.type == "erased" for entry in tx.known().about(CASE, concern.case))


def _erased(concern: Concern) -> Event:
    return ledger.CaseErased(
        ref=str(concern.reference), by=CLOCK, case=concern.case, why="retention"
    ).event()

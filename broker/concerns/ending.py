"""How a concern that was left ends: with its text, so that nobody can read a word of it.

That there was one is remembered longer, as of what was sent: a later concern finds it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from audit.format import events as ledger
from audit.log.known import CASE
from broker.domain.cases.memories import Remembered, Whose
from broker.domain.concerns.concerns import Concern
from broker.domain.times import Clock, uk_day
from broker.ledger.changes.cases import memory_begun
from broker.ledger.events import Event
from broker.retention.disposal import CLOCK
from broker.storage.transaction import Transaction, Transactions
from keys import CaseId, PersonId, UnknownKeyError


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
            events = [self._ended(tx, one) for one in over if not _is_recorded(tx, one)]
            if events:
                tx.append(*chain.from_iterable(events))
        for one in over:
            self.transaction.keystore.erase_case(one.case, self.clock())
        return len(over)

    def _ended(self, tx: Transaction, concern: Concern) -> Iterator[Event]:
        """Yield that its words went, and that it is remembered where a later one finds it.

        Nobody can say any more whose it is, so it counts as a child's.
        """
        yield _erased(concern)
        if tx.earlier.remembers(concern.case):
            begun = Remembered(
                case=concern.case,
                agency=concern.agency,
                whose=Whose.UNKNOWN,
                since=uk_day(self.clock()),
                by=PersonId(CLOCK),
            )
            yield memory_begun(begun, tx.looks.begin(begun))

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

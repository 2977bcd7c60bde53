"""How a concern that nobody sent ends: with its text, so that nobody can read a word of it.

That there was one is remembered longer, as of what was sent: a later concern finds it. Where
something was sent of its case, it goes with that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from audit.format import events as ledger
from audit.log.known import CASE
from broker.cases.members import references_of
from broker.cases.steps import close
from broker.domain.cases.memories import Remembered, Whose
from broker.domain.cases.stages import CaseEnd, Stage
from broker.domain.concerns.concerns import Concern
from broker.domain.model import Person
from broker.domain.references import Prefix
from broker.domain.roles import Role
from broker.domain.times import Clock, uk_day
from broker.ledger.changes.cases import memory_begun
from broker.ledger.events import Event
from broker.retention.disposal import CLOCK
from broker.storage.transaction import Transaction, Transactions
from keys import CaseId, PersonId, UnknownKeyError


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftConcerns:
    """Erases the cases of concerns that were left or taken on, and whose text is gone."""

    transaction: Transactions
    clock: Clock

    def erase_ended(self) -> int:
        """Destroy the key of each such case, once that is on the ledger; return how many went."""
        living = frozenset(self.transaction.keystore.cases())
        with self.transaction() as tx:
            ended = [one for one in tx.concerns.unsent() if one.case in living]
            over = [one for one in ended if _is_alone(tx, one) and self._is_gone(tx, one)]
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
        now = self.clock()
        case = tx.cases.find(concern.case, to_change=True)
        if case is not None and case.stage is not Stage.CLOSED:
            by = Person(id=PersonId(CLOCK), agency=case.agency, role=Role.OPERATOR)
            yield close(tx, case, CaseEnd.ERASED, by, now)[1]
        yield _erased(concern)
        if tx.earlier.remembers(concern.case):
            begun = Remembered(
                case=concern.case,
                agency=concern.agency,
                whose=Whose.UNKNOWN,
                since=uk_day(now),
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


def _is_alone(tx: Transaction, concern: Concern) -> bool:
    """Say whether nothing was sent of its case: that has a time of its own, under the same key."""
    return all(one.prefix is Prefix.CONCERN for one in references_of(tx, concern.case))


def _is_recorded(tx: Transaction, concern: Concern) -> bool:
    return any(entry.type == "erased" for entry in tx.known().about(CASE, concern.case))


def _erased(concern: Concern) -> Event:
    return ledger.CaseErased(
        ref=str(concern.reference), by=CLOCK, case=concern.case, why="retention"
    ).event()

"""That there was a concern is remembered longer than its words, and not for ever either."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from audit.log.known import CASE
from broker.cases.members import case_or_reference, seen_case
from broker.domain.errors import WrongStateError
from broker.domain.model import Person
from broker.domain.times import moment_of, uk_day
from broker.ledger.changes.cases import memory_ended
from broker.retention.classes import RetentionClasses
from broker.storage.transaction import Transaction, Transactions
from keys import CaseId, PersonId

_ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memories:
    """Ends memories by their time, or because a lead or Guardian of the body says so."""

    transaction: Transactions
    classes: RetentionClasses
    clock: Callable[[], datetime]

    def end_over(self, by: PersonId) -> int:
        """Forget each case whose memory has had its time, and return how many.

        The days count from the entry that says that its words went.
        """
        today = uk_day(self.clock())
        with self.transaction() as tx:
            remembered = tx.earlier.cases_without_words()
            over = [case for case in remembered if self._is_over(tx, case, today)]
            for case in over:
                tx.earlier.forget(case)
            if over:
                tx.append(*(memory_ended(case, by) for case in over))
        return len(over)

    def end(self, person: Person, named: str) -> None:
        """Forget a case whose words are gone, now.

        Raises `UnknownCaseError`, and `WrongStateError` while its words are there.
        """
        with self.transaction() as tx:
            case = seen_case(tx, person, case_or_reference(tx, named))
            if case.id not in tx.earlier.cases_without_words():
                raise WrongStateError(
                    "Nothing is remembered of it, or its words are still there: broker keys erase"
                )
            tx.earlier.forget(case.id)
            tx.append(memory_ended(case.id, person.id))

    def _is_over(self, tx: Transaction, case: CaseId, today: date) -> bool:
        gone = [one for one in tx.known().about(CASE, case) if one.type == _ERASED]
        if not gone:
            # No entry says that its words went, so nothing says that its time is over.
            return False
        days = self.classes.memory(tx, tx.cases.find(case))
        return uk_day(moment_of(gone[-1].moment)) + timedelta(days=days) <= today

"""The periods that a body sets for its kinds of case; the rest is as the installation has it."""

from dataclasses import dataclass, replace

from broker.domain.cases.cases import Case
from broker.domain.cases.retention_classes import USUAL_MEMORY, RetentionClass
from broker.domain.model import Person
from broker.domain.people.errors import TwoPeopleNeededError
from broker.domain.retention_periods import RetentionPeriods
from broker.domain.times import Clock, uk_day
from broker.ledger.changes.cases import retention_set
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionClasses:
    """Keeps periods by body and kind of case; `usual` are the installation's."""

    transaction: Transactions
    usual: RetentionPeriods
    clock: Clock

    def of_body(self, agency: AgencyId) -> tuple[RetentionClass, ...]:
        """Return what a body has set, by kind."""
        with self.transaction() as tx:
            found = (one for one in tx.retention_classes.all() if one.agency == agency)
            return tuple(sorted(found, key=lambda one: one.kind))

    def set(self, new: RetentionClass, by: Person, second: Person | None) -> RetentionClass:
        """Set the periods of a body for a kind of case; a longer one takes two people.

        Raises `NotAllowedError` for what is not finite, rests on nothing or is looked at too
        late, and `TwoPeopleNeededError`.
        """
        new.require_fit(uk_day(self.clock()))
        with self.transaction() as tx:
            before = tx.retention_classes.find(by.agency, new.kind, to_change=True)
            is_confirmed = second is not None and second.id != by.id
            if new.lengthens(before, self.usual) and not (
                is_confirmed and second is not None and second.agency == by.agency
            ):
                raise TwoPeopleNeededError
            kept = replace(
                new,
                agency=by.agency,
                set_by=by.id,
                second=second.id if second is not None and is_confirmed else None,
                version=1 if before is None else before.version + 1,
            )
            stored = tx.retention_classes.put(kept, is_first=before is None)
            tx.append(retention_set(kept, stored))
        return kept

    def periods(self, tx: Transaction, case: Case | None) -> RetentionPeriods:
        """Return how long the words of a case are kept; raises `RowDisagreesError`."""
        found = self._of(tx, case)
        return self.usual if found is None else found.periods(self.usual)

    def memory(self, tx: Transaction, case: Case | None) -> int:
        """Return for how many days a case is remembered; raises `RowDisagreesError`."""
        found = self._of(tx, case)
        return USUAL_MEMORY if found is None else found.memory

    def _of(self, tx: Transaction, case: Case | None) -> RetentionClass | None:
        return None if case is None else tx.retention_classes.find(case.agency, case.kind)

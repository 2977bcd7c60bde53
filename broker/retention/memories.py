"""That there was a concern is remembered longer than its words, and not for ever either.

A lead looks at it each year and keeps it on with a reason, or ends it; a child's that nobody
looked at goes at that year's end, an adult's at the end of its class.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from audit.log.known import CASE
from broker.cases.members import case_or_reference, references_of, seen_case
from broker.domain.cases.cases import Case, UnknownCaseError
from broker.domain.cases.memories import Look, Memory
from broker.domain.errors import RowDisagreesError, WrongStateError
from broker.domain.grounds import must_be_a_reason
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.domain.times import Clock, moment_of, uk_day
from broker.ledger.changes.cases import memory_ended, memory_kept
from broker.ledger.events import Event
from broker.ledger.readings import Content, Entrance, record_reading
from broker.retention.classes import RetentionClasses
from broker.storage.rows.indexes.marked import ends_memory
from broker.storage.transaction import Transaction, Transactions
from keys import CaseId, PersonId

_ERASED, _TOLD = "erased", "memory.told"
_NOT_REMEMBERED = "Nothing is remembered of it, or its words are still there, which end first."


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMemories:
    """Of what a lead is to be written to, and which cases' memories have had their time."""

    to_tell: tuple[Memory, ...] = ()
    over: tuple[CaseId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Memories:
    """Keeps memories on, and ends them: by their time, or as a lead or Guardian of the body says.

    Every method opens its own transaction.
    """

    transaction: Transactions
    classes: RetentionClasses
    clock: Clock

    def today(self) -> date:
        """Return the day in the United Kingdom."""
        return uk_day(self.clock())

    def of_body(self, lead: Person) -> tuple[Memory, ...]:
        """Return what is remembered of the cases of a lead's body, the first to go first."""
        with self.transaction.looking() as tx:
            cases = (one for one in self._cases(tx) if one.agency == lead.agency)
            known = [found for one in cases if (found := self._memory(tx, one)) is not None]
        return tuple(sorted(known, key=lambda one: (one.goes_on, one.case)))

    def due(self) -> DueMemories:
        """Return what something becomes of today, from one reading that holds nobody up.

        A row that is not to be believed is an alarm, and its case alone is left out. Whoever acts
        on what is returned looks again, by `still`, in the turn in which it writes.
        """
        today = self.today()
        with self.transaction.database.reading() as connection:
            tx = self.transaction.on(connection)
            known = [self._if_believed(tx, one) for one in _without_words(tx)]
        found = [one for one in known if one is not None]
        return DueMemories(
            to_tell=tuple(one for one in found if one.is_to_be_told(today)),
            over=tuple(one.case for one in found if one.goes_on <= today),
        )

    def still(self, tx: Transaction, case: CaseId) -> Memory | None:
        """Return what is remembered of a case at this moment, None where nothing is."""
        found = tx.cases.find(case)
        return None if found is None else self._memory(tx, found)

    def open(self, lead: Person, named: str, how: Entrance) -> Memory:
        """Return what is remembered of a case, with why it was kept on; recorded.

        Raises `UnknownCaseError`, and `WrongStateError` where it is not remembered.
        """
        with self.transaction() as tx:
            found = self._of_lead(tx, lead, named)
            record_reading(tx, lead, Content.EARLIER, how, found.references[0])
        return found

    def keep(self, lead: Person, named: str, why: str) -> Memory:
        """Keep a memory on for another year, or to the end of its class if that comes first.

        Raises as `open`, and `NotAllowedError` without a reason in words.
        """
        must_be_a_reason(why)
        with self.transaction() as tx:
            found = self._of_lead(tx, lead, named)
            look = Look(case=found.case, agency=lead.agency, on=self.today(), by=lead.id, why=why)
            tx.append(memory_kept(look, tx.looks.put(look)))
        return replace(found, look=look)

    def end_over(self, over: Collection[CaseId], by: PersonId) -> int:
        """Forget each of these cases whose memory has had its time, and return how many.

        The days count from the entry that says that its words went, and from the last look.
        """
        if not over:
            return 0
        with self.transaction() as tx:
            known = [found for one in over if (found := self.still(tx, one)) is not None]
            gone = [one.case for one in known if one.goes_on <= self.today()]
            if gone:
                tx.append(*[self._forget(tx, case, by) for case in gone])
        return len(gone)

    def end(self, person: Person, named: str) -> None:
        """Forget a case whose words are gone, now.

        Raises `UnknownCaseError`, and `WrongStateError` while its words are there.
        """
        with self.transaction() as tx:
            case = seen_case(tx, person, case_or_reference(tx, named))
            _require_remembered(tx, case)
            tx.append(self._forget(tx, case.id, person.id))

    def _of_lead(self, tx: Transaction, lead: Person, named: str) -> Memory:
        case = seen_case(tx, lead, case_or_reference(tx, named), to_change=True)
        if lead.role is not Role.LEAD or case.agency != lead.agency:
            raise UnknownCaseError
        _require_remembered(tx, case)
        found = self._memory(tx, case)
        if found is None:
            raise WrongStateError(_NOT_REMEMBERED)
        return found

    def _forget(self, tx: Transaction, case: CaseId, by: PersonId) -> Event:
        tx.earlier.forget(case)
        return memory_ended(case, by, tx.looks.empty(case))

    def _cases(self, tx: Transaction) -> Iterator[Case]:
        return filter(None, map(tx.cases.find, _without_words(tx)))

    def _if_believed(self, tx: Transaction, case: CaseId) -> Memory | None:
        try:
            with self.transaction.remembering():
                return self.still(tx, case)
        except RowDisagreesError:
            return None

    def _memory(self, tx: Transaction, case: Case) -> Memory | None:
        """Return what is remembered of a case; None where no entry says that its words went.

        And where one says that it is forgotten.
        """
        entries = tx.known().about(CASE, case.id)
        days = {one.type: one.moment for one in entries}
        if _ERASED not in days or any(ends_memory(entry.event) for entry in entries):
            return None
        since = uk_day(moment_of(days[_ERASED]))
        whose, look = tx.looks.of(case.id)
        return Memory(
            case=case.id,
            agency=case.agency,
            references=tx.store.references_of(case.id) or references_of(tx, case.id),
            words_gone_on=since,
            ends_on=since + timedelta(days=self.classes.memory(tx, case)),
            whose=whose,
            look=look,
            told_on=uk_day(moment_of(days[_TOLD])) if _TOLD in days else None,
        )


def _without_words(tx: Transaction) -> list[CaseId]:
    """Return the cases that are remembered without their words, whatever was taken away of it."""
    return sorted({*tx.earlier.cases_without_words(), *tx.looks.remembered()})


def _require_remembered(tx: Transaction, case: Case) -> None:
    is_remembered = tx.earlier.remembers(case.id) or tx.looks.remembers(case.id)
    is_erased = any(one.type == _ERASED for one in tx.known().about(CASE, case.id))
    if not (is_remembered and (is_erased or tx.store.is_erased(case.id))):
        raise WrongStateError(_NOT_REMEMBERED)

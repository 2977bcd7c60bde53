"""A lead is written to before what is remembered of a case is to be looked at, or ends."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.domain.cases.memories import Memory
from broker.domain.roles import Role
from broker.domain.times import Clock, spelled_day, uk_day
from broker.ledger.changes.cases import memory_told
from broker.registers.checkers import Colleague, colleagues
from broker.retention.memories import Memories
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId, PersonId

_BROKER: Final = PersonId("broker")
_HOW: Final = (
    'Open "What is remembered" and say whether it must be, or: broker memory keep {named}'
)
_ENDS: Final = "That is the end of its time. Nothing is asked of you."


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryTelling:
    """Tells leads by mail, once 30 days before each day that comes for a memory."""

    transaction: Transactions
    memories: Memories
    notices: PersonNotices
    clock: Clock

    def tell(self, due: Collection[Memory]) -> int:
        """Tell of what is due and was not told yet; return of how many memories.

        A body without a lead is told through its Guardians; one without either waits for one,
        and holds nobody up meanwhile.
        """
        hears = self._hearers({one.agency for one in due})
        cases = [one.case for one in due if hears[one.agency]]
        if not cases:
            return 0
        now = self.clock()
        with self.transaction() as tx:
            found = filter(None, (self.memories.still(tx, case) for case in cases))
            told = [one for one in found if one.is_to_be_told(uk_day(now))]
            if told:
                tx.append(*(memory_told(one, _BROKER) for one in told))
        for memory in told:
            for colleague in hears[memory.agency]:
                self.notices.send(_notice(memory, colleague.contact), now)
        return len(told)

    def _hearers(self, agencies: Collection[AgencyId]) -> dict[AgencyId, tuple[Colleague, ...]]:
        if not agencies:
            return {}
        with self.transaction.looking() as tx:
            return {agency: self._hears(tx, agency) for agency in sorted(agencies)}

    def _hears(self, tx: Transaction, agency: AgencyId) -> tuple[Colleague, ...]:
        today = uk_day(self.clock())
        leads = colleagues(tx, agency, (Role.LEAD,), today)
        return leads or colleagues(tx, agency, (Role.GUARDIAN,), today)


def _notice(memory: Memory, to: str) -> PersonNotice:
    named = str(memory.references[0])
    on = spelled_day(memory.goes_on)
    look_by = spelled_day(memory.look_by)
    said: tuple[str, ...]
    if memory.look_by >= memory.ends_on:
        said = (f"What is remembered of {named} is forgotten on {on}.", _ENDS)
    elif memory.goes_unless_kept:
        said = (
            f"What is remembered of {named} is forgotten on {on}, unless you keep it on.",
            _HOW.format(named=named),
        )
    else:
        said = (
            f"Look by {look_by} whether {named} must still be remembered.",
            f"If nobody does, it is remembered until {on}.",
            _HOW.format(named=named),
        )
    return PersonNotice(to=to, subject=f"What is remembered of {named}", sentences=said)

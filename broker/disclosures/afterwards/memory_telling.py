"""A lead is written to before what is remembered of a case is to be looked at, or ends."""

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
from keys import PersonId

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

    def tell(self) -> int:
        """Tell of what was not told yet; return of how many memories.

        A body without a lead is told through its Guardians; one without either waits for one.
        """
        now = self.clock()
        with self.transaction() as tx:
            found = [(one, self._hears(tx, one)) for one in self.memories.to_tell(tx)]
            told = [(one, hears) for one, hears in found if hears]
            if told:
                tx.append(*(memory_told(one, _BROKER) for one, _ in told))
        for memory, hears in told:
            for colleague in hears:
                self.notices.send(_notice(memory, colleague.contact), now)
        return len(told)

    def _hears(self, tx: Transaction, memory: Memory) -> tuple[Colleague, ...]:
        today = uk_day(self.clock())
        leads = colleagues(tx, memory.agency, (Role.LEAD,), today)
        return leads or colleagues(tx, memory.agency, (Role.GUARDIAN,), today)


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

"""Legal holds: somebody needs a case kept, whatever its time."""

from dataclasses import dataclass
from datetime import date

from broker.domain.errors import NotAllowedError, WrongStateError
from broker.domain.model import LegalHold
from broker.domain.references import Reference
from broker.domain.times import Clock, uk_day
from broker.ledger import events
from broker.storage.case_file import Part
from broker.storage.transaction import Transactions
from keys import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRequest:
    """Who needs a case kept, an opaque identifier, to the end of which day, and why in words."""

    owner: PersonId
    until: date
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHolds:
    """Has cases kept and lets them go; every method opens its own transaction."""

    transaction: Transactions
    clock: Clock

    def hold(self, reference: Reference, by: PersonId, request: HoldRequest) -> LegalHold:
        """Keep the case of a disclosure, whatever its time; return the hold.

        It replaces an earlier one of the same owner. Raises `NotAllowedError` without a reason or
        a day to come, and `KeyErasedError`.
        """
        now = self.clock()
        if not request.why.strip():
            raise NotAllowedError("A hold needs a reason, which is kept with the case. Write one.")
        if request.until < uk_day(now):
            raise NotAllowedError("A hold ends on a day to come. Give one, such as 2027-03-31.")
        with self.transaction() as tx:
            disclosure = tx.any_agencys(reference)
            hold = LegalHold(
                case=disclosure.case, owner=request.owner, until=request.until, set_at=now
            )
            why_c = tx.case_file(disclosure).commit(Part.WHY_HELD.at_random(), request.why)
            tx.holds.put(hold)
            tx.append(events.hold_set(disclosure, by, hold, why_c))
        return hold

    def lift(self, reference: Reference, by: PersonId, owner: PersonId) -> None:
        """Let a case go that an owner had kept; raises `WrongStateError` where they have not."""
        with self.transaction() as tx:
            disclosure = tx.disclosure(reference)
            if not tx.holds.lift(disclosure.case, owner, self.clock()):
                raise WrongStateError("This owner has no hold on the case. See: broker hold list")
            tx.append(events.hold_lifted(disclosure, by, owner))

    def all(self) -> tuple[tuple[Reference, LegalHold], ...]:
        """Return every hold that was not lifted, the first to end first; some may have ended."""
        with self.transaction() as tx:
            return tx.holds.everywhere()

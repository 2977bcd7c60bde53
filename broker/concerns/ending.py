"""How a concern that nobody sent ends: with its text, so that nobody can read a word of it.

That there was one is remembered longer, as of what was sent: a later concern finds it. Where
something was sent of its case, it goes with that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from audit.format import events as ledger
from broker.cases.members import case_or_reference, references_of
from broker.domain.cases.memories import Remembered, Whose
from broker.domain.concerns.concerns import Concern, ConcernStage
from broker.domain.errors import UnknownReferenceError, WrongStateError
from broker.domain.references import Prefix
from broker.domain.times import Clock, uk_day
from broker.ledger.events import Event
from broker.retention.case_end import destroy_key, ended, is_recorded, refuse_held
from broker.retention.disposal import CLOCK
from broker.retention.erasure import Why
from broker.storage.transaction import Transaction, Transactions
from keys import CaseId, PersonId, UnknownKeyError

BY_THE_CLOCK: Final = PersonId(CLOCK)
_UNDER_WAY: Final = (
    "Somebody still works on this concern. Let it be answered, and sent or left, first. "
    "Nothing was erased."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftConcerns:
    """Erases the cases of concerns that were left or taken on, and whose text is gone."""

    transaction: Transactions
    clock: Clock

    def erase_ended(self) -> int:
        """Destroy the key of each such case, once that is on the ledger; return how many went."""
        living = frozenset(self.transaction.keystore.cases())
        with self.transaction() as tx:
            unsent = [one for one in tx.concerns.unsent() if one.case in living]
            over = [one for one in unsent if _is_alone(tx, one) and self._is_gone(tx, one)]
            events = [self._ended(tx, one) for one in over if not is_recorded(tx, one.case)]
            if events:
                tx.append(*chain.from_iterable(events))
        for one in over:
            self.transaction.keystore.erase_case(one.case, self.clock())
        return len(over)

    def erasable(self, named: str) -> Concern | None:
        """Return the concern that is all there is of a case; None where something was sent of it.

        Named by itself or by its reference. Raises `WrongStateError` for one that is not over.
        """
        with self.transaction() as tx:
            return _alone(tx, named)

    def erase(self, named: str, by: PersonId, why: Why) -> bool:
        """Erase such a concern with its text, and say whether it was still there.

        Its memory ends with it, unless its time alone is why. May be repeated, and must be after
        `KeystoreUnavailableError`. Raises `UnknownReferenceError`, as `erasable`, and `HeldError`.
        """
        with self.transaction() as tx:
            concern = _alone(tx, named)
            if concern is None:
                raise UnknownReferenceError
            is_there = not is_recorded(tx, concern.case)
            if is_there:
                refuse_held(tx, concern.case, uk_day(self.clock()))
                tx.drafts.remove((concern.draft,))
                if why != "retention":
                    tx.earlier.forget(concern.case)
                tx.append(*self._ended(tx, concern, by, why))
        keystore = self.transaction.keystore
        keystore.destroy_draft_keys((CaseId(concern.draft),))
        destroy_key(keystore, concern.case, self.clock())
        return is_there

    def _ended(
        self,
        tx: Transaction,
        concern: Concern,
        by: PersonId = BY_THE_CLOCK,
        why: Why = "retention",
    ) -> Iterator[Event]:
        """Return that its words went, and that it is remembered where a later one finds it.

        Nobody can say any more whose it is, so it counts as a child's.
        """
        now = self.clock()
        gone = ledger.CaseErased(ref=str(concern.reference), by=by, case=concern.case, why=why)
        remembered = Remembered(
            case=concern.case,
            agency=concern.agency,
            whose=Whose.UNKNOWN,
            since=uk_day(now),
            by=by,
        )
        return ended(tx, (gone.event(),), remembered, now)

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


def _alone(tx: Transaction, named: str) -> Concern | None:
    case = case_or_reference(tx, named)
    references = references_of(tx, case)
    if any(one.prefix is not Prefix.CONCERN for one in references):
        return None
    concern = tx.concerns.find(references[0]) if references else None
    if concern is None:
        return None
    if concern.stage is not ConcernStage.CLOSED:
        raise WrongStateError(_UNDER_WAY)
    return concern

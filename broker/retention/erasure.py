"""Erase a case, unless somebody has it kept: its rows go, the ledger says so, then its key goes.

The entry comes first, so that no key goes without one. A crash right after it leaves a key that
opens nothing here any more; the next start destroys it, and so does the first start with an older
keystore that was put back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from audit.log.known import CASE
from broker.cases.members import case_or_reference
from broker.domain.cases.memories import Remembered, Whose, whose
from broker.domain.errors import (
    LedgerDisagreesError,
    NoteOwedError,
    UnderWayError,
    UnknownReferenceError,
)
from broker.domain.model import Disclosure
from broker.domain.obligations import note_owed
from broker.domain.references import Reference
from broker.domain.retention_periods import NOTE_WAITS_DAYS
from broker.domain.states import STANDS, UNDER_WAY, State
from broker.domain.times import Clock, uk_day
from broker.ledger import events
from broker.retention.case_end import destroy_key, ended, is_recorded, refuse_held
from broker.retention.passphrases import Passphrases
from broker.storage.transaction import Transaction, Transactions
from keys import CannotOpenError, CaseId, PersonId, UnknownKeyError

Why = Literal["error", "order", "request", "retention"]
REASONS: tuple[Why, ...] = get_args(Why)
"""Why a case can be erased; `retention` is also what the clock gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasures:
    """Erases cases, and has cases kept; every method opens its own transaction."""

    transaction: Transactions
    clock: Clock

    @property
    def passphrases(self) -> Passphrases:
        """How passphrases end, which is before their case does."""
        return Passphrases(transaction=self.transaction, clock=self.clock)

    def erasable(
        self, named: str, why: Why = "request", on: date | None = None
    ) -> tuple[Disclosure, ...]:
        """Return the disclosures of a case, named by itself or by one of its references.

        Raises `UnknownReferenceError`, and as `erase` where the case may not be erased on a day,
        today unless told, if nothing becomes of it until then.
        """
        with self.transaction() as tx:
            disclosures = _known(tx, case_or_reference(tx, named))
            self._refuse(tx, disclosures, why, on or self.today())
        return disclosures

    def without_a_note(self, disclosures: Iterable[Disclosure]) -> tuple[Reference, ...]:
        """Return those of which nobody has said that the sender's own record has them."""
        with self.transaction() as tx:
            return tuple(one.reference for one in disclosures if _note_until(tx, one))

    def erase(self, case: CaseId, by: PersonId, why: Why) -> bool:
        """Erase a case and say whether it was still there.

        May be repeated, and must be after `KeystoreUnavailableError`. Raises
        `UnknownReferenceError`, `UnderWayError` while the broker still has something to do for
        it, `HeldError` while somebody has it kept, and `NoteOwedError` where it goes by its time
        and a note in the sender's own record is owed.
        """
        with self.transaction() as tx:
            living = [one for one in _known(tx, case) if one.state is not State.ERASED]
            if living:
                self._refuse(tx, living, why, self.today())
                tx.copies.forget(case)
                for one in living:
                    tx.pages.forget(one.reference)
                known = _whose(tx, living)
                tx.store.erase(case, self.clock())
                if why != "retention":
                    # Its words have their time and its memory another; who asks ends both.
                    tx.earlier.forget(case)
                gone = (events.erased(one, by, why) for one in living)
                remembered = Remembered(
                    case=case, agency=living[0].sender, whose=known, since=self.today(), by=by
                )
                tx.append(*ended(tx, gone, remembered, self.clock()))
        self._destroy(case)
        return bool(living)

    def complete(self) -> int:
        """Destroy every key that is still there of a case that the ledger calls erased.

        Returns how many there were: after a crash one, after an older keystore was put back any
        number.
        """
        living = frozenset(self.transaction.keystore.cases())
        with self.transaction() as tx:
            left = living & tx.store.erased_cases()
        return sum(self._complete(case) for case in sorted(left))

    def today(self) -> date:
        """Return the day in the United Kingdom."""
        return uk_day(self.clock())

    def _refuse(
        self, tx: Transaction, disclosures: Iterable[Disclosure], why: Why, on: date
    ) -> None:
        for disclosure in disclosures:
            if disclosure.state in UNDER_WAY or tx.outbox.waits_for(disclosure.reference):
                raise UnderWayError(str(disclosure.reference), STANDS[disclosure.state])
            refuse_held(tx, disclosure.case, on)
            until = _note_until(tx, disclosure)
            if why == "retention" and until is not None and on < until:
                raise NoteOwedError(str(disclosure.reference), until)

    def _complete(self, case: CaseId) -> bool:
        # A hand in the database could call a case erased; only an entry makes us destroy a key.
        with self.transaction() as tx:
            was_erased = is_recorded(tx, case)
        if was_erased:
            self._destroy(case)
        return was_erased

    def _destroy(self, case: CaseId) -> None:
        destroy_key(self.transaction.keystore, case, self.clock())


def _note_until(tx: Transaction, disclosure: Disclosure) -> date | None:
    """Return how long a note that is owed keeps a disclosure, None where none is owed."""
    if disclosure.state in {State.RECALLED, State.ERASED}:
        return None
    owed = note_owed(tx.duties.of(disclosure.reference))
    return None if owed is None else owed + timedelta(days=NOTE_WAITS_DAYS)


def _whose(tx: Transaction, living: Iterable[Disclosure]) -> Whose:
    """Return whose words they are, while they are there; what does not open says it of nobody."""
    try:
        return whose((tx.case_file(one).facts(), uk_day(one.created_at)) for one in living)
    except (CannotOpenError, UnknownKeyError):
        return Whose.UNKNOWN


def _known(tx: Transaction, case: CaseId) -> tuple[Disclosure, ...]:
    """Return the disclosures of a case, each as its entries say, and all that they name."""
    # A key whose case has not committed yet belongs to a submission that is being taken in.
    disclosures = tuple(tx.disclosure(one.reference) for one in tx.store.of_case(case))
    if not disclosures:
        raise UnknownReferenceError
    entries = tx.known().about(CASE, case)
    taken_in = {entry.reference for entry in entries if entry.type == "received"}
    if not taken_in <= {str(one.reference) for one in disclosures}:
        raise LedgerDisagreesError("what belongs to its case")
    return disclosures

"""What is kept, for how long still, and what goes because its time is over."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from operator import itemgetter
from typing import Self

from broker.domain.errors import LedgerDisagreesError, StaysError, WrongStateError
from broker.domain.model import Disclosure
from broker.domain.references import Reference
from broker.domain.retention_periods import WARNING_DAYS, RetentionPeriods
from broker.domain.states import State
from broker.domain.times import Clock, moment_of, uk_day
from broker.ledger import events
from broker.retention.classes import RetentionClasses
from broker.retention.erasure import Erasures
from broker.storage.rows.said import said_of
from broker.storage.transaction import Transaction, Transactions
from keys import CaseId, PersonId

CLOCK = PersonId("broker")
"""Who erases what nobody asked to be erased: the broker itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetainedCase:
    """A case that is kept: when it goes, and by when somebody looks whether it must go before.

    `review_on` is None where it goes before it would be looked at.
    """

    case: CaseId
    references: tuple[Reference, ...]
    erase_on: date
    review_on: date | None

    @classmethod
    def of(cls, case: CaseId, disclosures: Sequence[Disclosure], terms: RetentionPeriods) -> Self:
        """Return when a case goes, which is with the last of its disclosures."""
        erase_on = max(_erase_on(disclosure, terms) for disclosure in disclosures)
        reviews = [
            _review_on(disclosure, terms)
            for disclosure in disclosures
            if not _was_opened(disclosure)
        ]
        review_on = min(reviews, default=erase_on)
        return cls(
            case=case,
            references=tuple(disclosure.reference for disclosure in disclosures),
            erase_on=erase_on,
            review_on=review_on if review_on < erase_on else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDisposal:
    """A case whose time is nearly or quite over; `obstacle` says why it does not go on its day."""

    kept: RetainedCase
    obstacle: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposals:
    """Ends what is kept by its time; every method opens its own transactions."""

    transaction: Transactions
    erasures: Erasures
    classes: RetentionClasses
    clock: Clock

    def to_review(self) -> tuple[RetainedCase, ...]:
        """Return the cases that somebody must look at by today, the first due first."""
        today = self.today()
        due = [(one.review_on, one.case, one) for one in self._kept() if one.review_on]
        return tuple(one for on, _, one in sorted(due, key=itemgetter(0, 1)) if on <= today)

    def ending(self, *, within_days: int = WARNING_DAYS) -> tuple[DueDisposal, ...]:
        """Return the cases whose time is over within some days, the first to go first."""
        limit = self.today() + timedelta(days=within_days)
        soon = sorted(
            (one for one in self._kept() if one.erase_on <= limit),
            key=lambda one: (one.erase_on, one.case),
        )
        return tuple(DueDisposal(kept=one, obstacle=self._obstacle(one)) for one in soon)

    def run(self) -> tuple[DueDisposal, ...]:
        """Erase each case whose time is over and return all of these, also those that stay.

        What is under way, held or waits for a note stays. Raises
        `KeystoreUnavailableError`; run it again then.
        """
        return tuple(
            replace(one, obstacle=one.obstacle or _obstacle_to(partial(self._erase, one.kept)))
            for one in self.ending(within_days=0)
        )

    def keep(self, reference: Reference, by: PersonId) -> date:
        """Record that somebody looked at a case and keeps it on; return until when.

        Raises `WrongStateError` where there is nothing to review, and `KeyErasedError`.
        """
        with self.transaction() as tx:
            disclosure = tx.any_agencys(reference)
            terms = self.classes.periods(tx, tx.cases.find(disclosure.case))
            if _alone(disclosure, terms).review_on is None:
                raise WrongStateError("It goes without a review. See: broker retention list")
            tx.store.note_reviewed(reference, self.today())
            after = _alone(replace(disclosure, reviewed_on=self.today()), terms)
            until = after.review_on or after.erase_on
            tx.append(events.kept(disclosure, by, until))
        return until

    def today(self) -> date:
        """Return the day in the United Kingdom."""
        return uk_day(self.clock())

    def _kept(self) -> tuple[RetainedCase, ...]:
        by_case: defaultdict[CaseId, list[Disclosure]] = defaultdict(list)
        with self.transaction.database.reading() as connection:
            tx = self.transaction.on(connection)
            for disclosure in tx.store.unerased():
                by_case[disclosure.case].append(disclosure)
            terms = self._terms(tx)
        return tuple(
            RetainedCase.of(case, found, terms(case, found)) for case, found in by_case.items()
        )

    def _terms(
        self, tx: Transaction
    ) -> Callable[[CaseId, Sequence[Disclosure]], RetentionPeriods]:
        """Return what gives the periods of a case, for lists: whatever erases looks again."""
        usual, kinds = self.classes.usual, tx.cases.kinds()
        ours = {(one.agency, one.kind): one for one in tx.retention_classes.all()}

        def terms(case: CaseId, found: Sequence[Disclosure]) -> RetentionPeriods:
            known = ours.get((found[0].sender, kinds[case])) if case in kinds else None
            return usual if known is None else known.periods(usual)

        return terms

    def _obstacle(self, kept: RetainedCase) -> str | None:
        """Return why a case stays on its day, or today where that is over."""
        on = max(kept.erase_on, self.today())
        return _obstacle_to(partial(self.erasures.erasable, kept.case, "retention", on))

    def _erase(self, kept: RetainedCase) -> None:
        with self.transaction() as tx:
            found = [_by_its_entries(tx, tx.disclosure(one)) for one in kept.references]
            terms = self.classes.periods(tx, tx.cases.find(kept.case))
        if RetainedCase.of(kept.case, found, terms).erase_on > self.today():
            # A date in a row destroys nothing: the day counts from the entries.
            raise LedgerDisagreesError("since when it is kept")
        self.erasures.erase(kept.case, CLOCK, "retention")


def _alone(disclosure: Disclosure, terms: RetentionPeriods) -> RetainedCase:
    return RetainedCase.of(disclosure.case, (disclosure,), terms)


def _obstacle_to(act: Callable[[], object]) -> str | None:
    try:
        act()
    except StaysError as error:
        return error.because
    except LedgerDisagreesError as error:
        return str(error)
    return None


def _by_its_entries(tx: Transaction, disclosure: Disclosure) -> Disclosure:
    """Return a disclosure with the days that its entries give."""
    said = said_of(tx.about(disclosure.reference))
    return replace(
        disclosure,
        created_at=moment_of(said.taken_in),
        changed_at=moment_of(said.moved or said.taken_in),
        reviewed_on=uk_day(moment_of(said.kept)) if said.kept else None,
    )


def _was_opened(disclosure: Disclosure) -> bool:
    return disclosure.state is State.ACKNOWLEDGED


def _erase_on(disclosure: Disclosure, terms: RetentionPeriods) -> date:
    if _was_opened(disclosure):
        return uk_day(disclosure.changed_at) + timedelta(days=terms.delivered)
    return uk_day(disclosure.created_at) + timedelta(days=terms.undelivered)


def _review_on(disclosure: Disclosure, terms: RetentionPeriods) -> date:
    looked_at = disclosure.reviewed_on or uk_day(disclosure.created_at)
    return looked_at + timedelta(days=terms.review)

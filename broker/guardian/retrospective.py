"""The Caldicott Guardian looks back: at every emergency, every override, and a sample of the rest.

Nothing is edited: to concur or to dissent is a new entry. A dissent changes no decision; the
Guardian can recall what is still unopened, and says in the reason what must follow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from audit.errors import BrokenLedgerError, ForeignGrowthError
from audit.log.known import REF
from broker.disclosures.repeats import done_before
from broker.domain.errors import WrongStateError
from broker.domain.grounds import Opinion
from broker.domain.json_values import as_object, is_object
from broker.domain.model import Disclosure, Duty, Person, SubmissionKey
from broker.domain.obligations import (
    EMERGENCY,
    GUARDIAN_SAMPLE,
    LOOKED_BACK,
    OVERRIDE,
    SAMPLE,
    to_look_back_at,
)
from broker.domain.references import Reference
from broker.domain.times import Clock, day_text, uk_day
from broker.ledger import events
from broker.storage.case_file import CaseFile, Part
from broker.storage.transaction import Transaction, Transactions
from policies import Outcome

CAUSES = (EMERGENCY, OVERRIDE, SAMPLE)
"""Why a Guardian looks back at a decision."""

LISTED = 200
"""How many are listed at once, the first due first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A disclosure with a duty that somebody still has.

    `is_own`: whoever looks asked for it or decided it, so that another Guardian looks back.
    """

    disclosure: Disclosure
    duty: Duty
    is_own: bool = False

    @property
    def cause(self) -> str:
        """Why a Guardian looks back at it: `emergency`, `override` or `sample`."""
        if self.duty.type == GUARDIAN_SAMPLE:
            return SAMPLE
        is_emergency = self.disclosure.outcome == Outcome.EMERGENCY.value
        return EMERGENCY if is_emergency else OVERRIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrospective:
    """What a Guardian does after release; every method opens its own transaction."""

    transaction: Transactions
    clock: Clock

    def to_look_back_at(self, guardian: Person) -> tuple[Owed, ...]:
        """Return the decisions of the Guardian's agency to look back at, the first due first."""
        with self.transaction() as tx:
            owed = tx.duties.open(guardian.agency, LOOKED_BACK, limit=LISTED)
            own = _decided_by(tx, guardian, [disclosure for disclosure, _ in owed])
        return tuple(
            Owed(
                disclosure=disclosure,
                duty=duty,
                is_own=disclosure.requester == guardian.id or disclosure.reference in own,
            )
            for disclosure, duty in owed
        )

    def must_be_owed(self, reference: Reference, guardian: Person) -> Owed:
        """Return what a Guardian is asked to look back at; reads no words of it.

        Raises `WrongStateError` where nothing waits for it.
        """
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, guardian)
            owed = _owed(disclosure, tx.duties.of(reference))
            own = _decided_by(tx, guardian, [disclosure])
        return replace(owed, is_own=disclosure.requester == guardian.id or reference in own)

    def overdue(self, guardian: Person) -> tuple[Owed, ...]:
        """Return what others in the agency should have done after release and have not."""
        with self.transaction() as tx:
            owed = tx.duties.overdue(guardian.agency, self.today(), LOOKED_BACK, limit=LISTED)
        return tuple(Owed(disclosure=disclosure, duty=duty) for disclosure, duty in owed)

    def look_back(
        self,
        reference: Reference,
        guardian: Person,
        opinion: Opinion,
        key: SubmissionKey | None = None,
    ) -> Owed:
        """Record that the Guardian concurs with a decision or dissents from it.

        Returns what was looked back at; the same opinion again is recorded once. Raises
        `NotAllowedError` for whoever asked for it or approved it, or without grounds;
        `WrongStateError` where nothing waits for it.
        """
        opinion.must_be_written()
        with self.transaction() as tx:
            disclosure = tx.disclosure_for(reference, guardian)
            file, duties = tx.case_file(disclosure), tx.duties.of(reference)
            if done_before(tx, key, guardian, disclosure) or _was_given(file, guardian, opinion):
                return _looked_back(disclosure, duties)
            owed = _owed(disclosure, duties)
            opinion.must_be_independent(guardian.id, {disclosure.requester, _approver_of(file)})
            given = _given(guardian, self.today(), opinion)
            reason_c = file.commit(Part.RETROSPECTIVE.about(owed.cause), given)
            tx.duties.finish(reference, owed.duty.type, self.today())
            tx.append(events.looked_back(disclosure, guardian, owed.cause, opinion, reason_c))
        return owed

    def today(self) -> date:
        """Return the day in the United Kingdom."""
        return uk_day(self.clock())


def _decided_by(
    tx: Transaction, guardian: Person, disclosures: Sequence[Disclosure]
) -> frozenset[Reference]:
    """Return what a Guardian gave the newest answer to, as its entries say.

    Nothing while the ledger is at fault: then nobody looks back at anything.
    """
    try:
        known = tx.known()
    except (ForeignGrowthError, BrokenLedgerError):
        return frozenset()
    newest = {
        entry.event["ref"]: entry.event["by"]
        for one in disclosures
        for entry in known.about(REF, str(one.reference))
        if entry.type == "reviewed"
    }
    return frozenset(
        one.reference for one in disclosures if newest.get(str(one.reference)) == guardian.id
    )


def _owed(disclosure: Disclosure, duties: tuple[Duty, ...]) -> Owed:
    duty = to_look_back_at(duties)
    if duty is None:
        raise WrongStateError("Nobody has to look back at this, or somebody has.")
    return Owed(disclosure=disclosure, duty=duty)


def _looked_back(disclosure: Disclosure, duties: tuple[Duty, ...]) -> Owed:
    done = next(duty for duty in duties if duty.type in LOOKED_BACK and duty.done_on is not None)
    return Owed(disclosure=disclosure, duty=done)


def opinions_of(file: CaseFile) -> tuple[dict[str, object], ...]:
    """Return what Guardians thought of a disclosure afterwards, as it was kept."""
    kept = (file.found(Part.RETROSPECTIVE.about(cause)) for cause in CAUSES)
    # What an earlier release kept is the reason alone.
    return tuple(opinion for opinion in kept if is_object(opinion))


def _given(guardian: Person, on: date, opinion: Opinion) -> dict[str, object]:
    return {
        "by": guardian.id,
        "on": day_text(on),
        "opinion": opinion.view,
        "relation": opinion.relation,
        "principles": sorted(opinion.principles),
        "reason": opinion.reason,
        "learning": opinion.learning,
    }


def _was_given(file: CaseFile, guardian: Person, opinion: Opinion) -> bool:
    return any(
        {"learning": "", **one, "on": None} == {**_given(guardian, date.min, opinion), "on": None}
        for one in opinions_of(file)
    )


def _approver_of(file: CaseFile) -> str | None:
    approver = as_object(file.facts()["approval"])["approver"]
    return approver if isinstance(approver, str) else None

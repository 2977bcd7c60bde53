"""Which case a submission belongs to: the one that it names, or one that is opened with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from broker.cases.members import case_for, disclosures_of
from broker.cases.opening import opening
from broker.cases.steps import move
from broker.domain.cases.likeness import NAME, are_two_people
from broker.domain.cases.stages import RAILS, CaseKind, Stage
from broker.domain.errors import Fault, FaultyDocumentError
from broker.domain.model import Pack, Person
from broker.domain.states import State
from broker.ledger.events import Event
from broker.storage.transaction import Transaction
from keys import CaseId, CaseKey

_OF_A_COLLEAGUE: Final = "staff-process"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOfSubmission:
    """The case that a submission goes into, its key, and what that puts on the ledger."""

    id: CaseId
    key: CaseKey
    events: tuple[Event, ...]


def must_fit_its_case(tx: Transaction, pack: Pack, person: Person) -> None:
    """Return if somebody may put a pack to the case that it names, or it names none.

    Raises `UnknownCaseError` for whoever is no member, and `FaultyDocumentError` where the case is
    about another person: what one of them agreed to judges no pack about the other.
    """
    if pack.case is None:
        return
    case = case_for(tx, person, pack.case)
    before = [one for one in disclosures_of(tx, case.id) if one.state is not State.ERASED]
    if before and are_two_people(pack.form, tx.case_file(before[-1]).pack().form):
        raise FaultyDocumentError((Fault(place=f"form.{NAME}", problem=_ANOTHER),))


_ANOTHER: Final = (
    "names somebody else than what was sent of this case before. Submit it without the case, "
    "which opens one of its own; if it is one person under two names, write both"
)


def case_of(tx: Transaction, pack: Pack, person: Person, now: datetime) -> CaseOfSubmission:
    """Return the case of a submission, opened if it names none.

    Raises `UnknownCaseError` for one of which the person is no member, and `WrongStateError` for
    one that is closed.
    """
    if pack.case is None:
        is_staff = pack.questions.get("purpose") == _OF_A_COLLEAGUE
        kind = CaseKind.COLLEAGUE if is_staff else CaseKind.CONCERN
        opened = opening(tx, person, kind, now, stage=Stage.SHARING)
        return CaseOfSubmission(id=opened.case.id, key=opened.key, events=(opened.event,))
    case = case_for(tx, person, pack.case, to_change=True)
    case.require_open()
    key = tx.keystore.case_key(case.id)
    if Stage.SHARING not in RAILS[case.kind].get(case.stage, ()):
        # It is shared already, or is a case whose rail the panel goes by.
        return CaseOfSubmission(id=case.id, key=key, events=())
    _, event = move(tx, case, Stage.SHARING, person, now)
    return CaseOfSubmission(id=case.id, key=key, events=(event,))

"""The case of a concern: opened with the key of its draft, joined by whoever is asked."""

from datetime import datetime
from typing import Final

from broker.cases.opening import opening_of_draft
from broker.cases.steps import close
from broker.domain.cases.cases import Case, CaseMember
from broker.domain.cases.stages import CaseEnd, CaseKind, Stage
from broker.domain.concerns.concerns import About, Advice, Check, Concern
from broker.domain.concerns.drafts import Draft
from broker.domain.model import Person
from broker.ledger.changes import cases as case_events
from broker.ledger.events import Event
from broker.storage.transaction import Transaction
from keys import CaseId

_KINDS: Final = {About.PERSON: CaseKind.CONCERN, About.COLLEAGUE: CaseKind.COLLEAGUE}
_ENDS: Final = {
    Advice.SOCIAL_CARE: CaseEnd.SAFEGUARDING,
    Advice.EARLY_HELP: CaseEnd.EARLY_HELP,
    Advice.NOTHING_MORE: CaseEnd.NO_FURTHER_ACTION,
}


def opened_for(
    tx: Transaction, draft: Draft, about: About, check: Check, by: Person
) -> tuple[CaseId, tuple[Event, ...]]:
    """Open the case of a draft, with its writer and whoever is asked as members."""
    kind, key = _KINDS[about], CaseId(draft.row.id)
    opened = opening_of_draft(tx, by, kind, key, check.asked_at)
    return opened.case.id, (opened.event, *_joined(tx, opened.case, check, by))


def joined(tx: Transaction, concern: Concern, check: Check, by: Person) -> tuple[Event, ...]:
    """Let whoever is asked work on the case of a concern, unless they do already."""
    case = tx.cases.find(concern.case, to_change=True)
    return () if case is None else _joined(tx, case, check, by)


def left(tx: Transaction, concern: Concern, by: Person, now: datetime) -> tuple[Event, ...]:
    """Close the case of a concern that is left, as whoever did not want it sent said."""
    case = tx.cases.find(concern.case, to_change=True)
    answer = None if concern.advice is None else concern.advice.answer
    if case is None or answer is None or case.stage is Stage.CLOSED:
        return ()
    _, event = close(tx, case, _ENDS[answer.advice], by, now)
    return (event,)


def _joined(tx: Transaction, case: Case, check: Check, by: Person) -> tuple[Event, ...]:
    if any(one.person == check.asked_of and one.until is None for one in case.members):
        return ()
    member = CaseMember(
        person=check.asked_of,
        agency=case.agency,
        role=check.role,
        since=check.asked_at,
        until=None,
        added_by=by.id,
    )
    after = case.with_member(member)
    return (case_events.member_added(after, member, tx.cases.replace(after)),)

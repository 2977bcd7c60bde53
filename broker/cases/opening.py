"""Open a case: its key, its row with whoever opens it as the first member, its entry.

One that a call opens by its key is opened once, however often the call comes.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy.exc import IntegrityError

from audit.log.known import CASE
from broker.domain.cases.cases import Case, CaseMember
from broker.domain.cases.stages import CaseKind, Stage, first_stage
from broker.domain.errors import KeyReusedError, LedgerDisagreesError
from broker.domain.model import Disclosure, Person
from broker.domain.roles import Role
from broker.ledger.changes import cases as case_events
from broker.ledger.events import Event
from broker.storage.transaction import Transaction
from keys import CaseId, CaseKey, KeyExistsError

_ID_BYTES: Final = 8

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCase:
    """A case that was just opened: its key, and the event to be appended last."""

    case: Case
    key: CaseKey
    event: Event


def new_case_id() -> CaseId:
    """Return a random name for a case, which its key in the keystore bears too."""
    return CaseId(f"c-{secrets.token_hex(_ID_BYTES)}")


def opening(
    tx: Transaction, person: Person, kind: CaseKind, now: datetime, *, stage: Stage | None = None
) -> OpenedCase:
    """Open a case for somebody's body, at the first stage of its rail unless told.

    Its key is durable before the database commits: what rolls back leaves a key without a case.
    """
    case = _new(person, kind, stage or first_stage(kind), now)
    key = tx.keystore.new_case_key(case.id, now)
    return OpenedCase(case=case, key=key, event=case_events.case_opened(case, tx.cases.add(case)))


def opening_by_call(
    tx: Transaction, person: Person, kind: CaseKind, id_: CaseId, now: datetime
) -> OpenedCase:
    """Open the case that a call names; the key that an earlier try of it left is taken up."""
    case = replace(_new(person, kind, first_stage(kind), now), id=id_)
    try:
        key = tx.keystore.new_case_key(id_, now)
    except KeyExistsError:
        key = tx.keystore.case_key(id_)
    return OpenedCase(case=case, key=key, event=case_events.case_opened(case, tx.cases.add(case)))


def opening_of_draft(
    tx: Transaction, person: Person, kind: CaseKind, draft: CaseId, now: datetime
) -> OpenedCase:
    """Open the case of a draft that somebody is asked to check; the draft's key is the case's."""
    case = _new(person, kind, Stage.CHECKING, now)
    key = tx.keystore.make_case_of_draft(case.id, draft, now)
    return OpenedCase(case=case, key=key, event=case_events.case_opened(case, tx.cases.add(case)))


def adopt(tx: Transaction, disclosure: Disclosure) -> Event:
    """Open the case of a disclosure of an earlier release, its only one; return the event.

    Whoever submitted it is its member. Its key is there already.
    """
    person = Person(id=disclosure.requester, agency=disclosure.sender, role=Role.PRACTITIONER)
    case = Case(
        id=disclosure.case,
        kind=CaseKind.CONCERN,
        agency=disclosure.sender,
        opened_at=disclosure.created_at,
        opened_by=disclosure.requester,
        stage=Stage.SHARING,
        stage_since=disclosure.created_at,
        retention_class=CaseKind.CONCERN.value,
        members=(_first_member(person, disclosure.created_at),),
    )
    return case_events.case_opened(case, tx.cases.add(case))


def _new(person: Person, kind: CaseKind, stage: Stage, now: datetime) -> Case:
    return Case(
        id=new_case_id(),
        kind=kind,
        agency=person.agency,
        opened_at=now,
        opened_by=person.id,
        stage=stage,
        stage_since=now,
        retention_class=kind.value,
        members=(_first_member(person, now),),
    )


def _first_member(person: Person, now: datetime) -> CaseMember:
    return CaseMember(
        person=person.id,
        agency=person.agency,
        role=person.role,
        since=now,
        until=None,
        added_by=person.id,
    )


def once(id_: CaseId | None, opened: Callable[[], T]) -> T:
    """Return what opens a case, asked again where the same call was faster elsewhere."""
    try:
        return opened()
    except IntegrityError:
        if id_ is None:
            raise
        return opened()


def opened_before(
    tx: Transaction, id_: CaseId | None, person: Person, kind: CaseKind
) -> Case | None:
    """Return the case that a call of this name opened before, None for the first.

    Raises `KeyReusedError` where it opened another one, and `LedgerDisagreesError` where its row
    was taken away.
    """
    if id_ is None:
        return None
    found = tx.cases.find(id_)
    if found is None:
        if tx.known().about(CASE, id_):
            raise LedgerDisagreesError("that it was opened before")
        return None
    if (found.kind, found.opened_by, found.agency) != (kind, person.id, person.agency):
        raise KeyReusedError
    return found


def opening_of_call(
    tx: Transaction, person: Person, kind: CaseKind, id_: CaseId | None, now: datetime
) -> OpenedCase:
    """Open a case by the name that a call gives it, or by one of its own."""
    if id_ is None:
        return opening(tx, person, kind, now)
    return opening_by_call(tx, person, kind, id_, now)

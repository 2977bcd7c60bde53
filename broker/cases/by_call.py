"""A case that a call opens by its key: opened once, however often the call comes."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from audit.log.known import CASE
from broker.cases.opening import OpenedCase, opening, opening_by_call
from broker.domain.cases.cases import Case
from broker.domain.cases.stages import CaseKind
from broker.domain.errors import KeyReusedError, LedgerDisagreesError
from broker.domain.model import Person
from broker.storage.transaction import Transaction
from keys import CaseId

T = TypeVar("T")


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

"""How the words of a case go, whatever they were: it closes, is remembered, and its key ends.

Unless somebody has it kept.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime

from audit.log.known import CASE
from broker.cases.steps import close
from broker.domain.cases.memories import Remembered
from broker.domain.cases.stages import CaseEnd, Stage
from broker.domain.errors import HeldError
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.ledger.changes.cases import memory_begun
from broker.ledger.events import Event
from broker.storage.transaction import Transaction
from keys import CaseId, Keystore, UnknownKeyError


def refuse_held(tx: Transaction, case: CaseId, on: date) -> None:
    """Raise `HeldError` where somebody has a case kept on a day."""
    for hold in tx.holds.on(case):
        if hold.stands_on(on):
            raise HeldError(hold.owner, hold.until)


def ended(
    tx: Transaction, gone: Iterable[Event], remembered: Remembered, at: datetime
) -> Iterator[Event]:
    """Close a case, since nothing more can be put under its key, and begin its memory.

    Yields the events: `gone` says which words went. It is remembered where a later one finds it.
    """
    case = tx.cases.find(remembered.case, to_change=True)
    if case is not None and case.stage is not Stage.CLOSED:
        operator = Person(id=remembered.by, agency=case.agency, role=Role.OPERATOR)
        yield close(tx, case, CaseEnd.ERASED, operator, at)[1]
    yield from gone
    if tx.earlier.remembers(remembered.case):
        yield memory_begun(remembered, tx.looks.begin(remembered))


def is_recorded(tx: Transaction, case: CaseId) -> bool:
    """Say whether an entry has that a case was erased: a row alone makes us destroy no key."""
    return any(entry.type == "erased" for entry in tx.known().about(CASE, case))


def destroy_key(keystore: Keystore, case: CaseId, at: datetime) -> None:
    """Destroy the key of a case; a keystore that is older than the case never had it."""
    with suppress(UnknownKeyError):
        keystore.erase_case(case, at)

"""Move a case along the rail of its kind, and close it: compare-and-set, then the event."""

from datetime import datetime

from broker.domain.cases.cases import Case
from broker.domain.cases.stages import CaseEnd, Stage
from broker.domain.model import Person
from broker.ledger.changes import cases as case_events
from broker.ledger.events import Event
from broker.storage.transaction import Transaction


def move(
    tx: Transaction, case: Case, stage: Stage, person: Person, now: datetime
) -> tuple[Case, Event]:
    """Move a case that was found to be changed; return it as it is then, and the event.

    Raises `WrongStateError` where its rail has no such step, `ChangedMeanwhileError`.
    """
    after = case.moved(stage, now)
    return after, case_events.case_moved(after, person.id, tx.cases.replace(after))


def close(
    tx: Transaction, case: Case, end: CaseEnd, person: Person, now: datetime
) -> tuple[Case, Event]:
    """Close a case that was found to be changed, in the role that somebody acts in; as `move`."""
    after = case.closed(end, person.role, now)
    return after, case_events.case_closed(after, end, person, tx.cases.replace(after))

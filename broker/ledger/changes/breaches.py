"""What breach records write on the ledger, with the row that each made: never a word of them."""

from collections.abc import Mapping

from audit.format import events as ledger
from broker.domain.breaches.record import WHY_LATE, Breach, Late, Step
from broker.domain.references import Reference
from broker.ledger.events import Event
from broker.storage.rows.register import RowMark
from keys import PersonId


def breach_opened(breach: Breach, words_c: str, mark: RowMark) -> Event:
    """Return the event: a record was opened."""
    return ledger.BreachOpened(
        row=mark.row,
        row_mac=mark.mac,
        ref=str(breach.id),
        by=breach.opened_by,
        agency=breach.agency,
        kind=breach.kind.value,
        what=breach.cause.value,
        words_c=words_c,
        about=None if breach.about is None else str(breach.about),
    ).event()


def breach_step(
    breach: Breach,
    by: PersonId,
    step: Step,
    mark: RowMark,
    committed: Mapping[str, str],
) -> Event:
    """Return the event: a step was written, with the commitments to its pieces by their name."""
    return ledger.BreachStep(
        row=mark.row,
        row_mac=mark.mac,
        ref=str(breach.id),
        by=by,
        step=step.value,
        words_c=committed[step.value],
        choice=breach.steps[step].choice,
        late_c=committed.get(WHY_LATE),
    ).event()


def breach_closed(breach: Breach, by: PersonId, mark: RowMark) -> Event:
    """Return the event: a record was closed."""
    return ledger.BreachClosed(
        row=mark.row, row_mac=mark.mac, ref=str(breach.id), by=by, kind=breach.kind.value
    ).event()


def breach_chased(id_: Reference, late: Late) -> Event:
    """Return the event: what is late was told."""
    return ledger.BreachChased(ref=str(id_), step=late.value).event()

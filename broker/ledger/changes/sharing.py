"""What each change of a concern about sharing writes on the ledger, with the row that it made."""

from audit.format import events as ledger
from broker.domain.partner_requests.concerns import SharingConcern
from broker.ledger.events import Event
from broker.storage.rows.register import RowMark


def raised(found: SharingConcern, mark: RowMark, words_c: str) -> Event:
    """Return the event: a concern about sharing was raised."""
    return ledger.SharingConcernRaised(
        ref=str(found.copy.request),
        copy=found.copy.number,
        row=mark.row,
        row_mac=mark.mac,
        by=found.raised_by,
        words_c=words_c,
        wrong=found.wrong.value,
    ).event()


def closed(found: SharingConcern, mark: RowMark, words_c: str) -> Event:
    """Return the event: a concern about sharing was closed with an outcome."""
    return ledger.SharingConcernClosed(
        ref=str(found.copy.request),
        copy=found.copy.number,
        row=mark.row,
        row_mac=mark.mac,
        by=found.closed_by or "",
        words_c=words_c,
        outcome="" if found.outcome is None else found.outcome.value,
    ).event()

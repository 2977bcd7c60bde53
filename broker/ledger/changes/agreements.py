"""What each change of an agreement writes on the ledger, with the row it made."""

from audit.format import events as ledger
from broker.domain.cases.agreements import Agreement
from broker.domain.model import Person
from broker.ledger.events import Event
from broker.storage.rows.believed import RowAsStored


def agreement_recorded(record: Agreement, person: Person, now: RowAsStored) -> Event:
    """Return the event: what somebody answered was recorded."""
    return ledger.AgreementRecorded(
        row=now.name,
        row_mac=now.mac,
        by=person.id,
        case=record.case,
        kind=record.kind.value,
        version=record.version,
    ).event()


def agreement_withdrawn(record: Agreement, person: Person, now: RowAsStored) -> Event:
    """Return the event: what was agreed to was taken back."""
    return ledger.AgreementWithdrawn(
        row=now.name,
        row_mac=now.mac,
        by=person.id,
        case=record.case,
        kind=record.kind.value,
        version=record.version,
    ).event()

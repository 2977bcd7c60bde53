"""What is kept between bodies writes on the ledger: agreements to share, workers, clearances."""

from audit.format import events as ledger
from broker.domain.directory.sharing import SharingAgreement
from broker.domain.directory.vetting import Clearance, Worker
from broker.ledger.events import Event
from broker.storage.rows.believed import RowAsStored
from keys import PersonId


def sharing_signed(agreement: SharingAgreement, by: PersonId, now: RowAsStored) -> Event:
    """Return the event: an agreement was entered, or a second person saw its paper."""
    return ledger.SharingAgreementSigned(
        row=now.name,
        row_mac=now.mac,
        by=by,
        agreement=agreement.id,
        first=agreement.pair.first,
        second=agreement.pair.second,
        sha256=agreement.sha256,
        until=agreement.ends_on.isoformat(),
        confirmed_by=agreement.confirmed_by,
    ).event()


def sharing_ended(agreement: SharingAgreement, by: PersonId, now: RowAsStored) -> Event:
    """Return the event: two bodies share on an agreement no longer."""
    return ledger.SharingAgreementEnded(
        row=now.name,
        row_mac=now.mac,
        by=by,
        agreement=agreement.id,
        first=agreement.pair.first,
        second=agreement.pair.second,
    ).event()


def worker_checked(worker: Worker, now: RowAsStored) -> Event:
    """Return the event: what was checked of a worker was entered."""
    return ledger.WorkerChecked(
        row=now.name,
        row_mac=now.mac,
        by=worker.entered_by,
        agency=worker.agency,
        worker=worker.id,
        until=worker.ends_on.isoformat(),
    ).event()


def clearance_recorded(clearance: Clearance, now: RowAsStored) -> Event:
    """Return the event: somebody saw a clearance."""
    return ledger.ClearanceRecorded(
        row=now.name,
        row_mac=now.mac,
        by=clearance.seen_by,
        person=clearance.person,
        until=clearance.until.isoformat(),
    ).event()

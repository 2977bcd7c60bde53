"""What is kept between bodies writes on the ledger: agreements to share, workers, clearances."""

from audit.format import events as ledger
from broker.domain.directory.sharing import SharingAgreement
from broker.domain.directory.vetting import Clearance, Worker
from broker.ledger.events import Event
from broker.storage.rows.register import RowMark
from keys import PersonId


def sharing_signed(agreement: SharingAgreement, by: PersonId, mark: RowMark) -> Event:
    """Return the event: an agreement was entered, or a second person saw its paper."""
    return ledger.SharingAgreementSigned(
        row=mark.row,
        row_mac=mark.mac,
        by=by,
        agreement=agreement.id,
        first=agreement.pair.first,
        second=agreement.pair.second,
        sha256=agreement.sha256,
        until=agreement.ends_on.isoformat(),
        confirmed_by=agreement.confirmed_by,
    ).event()


def sharing_ended(agreement: SharingAgreement, by: PersonId, mark: RowMark) -> Event:
    """Return the event: two bodies share on an agreement no longer."""
    return ledger.SharingAgreementEnded(
        row=mark.row,
        row_mac=mark.mac,
        by=by,
        agreement=agreement.id,
        first=agreement.pair.first,
        second=agreement.pair.second,
    ).event()


def worker_checked(worker: Worker, mark: RowMark) -> Event:
    """Return the event: what was checked of a worker was entered."""
    return ledger.WorkerChecked(
        row=mark.row,
        row_mac=mark.mac,
        by=worker.entered_by,
        agency=worker.agency,
        worker=worker.id,
        until=worker.ends_on.isoformat(),
    ).event()


def clearance_recorded(clearance: Clearance, mark: RowMark) -> Event:
    """Return the event: somebody saw a clearance."""
    return ledger.ClearanceRecorded(
        row=mark.row,
        row_mac=mark.mac,
        by=clearance.seen_by,
        person=clearance.person,
        until=clearance.until.isoformat(),
    ).event()

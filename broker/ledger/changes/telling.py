"""What is written on the ledger of changes told to past readers, and of notices to a region."""

from audit.format import events as ledger
from broker.domain.model import Disclosure, Person
from broker.domain.partner_requests.notices import RegionalNotice
from broker.domain.questions.follows import Follows
from broker.ledger.events import Event
from broker.storage.rows.register import RowMark
from keys import PersonId


def change_notified(disclosure: Disclosure, follows: Follows, person: Person) -> Event:
    """Return the event: what has changed since a first is put to its reader."""
    return ledger.ChangeNotified(
        ref=str(follows.first),
        disclosure=str(disclosure.reference),
        by=person.id,
        what=follows.what.value,
        on=follows.on.isoformat(),
    ).event()


def notice_decided(notice: RegionalNotice, mark: RowMark) -> Event:
    """Return the event: a lead approved a notice, or said that the region is not told."""
    if notice.mailbox is None:
        return ledger.NoticeLeftOut(
            ref=str(notice.about),
            row=mark.row,
            row_mac=mark.mac,
            by=notice.decided_by,
            agency=notice.agency,
            kind=notice.kind.value,
        ).event()
    return ledger.NoticeApproved(
        ref=str(notice.about),
        row=mark.row,
        row_mac=mark.mac,
        by=notice.decided_by,
        agency=notice.agency,
        kind=notice.kind.value,
        mailbox=notice.mailbox,
    ).event()


def notice_sent(notice: RegionalNotice, mark: RowMark, by: PersonId) -> Event:
    """Return the event: a notice was handed to the mail system."""
    return ledger.NoticeSent(
        ref=str(notice.about),
        row=mark.row,
        row_mac=mark.mac,
        by=by,
        agency=notice.agency,
        kind=notice.kind.value,
    ).event()

"""What each change of a meeting or its pack writes on the ledger, with the row that it made."""

from audit.format import events as ledger
from broker.domain.panels.meetings import Attendee, Meeting
from broker.domain.panels.packs import PanelPack
from broker.ledger.events import Event
from broker.storage.rows.believed import RowAsStored
from broker.storage.rows.register import RowMark
from keys import PersonId


def called(meeting: Meeting, now: RowAsStored) -> Event:
    """Return the event: a meeting was called."""
    return ledger.MeetingCalled(
        ref=str(meeting.reference),
        row=now.name,
        row_mac=now.mac or "",
        by=meeting.called_by,
        case=meeting.case,
        agency=meeting.agency,
        on=meeting.on.isoformat(),
        chair=meeting.chair,
        home_area=meeting.home_area,
    ).event()


def asked(meeting: Meeting, one: Attendee, by: PersonId, now: RowAsStored) -> Event:
    """Return the event: somebody was asked to a meeting."""
    return ledger.MeetingAsked(
        ref=str(meeting.reference),
        row=now.name,
        row_mac=now.mac or "",
        by=by,
        person=one.person,
        agency=one.agency,
        asked_as=one.asked_as.value,
        instead_of=one.instead_of,
    ).event()


def answered(meeting: Meeting, one: Attendee, by: PersonId, now: RowAsStored) -> Event:
    """Return the event: it is known whether somebody comes, or came."""
    return ledger.MeetingAnswered(
        ref=str(meeting.reference),
        row=now.name,
        row_mac=now.mac or "",
        by=by,
        person=one.person,
        attends=one.attends.value,
    ).event()


def held(meeting: Meeting, by: PersonId, now: RowAsStored) -> Event:
    """Return the event: a meeting was held."""
    return ledger.MeetingHeld(
        ref=str(meeting.reference), row=now.name, row_mac=now.mac or "", by=by
    ).event()


def closed(meeting: Meeting, by: PersonId, now: RowAsStored) -> Event:
    """Return the event: a meeting was closed."""
    return ledger.MeetingClosed(
        ref=str(meeting.reference), row=now.name, row_mac=now.mac or "", by=by
    ).event()


def cancelled(meeting: Meeting, by: PersonId, now: RowAsStored) -> Event:
    """Return the event: a meeting does not take place."""
    return ledger.MeetingCancelled(
        ref=str(meeting.reference), row=now.name, row_mac=now.mac or "", by=by
    ).event()


def pack_asked_for(meeting: Meeting, by: PersonId) -> Event:
    """Return the event: somebody who is asked to a meeting asked for its pack."""
    return ledger.PanelPackAskedFor(ref=str(meeting.reference), by=by).event()


def pack_built(pack: PanelPack, mark: RowMark) -> Event:
    """Return the event: a pack was built for a meeting."""
    return ledger.PanelPackBuilt(
        ref=str(pack.disclosure),
        row=mark.row,
        row_mac=mark.mac,
        by=pack.built_by,
        meeting=str(pack.meeting),
    ).event()


def pack_approved(pack: PanelPack, by: PersonId, mark: RowMark) -> Event:
    """Return the event: the chair approved a pack."""
    return ledger.PanelPackApproved(
        ref=str(pack.disclosure),
        row=mark.row,
        row_mac=mark.mac,
        by=by,
        meeting=str(pack.meeting),
    ).event()


def pack_withdrawn(pack: PanelPack, by: PersonId, mark: RowMark) -> Event:
    """Return the event: nobody can open a copy of a pack any more."""
    return ledger.PanelPackWithdrawn(
        ref=str(pack.disclosure),
        row=mark.row,
        row_mac=mark.mac,
        by=by,
        meeting=str(pack.meeting),
    ).event()


def pack_ended(pack: PanelPack, mark: RowMark) -> Event:
    """Return the event: the day after the meeting is over."""
    return ledger.PanelPackEnded(
        ref=str(pack.disclosure), row=mark.row, row_mac=mark.mac, meeting=str(pack.meeting)
    ).event()

"""How somebody stands to a meeting: they keep it, they are asked to it, or it is not there."""

from typing import Final

from broker.domain.errors import NotAllowedError
from broker.domain.model import Person
from broker.domain.panels.meetings import Attendee, Meeting, UnknownMeetingError
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.storage.transaction import Transaction

KEEPERS: Final = frozenset({Role.COORDINATOR, Role.CHAIR})
"""Who calls meetings, asks people to them and says who came."""

ATTENDERS: Final = KEEPERS | {
    Role.MEMBER,
    Role.POLICE,
    Role.POLICE_LEAD,
    Role.ADULTS_LEAD,
    Role.FAMILIES_LEAD,
    Role.LEAD,
    Role.MANAGER,
    Role.PRACTITIONER,
}
"""Who may be asked to a meeting: its members, whoever referred the case, and whom it invites."""


def keeps(tx: Transaction, meeting: Meeting, person: Person) -> bool:
    """Say whether somebody keeps a meeting: for its council, and a member of its case."""
    if person.role not in KEEPERS or person.agency != meeting.agency:
        return False
    case = tx.cases.find(meeting.case)
    return case is not None and case.may(person)


def kept_meeting(
    tx: Transaction, reference: Reference, person: Person, *, to_change: bool = False
) -> Meeting:
    """Return a meeting for whoever keeps it; raises `UnknownMeetingError` for anybody else."""
    found = tx.meetings.find(reference, to_change=to_change)
    if found is None or not keeps(tx, found, person):
        raise UnknownMeetingError
    return found


def asked_to(tx: Transaction, meeting: Meeting, person: Person) -> Attendee | None:
    """Return as whom somebody is asked to a meeting, None for anybody else.

    Membership of the case decides, too: whoever was ended there is asked no longer.
    """
    found = meeting.attendee(person.id)
    case = tx.cases.find(meeting.case)
    if found is None or found.agency != person.agency or case is None or not case.may(person):
        return None
    return found


def seen_meeting(tx: Transaction, reference: Reference, person: Person) -> Meeting:
    """Return a meeting for whoever keeps it or is asked to it; raises `UnknownMeetingError`."""
    found = tx.meetings.find(reference)
    if found is None or not (keeps(tx, found, person) or asked_to(tx, found, person)):
        raise UnknownMeetingError
    return found


def must_chair(meeting: Meeting, person: Person) -> None:
    """Return for the chair of a meeting; else raise `NotAllowedError`."""
    if person.id != meeting.chair or person.role is not Role.CHAIR:
        raise NotAllowedError("The chair of this meeting does this. Ask them.")

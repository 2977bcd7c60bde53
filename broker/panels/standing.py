"""How somebody stands to a meeting: they keep it, they are asked to it, or it is not there."""

from typing import Final

from broker.domain.cases.cases import NO_CASE, Case
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
    return _keeps(meeting, tx.cases.find(meeting.case), person)


def _keeps(meeting: Meeting, case: Case | None, person: Person) -> bool:
    is_keeper = person.role in KEEPERS and person.agency == meeting.agency
    return is_keeper and case is not None and case.may(person)


def kept_meeting(
    tx: Transaction, reference: Reference, person: Person, *, to_change: bool = False
) -> Meeting:
    """Return a meeting for whoever keeps it; raises `UnknownMeetingError` for anybody else."""
    found, case = _with_its_case(tx, reference, to_change=to_change)
    if found is None or not _keeps(found, case, person):
        raise UnknownMeetingError
    return found


def asked_to(tx: Transaction, meeting: Meeting, person: Person) -> Attendee | None:
    """Return as whom somebody is asked to a meeting, None for anybody else.

    Membership of the case decides, too: whoever was ended there is asked no longer.
    """
    return _asked(meeting, tx.cases.find(meeting.case), person)


def _asked(meeting: Meeting, case: Case | None, person: Person) -> Attendee | None:
    found = meeting.attendee(person.id)
    if found is None or found.agency != person.agency or case is None or not case.may(person):
        return None
    return found


def seen_meeting(tx: Transaction, reference: Reference, person: Person) -> Meeting:
    """Return a meeting for whoever keeps it or is asked to it; raises `UnknownMeetingError`."""
    found, case = _with_its_case(tx, reference)
    if found is None or not (_keeps(found, case, person) or _asked(found, case, person)):
        raise UnknownMeetingError
    return found


def meeting_for(
    tx: Transaction, reference: Reference, person: Person, *, to_change: bool = False
) -> tuple[Meeting, Attendee]:
    """Return a meeting for whoever is asked to it, and as whom; raises `UnknownMeetingError`."""
    found, case = _with_its_case(tx, reference, to_change=to_change)
    asked = None if found is None else _asked(found, case, person)
    if found is None or asked is None:
        raise UnknownMeetingError
    return found, asked


def _with_its_case(
    tx: Transaction, reference: Reference, *, to_change: bool = False
) -> tuple[Meeting | None, Case | None]:
    """Return a meeting and its case; the same is asked where there is none of the two."""
    found = tx.meetings.find(reference, to_change=to_change)
    return found, tx.cases.find(NO_CASE if found is None else found.case)


def must_chair(meeting: Meeting, person: Person) -> None:
    """Return for the chair of a meeting; else raise `NotAllowedError`."""
    if person.id != meeting.chair or person.role is not Role.CHAIR:
        raise NotAllowedError("The chair of this meeting does this. Ask them.")

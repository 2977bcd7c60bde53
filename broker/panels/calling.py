"""Meetings: called, people asked, apologies and delegates, held with who must be there, closed."""

from dataclasses import dataclass, replace
from datetime import date

from broker.cases.meetings import chairs_council, quorum_of
from broker.cases.members import case_for, case_or_reference
from broker.domain.cases.cases import Case, CaseMember
from broker.domain.cases.stages import CaseKind
from broker.domain.errors import Fault, FaultyDocumentError, KeyReusedError, NotAllowedError
from broker.domain.model import Person
from broker.domain.panels.meetings import (
    AskedAs,
    Attends,
    Meeting,
    UnknownMeetingError,
    day_fault,
)
from broker.domain.people.errors import UnknownPersonError
from broker.domain.people.people import RoleHolding
from broker.domain.references import Prefix, Reference, new_reference
from broker.domain.times import Clock, uk_day
from broker.ledger.changes import cases as case_events
from broker.ledger.changes import meetings as recorded
from broker.ledger.events import Event
from broker.panels.standing import ATTENDERS, KEEPERS, kept_meeting, meeting_for, must_chair
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedMeeting:
    """A meeting to be called: of which case, on which day, chaired by whom, in which area."""

    case: str
    on: date
    chair: PersonId
    home_area: AgencyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """What is done with meetings; every method opens its own transaction.

    Raises `UnknownMeetingError` alike for a meeting that is not there and one that is not theirs,
    and `WrongStateError` where it stands elsewhere.
    """

    transaction: Transactions
    clock: Clock

    def call(
        self, wanted: WantedMeeting, person: Person, reference: Reference | None = None
    ) -> Meeting:
        """Call a meeting about a case of the person's council, of which they are a member.

        Its chair is asked with it. One that was called by this `reference` is called once: the
        same again returns it as it stands. Raises `NotAllowedError`, `UnknownCaseError`,
        `KeyReusedError` where another was called by it, and `FaultyDocumentError` naming what is
        wrong with day, chair or home area.
        """
        now = self.clock()
        if person.role not in KEEPERS:
            raise NotAllowedError("A coordinator or a chair calls a meeting. Ask them.")
        with self.transaction() as tx:
            case = case_for(tx, person, case_or_reference(tx, wanted.case), to_change=True)
            if reference is not None and (before := tx.meetings.find(reference)) is not None:
                return _called_before(before, wanted, case, person)
            case.require_open()
            faults = tuple(self._faults(tx, wanted, case, person))
            if faults:
                raise FaultyDocumentError(faults)
            meeting = Meeting(
                reference=reference or new_reference(prefix=Prefix.MEETING),
                case=case.id,
                agency=person.agency,
                on=wanted.on,
                chair=wanted.chair,
                home_area=wanted.home_area,
                called_by=person.id,
            )
            tx.append(recorded.called(meeting, tx.meetings.add(meeting)))
            chair = _standing_role(tx, wanted.chair, uk_day(now), person.agency)
            return self._ask(tx, meeting, chair, AskedAs.CHAIR, person)

    def ask(
        self, reference: Reference, person: Person, whom: PersonId, asked_as: AskedAs
    ) -> Meeting:
        """Ask somebody to a meeting, which makes them a member of its case.

        Raises `UnknownPersonError` for somebody who holds no role in which they could come.
        """
        if asked_as in {AskedAs.CHAIR, AskedAs.DELEGATE}:
            raise NotAllowedError("A chair is named with the meeting, a delegate by a colleague.")
        with self.transaction() as tx:
            meeting = kept_meeting(tx, reference, person, to_change=True)
            role = _standing_role(tx, whom, uk_day(self.clock()))
            return self._ask(tx, meeting, role, asked_as, person)

    def answer(self, reference: Reference, person: Person, *, comes: bool) -> Meeting:
        """Say that one comes oneself, or send apologies."""
        attends = Attends.COMING if comes else Attends.APOLOGIES
        with self.transaction() as tx:
            meeting = self._asked_to(tx, reference, person)
            return self._attended(tx, meeting, person.id, attends, person)

    def send_delegate(self, reference: Reference, person: Person, whom: PersonId) -> Meeting:
        """Send apologies and somebody of one's own body instead.

        Raises `UnknownPersonError` for anybody else.
        """
        with self.transaction() as tx:
            meeting = self._asked_to(tx, reference, person)
            role = _standing_role(tx, whom, uk_day(self.clock()), person.agency)
            after = self._attended(tx, meeting, person.id, Attends.APOLOGIES, person)
            return self._ask(tx, after, role, AskedAs.DELEGATE, person)

    def note(
        self, reference: Reference, person: Person, whom: PersonId, attends: Attends
    ) -> Meeting:
        """Note, as whoever keeps the meeting, that somebody comes, was there, or was not.

        Raises `UnknownPersonError` for somebody who is not asked.
        """
        with self.transaction() as tx:
            meeting = kept_meeting(tx, reference, person, to_change=True)
            if meeting.attendee(whom) is None:
                raise UnknownPersonError
            return self._attended(tx, meeting, whom, attends, person)

    def hold(self, reference: Reference, person: Person) -> Meeting:
        """Hold a meeting on its day, as its chair; raises `WrongStateError` without a quorum."""
        today = uk_day(self.clock())
        with self.transaction() as tx:
            meeting = kept_meeting(tx, reference, person, to_change=True)
            must_chair(meeting, person)
            after = meeting.held_on(today, quorum_of(tx, meeting, today))
            tx.append(recorded.held(after, person.id, tx.meetings.replace(after)))
        return after

    def close(self, reference: Reference, person: Person) -> Meeting:
        """Close a meeting that was held."""
        with self.transaction() as tx:
            after = kept_meeting(tx, reference, person, to_change=True).closed()
            tx.append(recorded.closed(after, person.id, tx.meetings.replace(after)))
        return after

    def cancel(self, reference: Reference, person: Person) -> Meeting:
        """Cancel a meeting that was not held; no copy of its pack opens any more."""
        with self.transaction() as tx:
            after = kept_meeting(tx, reference, person, to_change=True).cancelled()
            tx.append(recorded.cancelled(after, person.id, tx.meetings.replace(after)))
        return after

    def _asked_to(self, tx: Transaction, reference: Reference, person: Person) -> Meeting:
        meeting, _ = meeting_for(tx, reference, person, to_change=True)
        return meeting

    def _faults(
        self, tx: Transaction, wanted: WantedMeeting, case: Case, person: Person
    ) -> list[Fault]:
        today, faults = uk_day(self.clock()), list[Fault]()
        wrong_day = day_fault(wanted.on, today)
        if wrong_day is not None:
            faults.append(Fault(place="on", problem=wrong_day))
        if case.kind is not CaseKind.CHANNEL or case.agency != person.agency:
            problem = "must be a case of your own council's panel"
            faults.append(Fault(place="case", problem=problem))
        if not chairs_council(tx, wanted.chair, person.agency, today):
            problem = "does not chair for your council; name somebody who holds that role"
            faults.append(Fault(place="chair", problem=problem))
        police = {one.id for one in tx.directory.agencies() if one.is_police}
        if wanted.home_area not in police:
            problem = "must be the police body of the person's home area"
            faults.append(Fault(place="home_area", problem=problem))
        return faults

    def _ask(
        self,
        tx: Transaction,
        meeting: Meeting,
        role: RoleHolding,
        asked_as: AskedAs,
        person: Person,
    ) -> Meeting:
        """Ask somebody in a role that they hold, and let them work on the case of the meeting."""
        instead_of = person.id if asked_as is AskedAs.DELEGATE else None
        after = meeting.asking(role.person, role.agency, asked_as, instead_of)
        entries = [
            *self._joined(tx, after, role, person),
            recorded.asked(after, after.attendees[-1], person.id, tx.meetings.replace(after)),
        ]
        tx.append(*entries)
        return after

    def _joined(
        self, tx: Transaction, meeting: Meeting, role: RoleHolding, by: Person
    ) -> list[Event]:
        case = tx.cases.find(meeting.case, to_change=True)
        if case is None:
            raise UnknownMeetingError
        if case.may(Person(id=role.person, agency=role.agency, role=role.role)):
            return []
        added = CaseMember(
            person=role.person,
            agency=role.agency,
            role=role.role,
            since=self.clock(),
            until=None,
            added_by=by.id,
        )
        after = case.with_member(added)
        return [case_events.member_added(after, added, tx.cases.replace(after))]

    def _attended(
        self, tx: Transaction, meeting: Meeting, whom: PersonId, attends: Attends, by: Person
    ) -> Meeting:
        before = meeting.attendee(whom)
        if before is not None and before.attends is attends:
            return meeting
        after = meeting.attended(whom, attends)
        found = replace(before, attends=attends) if before is not None else after.attendees[0]
        tx.append(recorded.answered(after, found, by.id, tx.meetings.replace(after)))
        return after


def _standing_role(
    tx: Transaction, whom: PersonId, today: date, agency: AgencyId | None = None
) -> RoleHolding:
    """Return a role in which somebody can come, of a body if one is named.

    Raises `UnknownPersonError`.
    """
    found = tx.people.person(whom)
    held = [
        one
        for one in tx.people.roles_on(whom, today)
        if one.role in ATTENDERS and agency in {None, one.agency}
    ]
    if not held:
        raise UnknownPersonError
    return min(held, key=lambda one: (one.agency != found.agency, one.id))


def _called_before(before: Meeting, wanted: WantedMeeting, case: Case, person: Person) -> Meeting:
    """Return the meeting of a call that comes again; raises `KeyReusedError` for another call."""
    said = (before.case, before.on, before.chair, before.home_area, before.called_by)
    if said != (case.id, wanted.on, wanted.chair, wanted.home_area, person.id):
        raise KeyReusedError
    return before

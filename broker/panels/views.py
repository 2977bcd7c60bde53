"""What is told of meetings: codes, days and who is asked; names to those who are asked too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from broker.cases.meetings import quorum_of
from broker.cases.members import case_in_words
from broker.domain.cases.stages import CaseKind
from broker.domain.model import Person
from broker.domain.panels.meetings import Attendee, Meeting, Quorum, UnknownMeetingError
from broker.domain.panels.packs import PackState, PanelPack
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.domain.times import Clock, moment_text, uk_day
from broker.panels.reading import newest_pack
from broker.panels.standing import (
    ATTENDERS,
    KEEPERS,
    asked_to,
    keeps,
    kept_meeting,
    seen_meeting,
)
from broker.panels.waiting import who_waits
from broker.registers.checkers import colleagues
from broker.storage.transaction import Transaction, Transactions
from keys import AgencyId, PersonId

LISTED: Final = 100
"""How many meetings a list holds."""

_READ: Final = "read"
_COMES: Final = tuple(sorted(ATTENDERS))
_CASES: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CanBeCalled:
    """What a meeting can be called with: cases, chairs and police bodies, each with its words."""

    cases: tuple[tuple[str, str], ...]
    chairs: tuple[tuple[str, str], ...]
    police: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CanCome:
    """Somebody with a name who could come, and of which body."""

    person: PersonId
    name: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingShown:
    """A meeting with the names of people and bodies, and where its pack stands.

    `opened` counts how often each person opened their copy of the newest pack; `pack_stands` is
    where its disclosure stands. Both are for whoever keeps it; `own` is who looks, if asked.
    `asked_for` is since when each waits for the pack: of all for whoever keeps it, else one's own.
    """

    meeting: Meeting
    quorum: Quorum
    names: Mapping[PersonId, str]
    bodies: Mapping[AgencyId, str]
    keeps: bool
    own: Attendee | None
    pack: PanelPack | None
    pack_stands: State | None
    opened: Mapping[str, int]
    asked_for: Mapping[PersonId, datetime]

    @property
    def opens(self) -> bool:
        """Say whether copies of the newest pack open: approved, and not stopped since."""
        is_approved = self.pack is not None and self.pack.state is PackState.APPROVED
        return is_approved and self.pack_stands is State.SENT

    def may_ask_for_pack(self, today: date) -> bool:
        """Say whether who looks comes, keeps it not, and has no copy to open on a day."""
        comes = self.own is not None and self.own.may_read and not self.keeps
        return comes and not self.opens and self.meeting.is_open_on(today)

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        meeting, pack = self.meeting, self.pack
        return {
            **meeting_document(meeting),
            "quorum": {
                "met": self.quorum.is_met,
                **self.quorum.facts(),
                "lacks": list(self.quorum.lacks()),
            },
            "asked": [
                {
                    "copy": one.number,
                    "person": one.person,
                    "name": self.names.get(one.person),
                    "body": self.bodies.get(one.agency, one.agency),
                    "as": one.asked_as.value,
                    "attends": one.attends.value,
                    "instead_of": one.instead_of,
                    "asked_for_pack": moment_text(self.asked_for.get(one.person)),
                    **({"opened": self.opened.get(one.person, 0)} if self.keeps else {}),
                }
                for one in meeting.attendees
            ],
            "pack": None
            if pack is None
            else {
                "reference": str(pack.disclosure),
                "state": pack.state.value,
                "stands": None if self.pack_stands is None else self.pack_stands.value,
                "approved_at": moment_text(pack.approved_at),
            },
        }


def meeting_document(meeting: Meeting) -> dict[str, object]:
    """Return a meeting in a list, as JSON."""
    return {
        "meeting": str(meeting.reference),
        "case": meeting.case,
        "on": meeting.on.isoformat(),
        "state": meeting.state.value,
        "council": meeting.agency,
        "chair": meeting.chair,
        "home_area": meeting.home_area,
        "version": meeting.version,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingViews:
    """Shows meetings; each method opens its own transaction."""

    transaction: Transactions
    clock: Clock

    def listed(self, person: Person) -> tuple[Meeting, ...]:
        """Return the meetings that somebody keeps or is asked to, the latest day first."""
        with self.transaction() as tx:
            kept = (
                tx.meetings.of_agency(person.agency, limit=LISTED)
                if person.role in KEEPERS
                else ()
            )
            found = {one.reference: one for one in kept if keeps(tx, one, person)}
            for one in tx.meetings.asking(person.id, limit=LISTED):
                if asked_to(tx, one, person) is not None:
                    found.setdefault(one.reference, one)
        latest = sorted(found.values(), key=lambda one: (one.on, str(one.reference)))
        return tuple(reversed(latest))[:LISTED]

    def waited_for(self, person: Person) -> frozenset[Reference]:
        """Return the meetings that somebody keeps and whose pack is asked for."""
        today = uk_day(self.clock())
        listed = self.listed(person)
        with self.transaction() as tx:
            return frozenset(
                one.reference
                for one in listed
                if one.is_open_on(today) and keeps(tx, one, person) and who_waits(tx, one)
            )

    def show(self, reference: Reference, person: Person) -> MeetingShown:
        """Return a meeting for whoever keeps it or is asked; raises `UnknownMeetingError`."""
        with self.transaction() as tx:
            meeting = seen_meeting(tx, reference, person)
            pack, is_kept = newest_pack(tx, meeting), keeps(tx, meeting, person)
            waits = who_waits(tx, meeting)
            return MeetingShown(
                meeting=meeting,
                quorum=quorum_of(tx, meeting, uk_day(self.clock())),
                names=_names(tx, meeting),
                bodies={one.id: one.name for one in tx.directory.agencies()},
                keeps=is_kept,
                own=asked_to(tx, meeting, person),
                pack=pack,
                pack_stands=None if pack is None else tx.disclosure(pack.disclosure).state,
                opened=_opened(tx, pack) if pack is not None and is_kept else {},
                asked_for={
                    one: since for one, since in waits.items() if is_kept or one == person.id
                },
            )

    def can_be_called(self, person: Person) -> CanBeCalled:
        """Return what somebody who keeps meetings can call one with."""
        today = uk_day(self.clock())
        with self.transaction() as tx:
            cases = [
                (one.id, case_in_words(tx, one))
                for one in tx.cases.of_person(person.id, limit=_CASES)
                if one.kind is CaseKind.CHANNEL and one.agency == person.agency
            ]
            chairs = colleagues(tx, person.agency, (Role.CHAIR,), today)
            bodies = [one for one in tx.directory.agencies() if one.is_police]
        return CanBeCalled(
            cases=tuple(cases),
            chairs=tuple((one.person, one.name) for one in chairs),
            police=tuple((one.id, one.name) for one in bodies),
        )

    def can_come(self, reference: Reference, person: Person) -> tuple[CanCome, ...]:
        """Return who could be asked to a meeting, by body and name, for whoever keeps it."""
        with self.transaction() as tx:
            meeting = kept_meeting(tx, reference, person)
            bodies = [(one.id, one.name) for one in tx.directory.agencies()]
            found = [one for body in bodies for one in self._of(tx, *body)]
        asked = {one.person for one in meeting.attendees}
        return tuple(one for one in found if one.person not in asked)

    def own_colleagues(self, reference: Reference, person: Person) -> tuple[CanCome, ...]:
        """Return who of somebody's own body could come instead of them, by name."""
        with self.transaction() as tx:
            meeting = seen_meeting(tx, reference, person)
            if asked_to(tx, meeting, person) is None:
                raise UnknownMeetingError
            found = self._of(tx, person.agency, tx.directory.agency(person.agency).name)
        asked = {one.person for one in meeting.attendees}
        return tuple(one for one in found if one.person not in asked)

    def _of(self, tx: Transaction, agency: AgencyId, body: str) -> list[CanCome]:
        """Return who of a body could come, each once, by name."""
        found = colleagues(tx, agency, _COMES, uk_day(self.clock()))
        once = {one.person: one.name for one in found}
        return [
            CanCome(person=person, name=name, body=body)
            for person, name in sorted(once.items(), key=lambda one: one[1])
        ]


def _names(tx: Transaction, meeting: Meeting) -> dict[PersonId, str]:
    found = (tx.people.find(one.person) for one in meeting.attendees)
    return {one.id: one.name for one in found if one is not None}


def _opened(tx: Transaction, pack: PanelPack) -> dict[str, int]:
    counted: dict[str, int] = {}
    for entry in tx.about(pack.disclosure):
        if entry.type == _READ and entry.event["what"] == "panel-copy":
            by = str(entry.event["by"])
            counted[by] = counted.get(by, 0) + 1
    return counted

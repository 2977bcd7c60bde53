"""A meeting of the panel about one case: its day, its chair, who is asked, who sent apologies.

The council chairs, and the police of the person's home area are there (Counter-Terrorism and
Security Act 2015 s37): what the record says of both is what the rules are told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum, unique
from typing import Final, Self

from broker.domain.errors import UnknownReferenceError, WrongStateError
from broker.domain.references import Reference
from broker.domain.states import NOT_NOW
from keys import AgencyId, CaseId, PersonId

COPIES_END_AFTER: Final = timedelta(days=1)
"""How long after the day of its meeting a copy can be opened: to the end of the next day."""

FURTHEST: Final = timedelta(days=366)
"""How far ahead a meeting is called at most."""

MOST_ASKED: Final = 60
"""How many people are asked to one meeting at most."""


@unique
class AskedAs(StrEnum):
    """As what somebody is asked to a meeting (SET 2.10)."""

    CHAIR = "chair"
    MEMBER = "member"
    REFERRER = "referrer"
    INVITEE = "invitee"
    DELEGATE = "delegate"


ASKED_IN_WORDS: Final[Mapping[AskedAs, str]] = {
    AskedAs.CHAIR: "chairs",
    AskedAs.MEMBER: "permanent member",
    AskedAs.REFERRER: "referred this case",
    AskedAs.INVITEE: "invited to this case",
    AskedAs.DELEGATE: "comes for a colleague",
}
"""As what somebody comes, in a phrase that people read."""


@unique
class Attends(StrEnum):
    """What is known of somebody's coming, in the word of the ledger."""

    ASKED = "asked"
    COMING = "coming"
    APOLOGIES = "apologies"
    PRESENT = "present"
    ABSENT = "absent"


@unique
class MeetingState(StrEnum):
    """Where a meeting stands, in the word of the ledger."""

    CALLED = "called"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


_IS_THERE: Final[Mapping[MeetingState, frozenset[Attends]]] = {
    MeetingState.CALLED: frozenset({Attends.COMING, Attends.PRESENT}),
    MeetingState.HELD: frozenset({Attends.PRESENT}),
    MeetingState.CLOSED: frozenset({Attends.PRESENT}),
    MeetingState.CANCELLED: frozenset(),
}
"""What counts as being there: before a meeting who says that they come, then who came."""

_STANDS: Final[Mapping[MeetingState, str]] = {
    MeetingState.CALLED: "The meeting is called and was not held yet; it is held on its day.",
    MeetingState.HELD: "The meeting was held; close it once who was there is noted.",
    MeetingState.CLOSED: "The meeting is over and closed; call another one.",
    MeetingState.CANCELLED: "The meeting was cancelled; call another one.",
}
"""Where a meeting stands and what comes next, for whoever asked for something else."""

_NEVER_CAME: Final = frozenset({Attends.APOLOGIES, Attends.ABSENT})


class UnknownMeetingError(UnknownReferenceError):
    """Raised alike for a meeting that is not there and for one that somebody is not asked to."""

    def __init__(self) -> None:
        """Say the same of both."""
        super(UnknownReferenceError, self).__init__(
            "There is no meeting of yours with this reference. It starts with MTG. Whoever keeps "
            "the panel's meetings asks people to them."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """Somebody who is asked: `number` is that of their copy, counted from 1 and never used twice.

    A delegate comes `instead_of` a colleague of their own body.
    """

    number: int
    person: PersonId
    agency: AgencyId
    asked_as: AskedAs
    attends: Attends
    instead_of: PersonId | None = None

    @property
    def may_read(self) -> bool:
        """Whether they still have a part in the meeting: neither apologies nor absent."""
        return self.attends not in _NEVER_CAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """What the record says of the two who must be there."""

    home_area_police_present: bool
    local_authority_chairs: bool

    @property
    def is_met(self) -> bool:
        """Whether both are."""
        return self.home_area_police_present and self.local_authority_chairs

    def lacks(self) -> tuple[str, ...]:
        """Return what is missing, each in a sentence that says what would mend it."""
        said = (
            (
                self.local_authority_chairs,
                "The council does not chair it. Its chair must hold that role and be coming.",
            ),
            (
                self.home_area_police_present,
                "The police of the home area are not coming. Ask one of them, who then says yes.",
            ),
        )
        return tuple(sentence for holds, sentence in said if not holds)

    def facts(self) -> dict[str, object]:
        """Return it as the fact `panel` of the contract."""
        return {
            "applies": "yes",
            "home_area_police_present": "yes" if self.home_area_police_present else "no",
            "local_authority_chairs": "yes" if self.local_authority_chairs else "no",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting about one case: codes and days, nothing about the person.

    `agency` is the council whose panel meets, `home_area` the police body of the person's home.
    """

    reference: Reference
    case: CaseId
    agency: AgencyId
    on: date
    chair: PersonId
    home_area: AgencyId
    called_by: PersonId
    state: MeetingState = MeetingState.CALLED
    attendees: tuple[Attendee, ...] = ()
    version: int = 1

    def attendee(self, person: PersonId) -> Attendee | None:
        """Return somebody who is asked, None for anybody else."""
        return next((one for one in self.attendees if one.person == person), None)

    def must_be(self, *states: MeetingState) -> None:
        """Return if the meeting is in one of `states`, else raise `WrongStateError`."""
        if self.state not in states:
            raise WrongStateError(f"{NOT_NOW} {_STANDS[self.state]}")

    def asking(
        self,
        person: PersonId,
        agency: AgencyId,
        asked_as: AskedAs,
        instead_of: PersonId | None = None,
    ) -> Self:
        """Return the meeting with one more person asked.

        Raises `WrongStateError` for somebody who is asked already, for a full meeting and for one
        that is over.
        """
        self.must_be(MeetingState.CALLED, MeetingState.HELD)
        if self.attendee(person) is not None:
            raise WrongStateError("They are asked to this meeting already.")
        if len(self.attendees) >= MOST_ASKED:
            raise WrongStateError(f"A meeting is of at most {MOST_ASKED} people.")
        added = Attendee(
            number=len(self.attendees) + 1,
            person=person,
            agency=agency,
            asked_as=asked_as,
            attends=Attends.COMING if asked_as is AskedAs.CHAIR else Attends.ASKED,
            instead_of=instead_of,
        )
        return self._after(attendees=(*self.attendees, added))

    def attended(self, person: PersonId, attends: Attends) -> Self:
        """Return the meeting with what is known of somebody's coming.

        Raises `UnknownMeetingError` for somebody who is not asked, and `WrongStateError`.
        """
        self.must_be(MeetingState.CALLED, MeetingState.HELD)
        if self.attendee(person) is None:
            raise UnknownMeetingError
        return self._after(
            attendees=tuple(
                replace(one, attends=attends) if one.person == person else one
                for one in self.attendees
            )
        )

    def held_on(self, today: date, quorum: Quorum) -> Self:
        """Return the meeting held on its day, with a quorum; raises `WrongStateError`."""
        self.must_be(MeetingState.CALLED)
        if today != self.on:
            raise WrongStateError("A meeting is held on its day. Call another for another day.")
        lacks = quorum.lacks()
        if lacks:
            raise WrongStateError(" ".join(("This meeting cannot be held.", *lacks)))
        return self._after(
            state=MeetingState.HELD,
            # Whoever said that they come is there until somebody says otherwise.
            attendees=tuple(
                replace(one, attends=Attends.PRESENT) if one.attends is Attends.COMING else one
                for one in self.attendees
            ),
        )

    def closed(self) -> Self:
        """Return the meeting closed; raises `WrongStateError` before it was held."""
        self.must_be(MeetingState.HELD)
        return self._after(state=MeetingState.CLOSED)

    def cancelled(self) -> Self:
        """Return the meeting cancelled; raises `WrongStateError` once it was held."""
        self.must_be(MeetingState.CALLED)
        return self._after(state=MeetingState.CANCELLED)

    def quorum(self, *, chair_stands: bool) -> Quorum:
        """Return what the record says of who must be there.

        `chair_stands` says whether its chair holds that role for a council today.
        """
        there = _IS_THERE[self.state]
        chair = self.attendee(self.chair)
        return Quorum(
            home_area_police_present=any(
                one.agency == self.home_area and one.attends in there for one in self.attendees
            ),
            local_authority_chairs=chair_stands and chair is not None and chair.attends in there,
        )

    def is_open_on(self, today: date) -> bool:
        """Say whether copies may be opened on a day, so far as the meeting's own day goes."""
        return self.state is not MeetingState.CANCELLED and today <= self.on + COPIES_END_AFTER

    def must_be_open_on(self, today: date) -> None:
        """Return if its pack may still be built and approved; else raise `WrongStateError`."""
        if not self.is_open_on(today):
            raise WrongStateError("This meeting is over. Call another one first.")

    def _after(self, **changes: object) -> Self:
        after: Self = replace(
            self,
            **changes,  # type: ignore[arg-type]  # each caller names fields of Meeting
            version=self.version + 1,
        )
        return after


def day_fault(on: date, today: date) -> str | None:
    """Return what is wrong with the day of a meeting that is called, None where nothing is.

    >>> from datetime import date
    >>> day_fault(date(2026, 3, 15), date(2026, 3, 16))
    'has passed; name a day to come'
    """
    if on < today:
        return "has passed; name a day to come"
    return "is more than a year away" if on > today + FURTHEST else None

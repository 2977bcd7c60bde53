"""A case: where it stands, who may work on it, and which others it knows. Nothing about a person.

>>> Role.PRACTITIONER in KEEPS_MEMBERS, Role.LEAD in KEEPS_MEMBERS
(False, True)
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self

from broker.domain.cases.stages import (
    CaseEnd,
    CaseKind,
    LinkKind,
    Stage,
    require_open,
    require_step,
)
from broker.domain.errors import UnknownReferenceError, WrongStateError
from broker.domain.model import Person
from broker.domain.roles import Role
from keys import AgencyId, CaseId, PersonId

SEES_ITS_BODY: Final = frozenset({Role.GUARDIAN, Role.LEAD})
"""Roles that see every case of their body, without being a member of it."""

NO_CASE: Final = CaseId("none")
"""The name of no case: looked for where there is none, so that time tells nobody which are."""

KEEPS_MEMBERS: Final = SEES_ITS_BODY
"""Roles that say who works on a case of their body; its members do so too."""


class UnknownCaseError(UnknownReferenceError):
    """Raised for a case that does not exist and for one that is not theirs, alike."""

    def __init__(self) -> None:
        """Say where the caller's own are listed."""
        super(UnknownReferenceError, self).__init__(
            "There is no such case of yours. Yours are listed by: broker case list"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMember:
    """Somebody who may work on a case, since when, and until when if they no longer may."""

    person: PersonId
    agency: AgencyId
    role: Role
    since: datetime
    until: datetime | None
    added_by: PersonId

    def is_person(self, person: Person) -> bool:
        """Say whether somebody is this member, for the same body, and still may."""
        is_theirs = self.person == person.id and self.agency == person.agency
        return is_theirs and self.until is None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLink:
    """Another case that this one knows, why, and who linked them when."""

    other: CaseId
    kind: LinkKind
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case: codes and moments. `retention_class` names for how long what is kept of it.

    `closed_by` is the function that closed it, a role and no person.
    """

    id: CaseId
    kind: CaseKind
    agency: AgencyId
    opened_at: datetime
    opened_by: PersonId
    stage: Stage
    stage_since: datetime
    retention_class: str
    members: tuple[CaseMember, ...]
    links: tuple[CaseLink, ...] = ()
    closed_as: CaseEnd | None = None
    closed_by: Role | None = None
    version: int = 1

    def may(self, person: Person) -> bool:
        """Say whether somebody is a member of the case now."""
        return any(member.is_person(person) for member in self.members)

    def is_seen_by(self, person: Person) -> bool:
        """Say whether somebody may see where the case stands: a member, its lead, its Guardian."""
        return self.may(person) or (person.agency == self.agency and person.role in SEES_ITS_BODY)

    def moved(self, stage: Stage, now: datetime) -> Self:
        """Return the case at the next stage; raises `WrongStateError` where its rail has none."""
        require_step(self.kind, self.stage, stage)
        return replace(self, stage=stage, stage_since=now, version=self.version + 1)

    def closed(self, end: CaseEnd, role: Role, now: datetime) -> Self:
        """Return the case closed by a function; raises as `moved`."""
        return replace(self.moved(Stage.CLOSED, now), closed_as=end, closed_by=role)

    def with_member(self, member: CaseMember) -> Self:
        """Return the case with one more member, or with one who had ended and comes back.

        Raises `WrongStateError` for somebody who is a member already, and for a closed case.
        """
        self.require_open()
        others = tuple(one for one in self.members if one.person != member.person)
        before = next((one for one in self.members if one.person == member.person), None)
        if before is not None and before.until is None:
            raise WrongStateError("They are a member of this case already.")
        return replace(self, members=(*others, member), version=self.version + 1)

    def without_member(self, person: PersonId, now: datetime) -> Self:
        """Return the case with a member ended; somebody must stay.

        Raises `WrongStateError` for nobody's member, and for the last one.
        """
        current = [one for one in self.members if one.until is None]
        if all(one.person != person for one in current):
            raise WrongStateError("They are no member of this case. See: broker case show")
        if len(current) == 1:
            raise WrongStateError(
                "Somebody must stay with a case. Add another member first: broker case member add"
            )
        members = tuple(
            replace(one, until=now) if one.person == person else one for one in self.members
        )
        return replace(self, members=members, version=self.version + 1)

    def linked(self, link: CaseLink) -> Self:
        """Return the case that knows another one.

        Raises `WrongStateError` where it does already, and for itself.
        """
        if link.other == self.id:
            raise WrongStateError("A case is not linked to itself. Name the other one.")
        if any(one.other == link.other for one in self.links):
            raise WrongStateError("These two cases are linked already.")
        return replace(self, links=(*self.links, link), version=self.version + 1)

    def require_open(self) -> None:
        """Return if the case is not closed, else raise `WrongStateError`."""
        require_open(self.stage)

"""People and the roles that they hold: plain frozen values, days as UK calendars show them."""

from dataclasses import dataclass
from datetime import date
from typing import NewType

from broker.domain.roles import Role
from keys import AgencyId, PersonId

RoleId = NewType("RoleId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """Somebody who may work here; name and work contact are stored encrypted.

    `contact` is their work address of mail, which they also sign in with. Training and clearance
    count to the end of their days; `disabled_on` is None while the person is active.
    """

    id: PersonId
    agency: AgencyId
    name: str
    contact: str
    trained_until: date | None
    cleared_until: date | None
    disabled_on: date | None
    version: int

    def __repr__(self) -> str:
        """Name the person by identifier alone."""
        return f"PersonRecord(id={self.id!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHolding:
    """A role that a person holds for a body, from a day until the end of another, or open.

    One that two people must give counts once `confirmed_by` is told. `team` narrows what a
    supervisor sees.
    """

    id: RoleId
    person: PersonId
    agency: AgencyId
    role: Role
    team: str | None
    valid_from: date
    valid_until: date | None
    is_deputy: bool
    granted_by: PersonId
    confirmed_by: PersonId | None
    needs_confirmation: bool
    ended_on: date | None
    version: int

    def stands_on(self, day: date) -> bool:
        """Say whether the role may be acted in on a day."""
        is_given = self.confirmed_by is not None or not self.needs_confirmation
        is_over = self.valid_until is not None and day > self.valid_until
        has_ended = is_over or self.ended_on is not None
        return is_given and self.valid_from <= day and not has_ended

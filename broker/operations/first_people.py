"""The first two administrators of an installation, each with a code for their first sign-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from broker.domain.model import Person
from broker.domain.roles import Role
from broker.registers.people import NewPerson
from broker.wiring import Services
from keys import AgencyId, PersonId

_OPERATOR: Final = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAdministrator:
    """Somebody who was entered first, and the code that opens their account once."""

    person: PersonId
    name: str
    code: str

    def __repr__(self) -> str:
        """Name the person, never the code."""
        return f"FirstAdministrator(person={self.person!r})"


def enter_administrators(
    services: Services, people: Sequence[NewPerson]
) -> tuple[FirstAdministrator, ...]:
    """Enter two administrators where nobody is entered yet, and return their codes.

    Raises as `PeopleRegister.begin_with`.
    """
    access = services.access
    for_bodies = [_for_body(person.agency) for person in people]
    entered = access.people.begin_with(people, for_bodies[0]) if people else ()
    return tuple(
        FirstAdministrator(person=person, name=one.name, code=access.accounts.invite(person, by))
        for one, person, by in zip(people, entered, for_bodies, strict=True)
    )


def lacks_administrators(services: Services) -> bool:
    """Say whether nobody is entered yet."""
    return not services.access.people.has_anybody()


def _for_body(agency: AgencyId) -> Person:
    """Return the operator on the host, who for this once stands for any body."""
    return Person(id=PersonId(_OPERATOR), agency=agency, role=Role.OPERATOR)

"""The first two administrators of an installation, each with a code for their first sign-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from broker.registers.people import NewPerson
from broker.wiring import Services
from keys import PersonId

_OPERATOR: Final = PersonId("operator")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAdministrator:
    """Somebody who was entered first, and the code that opens their account once."""

    person: PersonId
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
    entered = access.people.begin_with(people, _OPERATOR)
    return tuple(
        FirstAdministrator(person=person, code=access.accounts.invite(person, _OPERATOR))
        for person in entered
    )


def lacks_administrators(services: Services) -> bool:
    """Say whether nobody is entered yet."""
    return not services.access.people.listed()

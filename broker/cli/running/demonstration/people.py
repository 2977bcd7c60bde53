"""Who acts in the demonstration, by the short name that its commands have."""

from broker.domain.model import Person
from broker.operations.demo_home import PEOPLE
from keys import AgencyId, PersonId


def person_called(name: str) -> Person:
    """Return one of the invented people who act; raises `KeyError`."""
    person, agency, role = PEOPLE[name]
    return Person(id=PersonId(person), agency=AgencyId(agency), role=role)

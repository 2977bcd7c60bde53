"""What is said of a person can stand only if it could be true and harms no reader."""

from dataclasses import replace

import pytest

from broker.domain.people.people import PersonRecord
from broker.registers.person_checks import Said, person_faults
from keys import AgencyId, PersonId

SCHOOL = AgencyId("example-school")
MIRA = Said(place="line 2", agency=SCHOOL, name="Mira Specimen", contact="mira@school.example")
KNOWN = PersonRecord(
    id=PersonId("p-1"),
    agency=SCHOOL,
    name="Mira Specimen",
    contact="Mira@School.example",
    trained_until=None,
    cleared_until=None,
    disabled_on=None,
    version=1,
)


def places(*said: Said, known: tuple[PersonRecord, ...] = ()) -> list[str]:
    return [fault.place for fault in person_faults(said, known, {SCHOOL})]


def test_a_person_with_a_work_address_can_stand() -> None:
    assert places(MIRA) == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "=cmd|", "+1", "-1", "@a", "M\u202eira"])
def test_a_name_that_is_none_or_that_something_would_obey_is_refused(name: str) -> None:
    assert places(replace(MIRA, name=name)) == ["line 2.name"]


@pytest.mark.parametrize(
    "contact", ["", "mira", "mira@", "a@b@c.example", "mira@gmail.com", "mira@school.example\n"]
)
def test_an_address_that_is_none_or_of_a_public_provider_is_refused(contact: str) -> None:
    assert places(replace(MIRA, contact=contact)) == ["line 2.contact"]


def test_no_two_people_have_one_address_however_it_is_spelled() -> None:
    other = replace(MIRA, place="line 3", contact="MIRA@school.example")

    assert places(MIRA, other) == ["line 3.contact"]
    assert places(MIRA, known=(KNOWN,)) == ["line 2.contact"]


def test_a_body_must_stand_in_the_directory() -> None:
    assert places(replace(MIRA, agency=AgencyId("elsewhere"))) == ["line 2.agency"]

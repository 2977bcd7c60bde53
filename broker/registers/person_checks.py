"""Whether what is said of a person can stand: every fault by its place, nothing repeated."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from broker.domain.errors import Fault
from broker.domain.people.accounts import sign_in_name
from broker.domain.people.people import PersonRecord
from broker.domain.tables.spreadsheets import BEGINS_A_FORMULA
from broker.registers.entry_checks import PUBLIC_PROVIDERS
from keys import AgencyId, PersonId

LONGEST_NAME: Final = 120
LONGEST_ADDRESS: Final = 254
_ADDRESS: Final = re.compile(r"[A-Za-z0-9._'+-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a document says of a person, and where in it."""

    place: str
    agency: AgencyId
    name: str
    contact: str
    id: PersonId | None = None


def person_faults(
    said: Iterable[Said], known: Iterable[PersonRecord], bodies: Collection[AgencyId]
) -> tuple[Fault, ...]:
    """Return every fault; `known` are the people entered already, `bodies` those to be named.

    Without any of these every body may be named: before the first one is entered.
    """
    known = tuple(known)
    addresses = {sign_in_name(person.contact) for person in known}
    identifiers = {person.id for person in known}
    faults: list[Fault] = []
    for one in said:
        faults += _of_one(one, bodies)
        address = sign_in_name(one.contact)
        if address in addresses:
            faults.append(_fault(one, "contact", "is somebody else's; each person has their own"))
        if one.id in identifiers:
            faults.append(_fault(one, "id", "is taken"))
        addresses.add(address)
        if one.id is not None:
            identifiers.add(one.id)
    return tuple(faults)


def _of_one(one: Said, bodies: Collection[AgencyId]) -> Iterator[Fault]:
    if bodies and one.agency not in bodies:
        yield _fault(one, "agency", "is not your body: its own administrator enters its people")
    if not one.name.strip() or len(one.name) > LONGEST_NAME:
        yield _fault(one, "name", f"must have 1 to {LONGEST_NAME} characters")
    if any(unicodedata.category(letter).startswith("C") for letter in one.name):
        yield _fault(one, "name", "holds a character that cannot be seen")
    if one.name.startswith(BEGINS_A_FORMULA):
        yield _fault(one, "name", "must not begin with =, +, - or @, which a spreadsheet obeys")
    if len(one.contact) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(one.contact):
        yield _fault(one, "contact", "must be one work address of mail")
    elif one.contact.rpartition("@")[2].casefold() in PUBLIC_PROVIDERS:
        yield _fault(one, "contact", "is at a public provider; give the work address")


def _fault(one: Said, field: str, problem: str) -> Fault:
    return Fault(place=f"{one.place}.{field}", problem=problem)

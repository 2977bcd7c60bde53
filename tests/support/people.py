"""People with accounts, all invented, and their apps that show codes."""

import base64
from dataclasses import dataclass, replace
from datetime import timedelta

from brokers import Clock

from broker.access.app_codes import STEP_SECONDS, code_of
from broker.access.assembled import Access
from broker.access.passwords import PasswordCost, Passwords
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.registers.people import NewPerson, NewRole
from broker.wiring import Services
from keys import AgencyId, PersonId

BODY = AgencyId("northshire-trust")
SCHOOL = AgencyId("example-school")
PASSWORD = "umbrella gravel seventh kite"
CHEAP = Passwords(cost=PasswordCost(passes=1, kibibytes=64))
FIRST = Person(id=PersonId("p-first"), agency=BODY, role=Role.ADMINISTRATOR)
SECOND = Person(id=PersonId("p-second"), agency=BODY, role=Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What somebody who opened an account holds: address, password, app and a session."""

    person: PersonId
    address: str
    app: bytes
    token: str

    def code(self, clock: Clock) -> str:
        """What their app shows now."""
        return code_of(self.app, int(clock().timestamp()) // STEP_SECONDS)


def cheaply(services: Services) -> Access:
    """Return the ways in with passwords that cost nothing, since hundreds are hashed here."""
    access = services.access
    return replace(
        access,
        accounts=replace(access.accounts, passwords=CHEAP),
        sign_in=replace(access.sign_in, passwords=CHEAP),
    )


def entered(
    services: Services,
    name: str = "Mira Specimen",
    *roles: Role,
    agency: AgencyId = BODY,
    id_: PersonId | None = None,
) -> PersonId:
    """Enter somebody whose roles take one person to give."""
    address = f"{name.casefold().replace(' ', '.')}@{agency}.example"
    given = tuple(NewRole(role=role) for role in roles or (Role.PRACTITIONER,))
    new = NewPerson(agency=agency, name=name, contact=address, roles=given, id=id_)
    (person,) = services.access.people.add([new], replace(FIRST, agency=agency))
    return person


def opened(access: Access, secret: str, clock: Clock, password: str = PASSWORD) -> Held:
    """Open the account of a link."""
    welcome = access.accounts.welcome(secret)
    padded = welcome.app_secret + "=" * (-len(welcome.app_secret) % 8)
    held = Held(
        person=welcome.person,
        address=welcome.address,
        app=base64.b32decode(padded),
        token="",
    )
    return replace(held, token=access.accounts.open(secret, password, held.code(clock)))


def with_account(
    services: Services, clock: Clock, name: str = "Mira Specimen", *roles: Role
) -> Held:
    """Enter somebody, invite them and open their account; the clock goes on by a minute."""
    access = cheaply(services)
    person = entered(services, name, *roles)
    held = opened(access, access.accounts.invite(person, FIRST), clock)
    clock.forward(timedelta(minutes=1))
    return held


def acting(held: Held, role: Role, agency: AgencyId = BODY) -> Person:
    return Person(id=held.person, agency=agency, role=role)


def with_guardian(
    services: Services, clock: Clock, name: str = "Gwen Specimen", agency: AgencyId = BODY
) -> Held:
    """Let two administrators give somebody with an account the role of a Guardian."""
    access = cheaply(services)
    first, second = (replace(one, agency=agency) for one in (FIRST, SECOND))
    for administrator, called in ((first, "Ada Sample"), (second, "Ben Sample")):
        if access.people.record(administrator.id) is None:
            entered(services, called, agency=agency, id_=administrator.id)
            opened(access, access.accounts.invite(administrator.id, first), clock)
    address = f"{name.casefold().replace(' ', '.')}@{agency}.example"
    (person,) = access.people.add([NewPerson(agency=agency, name=name, contact=address)], first)
    given = access.people.grant(person, NewRole(role=Role.GUARDIAN), first)
    access.people.confirm(given.id, second)
    held = opened(access, access.accounts.invite(person, first), clock)
    clock.forward(timedelta(minutes=1))
    return held

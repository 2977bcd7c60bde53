"""The invented people of a demonstration who sign in to the pages, and their apps.

Nobody's password is a secret here: it is printed, and stands in this file.
"""

import base64
import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from audit.log.files import write_durably
from broker.access.app_codes import STEP_SECONDS, code_of
from broker.domain.json_values import as_object, text
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.domain.times import Clock, uk_day
from broker.operations.first_people import enter_administrators, lacks_administrators
from broker.registers.people import NewPerson, NewRole
from broker.wiring import Services
from keys import AgencyId, PersonId

APPS: Final = "apps.json"
PASSWORD: Final = "lantern orchard velvet tram"  # noqa: S105  # printed by the demonstration itself
_IN_DATE: Final = timedelta(days=365)
_TRUST: Final = AgencyId("northshire-trust")
_POLICE: Final = AgencyId("northshire-police")
_COUNCIL: Final = AgencyId("northshire-council")
_SCHOOL: Final = AgencyId("example-school")
ICB: Final = AgencyId("northshire-icb")
"""The integrated care board, whose lead hears of what is late for days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """Somebody of the demonstration: by what short name, who, and as what."""

    short: str
    name: str
    role: Role
    agency: AgencyId = _TRUST

    @property
    def address(self) -> str:
        """Their work address, of a domain that cannot exist."""
        return f"{self.short}@{self.agency}.example"


ADMINISTRATORS: Final = (
    Invented(short="ada", name="Ada Pattern", role=Role.ADMINISTRATOR),
    Invented(short="ben", name="Ben Pattern", role=Role.ADMINISTRATOR),
)
OTHERS: Final = (
    Invented(short="nia", name="Nia Specimen", role=Role.PRACTITIONER),
    Invented(short="mo", name="Mo Specimen", role=Role.MANAGER),
    Invented(short="lea", name="Lea Specimen", role=Role.LEAD),
    Invented(short="dee", name="Dee Specimen", role=Role.LEAD),
    Invented(short="gus", name="Gus Specimen", role=Role.GUARDIAN),
    Invented(short="gwen", name="Gwen Specimen", role=Role.GUARDIAN),
    Invented(short="ana", name="Ana Specimen", role=Role.AUDITOR),
    Invented(short="ivy", name="Ivy Specimen", role=Role.IG),
    Invented(short="sue", name="Sue Specimen", role=Role.SUPERVISOR),
    Invented(short="kit", name="Kit Specimen", role=Role.KEEPER),
    Invented(short="ash", name="Ash Specimen", role=Role.ASSURANCE),
    Invented(short="pat", name="Pat Specimen", role=Role.POLICE, agency=_POLICE),
    Invented(short="pia", name="Pia Specimen", role=Role.GUARDIAN, agency=_POLICE),
    Invented(short="dot", name="Dot Specimen", role=Role.LEAD, agency=_SCHOOL),
    Invented(short="isla", name="Isla Specimen", role=Role.LEAD, agency=ICB),
    Invented(short="ike", name="Ike Specimen", role=Role.GUARDIAN, agency=ICB),
    Invented(short="cora", name="Cora Specimen", role=Role.CHAIR, agency=_COUNCIL),
    Invented(short="cole", name="Cole Specimen", role=Role.COORDINATOR, agency=_COUNCIL),
    Invented(short="cai", name="Cai Specimen", role=Role.GUARDIAN, agency=_COUNCIL),
    Invented(short="may", name="May Specimen", role=Role.MEMBER, agency=_COUNCIL),
    Invented(short="max", name="Max Specimen", role=Role.MEMBER, agency=_COUNCIL),
)


def enter_people(services: Services) -> None:
    """Enter everybody once, open their accounts, and keep their apps' secrets in the home."""
    if not lacks_administrators(services):
        return
    codes: dict[str, str] = {}
    first = enter_administrators(services, [_new(one, None) for one in ADMINISTRATORS])
    for invented, administrator in zip(ADMINISTRATORS, first, strict=True):
        codes[invented.short] = administrator.code
    access = services.access
    ada, ben = (
        Person(id=administrator.person, agency=_TRUST, role=Role.ADMINISTRATOR)
        for administrator in first
    )
    apps = {one.short: _open(services, codes[one.short]) for one in ADMINISTRATORS}
    in_date = uk_day(services.clock()) + _IN_DATE
    for invented in OTHERS:
        first_of, second_of = (replace(one, agency=invented.agency) for one in (ada, ben))
        (person,) = access.people.add([_new(invented, in_date)], first_of)
        held = access.people.grant(person, NewRole(role=invented.role), first_of)
        if held.needs_confirmation:
            access.people.confirm(held.id, second_of)
        apps[invented.short] = _open(services, access.accounts.invite(person, first_of))
    write_durably(services.home.path / APPS, json.dumps(apps).encode("ascii"))


def code_now(home: Path, short: str, clock: Clock) -> str | None:
    """Return what the app of somebody shows now; None where nobody is called so."""
    try:
        apps = as_object(json.loads((home / APPS).read_bytes()))
    except OSError:
        return None
    if short not in apps:
        return None
    secret = base64.b32decode(text(apps[short]))
    return code_of(secret, int(clock().timestamp()) // STEP_SECONDS)


def _new(invented: Invented, in_date: date | None) -> NewPerson:
    return NewPerson(
        agency=invented.agency,
        name=invented.name,
        contact=invented.address,
        id=PersonId(f"p-{invented.short}"),
        trained_until=in_date,
        cleared_until=in_date,
    )


def _open(services: Services, code: str) -> str:
    """Open the account of a one-time code, and return the app's secret in base32."""
    accounts = services.access.accounts
    shown = accounts.welcome(code).app_secret
    step = int(services.clock().timestamp()) // STEP_SECONDS
    accounts.open(code, PASSWORD, code_of(base64.b32decode(shown), step))
    return shown

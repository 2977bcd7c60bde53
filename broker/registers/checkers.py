"""Who checks a concern of a body: its leads, its managers, and its Guardians above them."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.domain.model import Agency
from broker.domain.roles import Role
from broker.storage.transaction import Transaction
from keys import AgencyId, PersonId

FEWEST_LEADS: Final = 2
"""How many a body needs before its lead is asked first: a lead and a deputy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of a body in a role: their name and work address, for people of that body alone."""

    person: PersonId
    role: Role
    name: str
    contact: str


def colleagues(
    tx: Transaction, agency: AgencyId, roles: tuple[Role, ...], day: date
) -> tuple[Colleague, ...]:
    """Return who acts in one of these roles for a body on a day, by role and name.

    A Guardian for whom a deputy covers that day is not among them: the deputy, who holds the role
    as well, is.
    """
    away = _covered(tx, agency, day) if Role.GUARDIAN in roles else frozenset[PersonId]()
    return tuple(
        Colleague(person=one.id, role=role, name=one.name, contact=one.contact)
        for role in roles
        for one in sorted(tx.people.acting(agency, role, day), key=lambda one: one.name)
        if role is not Role.GUARDIAN or one.id not in away
    )


def contact_of(tx: Transaction, person: PersonId) -> str | None:
    """Return where somebody is reached at work, None for one who is not entered or disabled."""
    found = tx.people.find(person)
    return None if found is None or found.disabled_on is not None else found.contact


def _covered(tx: Transaction, agency: AgencyId, day: date) -> frozenset[PersonId]:
    """Return the Guardians for whom a deputy covers on a day who may act on it."""
    covers = [one for one in tx.advising.covers_of(agency, day) if one.stands_on(day)]
    acting = {one.id for one in tx.people.acting(agency, Role.GUARDIAN, day)}
    return frozenset(one.guardian for one in covers if one.deputy in acting)


def asks_its_lead(tx: Transaction, agency: Agency, purpose: str, day: date) -> bool:
    """Say whether a body's lead is asked before something goes for a purpose.

    A body without a lead and a deputy cannot ask: who is away would stop every referral. Before
    anybody is entered nobody knows who they are, and the body's setting holds.
    """
    return agency.asks_the_lead(purpose) and _can_ask_its_lead(tx, agency, day)


def purposes_asked_first(tx: Transaction, agency: Agency, day: date) -> frozenset[str]:
    """Return the purposes for which `asks_its_lead` holds, having looked for the leads once."""
    asked = frozenset(one for one in agency.check_purposes if agency.asks_the_lead(one))
    return asked if asked and _can_ask_its_lead(tx, agency, day) else frozenset()


def _can_ask_its_lead(tx: Transaction, agency: Agency, day: date) -> bool:
    return not tx.people.has_anybody() or leads_of(tx, agency.id, day) >= FEWEST_LEADS


def leads_of(tx: Transaction, agency: AgencyId, day: date) -> int:
    """Return how many people are lead of a body on a day, deputies too."""
    return len(colleagues(tx, agency, (Role.LEAD,), day))

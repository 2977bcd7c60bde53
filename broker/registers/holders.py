"""Who holds which role of a body today, as its own people read it beside its contacts."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.domain.roles import Role
from broker.storage.transaction import Transactions
from keys import AgencyId

_MANY: Final = frozenset({Role.PRACTITIONER, Role.MANAGER, Role.CLIENT})
_MUST_BE: Final = (Role.LEAD, Role.GUARDIAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody who holds a role: their name, and until when, None where no end is set."""

    name: str
    is_deputy: bool
    until: date | None


def holders_of(
    transaction: Transactions, agency: AgencyId, day: date
) -> tuple[tuple[Role, tuple[Holder, ...]], ...]:
    """Return the roles of a body that somebody may act in on a day, each with its holders by name.

    Lead and Guardian stand there though nobody holds them; what many hold, such as practitioner,
    does not. Nobody who is disabled is a holder.
    """
    with transaction() as tx:
        found = {
            role: tuple(
                Holder(name=person.name, is_deputy=held.is_deputy, until=held.valid_until)
                for held in tx.people.roles_for(agency, role)
                if held.stands_on(day)
                and (person := tx.people.person(held.person)).disabled_on is None
            )
            for role in Role
            if role not in _MANY
        }
    return tuple(
        (role, tuple(sorted(holders, key=lambda one: (one.is_deputy, one.name))))
        for role, holders in found.items()
        if holders or role in _MUST_BE
    )

"""Clients: partners' machines, registered by two people, and the keys by which they show it."""

from dataclasses import dataclass
from datetime import date
from typing import Final, NewType

from broker.domain.roles import Role
from keys import AgencyId, Algorithm, KeyId, PersonId

ClientId = NewType("ClientId", str)

MACHINE_ROLES: Final = frozenset(
    {
        Role.CLIENT,
        Role.PRACTITIONER,
        Role.MANAGER,
        Role.LEAD,
        Role.POLICE,
        Role.POLICE_LEAD,
        Role.ADULTS_LEAD,
        Role.FAMILIES_LEAD,
        Role.COORDINATOR,
        Role.AUDITOR,
    }
)
"""What a machine may be. Who decides for a body, gives power or uses keys does it in person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A machine of a body, the roles in which it may work, and by which algorithm it signs.

    `names_people` says that it works for people of its body and tells whom; else it works in its
    own name alone.
    """

    id: ClientId
    agency: AgencyId
    algorithm: Algorithm
    roles: frozenset[Role]
    names_people: bool
    registered_by: PersonId
    disabled_on: date | None
    version: int

    @property
    def itself(self) -> PersonId:
        """As whom it works where it names nobody."""
        return PersonId(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientKey:
    """A public key of a client, named by its thumbprint; it counts once a second person says so.

    `jwk` is its JSON in the spelling that the thumbprint is made of (RFC 7638).
    """

    id: KeyId
    client: ClientId
    jwk: str
    added_by: PersonId
    added_on: date
    confirmed_by: PersonId | None
    removed_on: date | None

    @property
    def counts(self) -> bool:
        """Say whether the client may show by it who it is."""
        return self.confirmed_by is not None and self.removed_on is None

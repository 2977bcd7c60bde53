"""Something written into a register of each kind, by what a parent calls it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from broker_client import public_jwk
from brokers import NURSE
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from people import entered

from broker.domain.directory.profiles import RecipientProfile
from broker.domain.machines.clients import ClientId
from broker.domain.model import MailboxId
from broker.domain.roles import Role
from broker.registers.bodies.sharing import Signed, purposes_of
from broker.registers.machines.clients import NewClient
from broker.wiring import Services
from keys import AgencyId, Algorithm, PersonId

PREVENT = MailboxId("northshire-prevent")
KEEPER = replace(NURSE, id=PersonId("p-keeper"), role=Role.KEEPER)
REGISTRAR = replace(NURSE, id=PersonId("p-registrar"), role=Role.ADMINISTRATOR)
SIGNED = Signed(
    other=AgencyId("northshire-police"),
    title="Northshire sharing agreement. Fictitious.",
    purposes=("case-review",),
    names_prevent=True,
    legal_basis="Crime and Disorder Act 1998, section 115",
    limits="",
    signed_on=date(2026, 1, 5),
    review_on=date(2026, 12, 1),
    ends_on=date(2027, 1, 4),
    sha256="a" * 64,
    owner=PersonId("p-lead"),
)


def _sharing(services: Services) -> object:
    purposes = purposes_of(services.rulebooks.in_force())
    return services.keeping.between.sharing.enter(KEEPER, SIGNED, purposes)


def _client(services: Services) -> object:
    new = NewClient(
        id=ClientId("c-crash"),
        algorithm=Algorithm.EDDSA,
        roles=frozenset({Role.PRACTITIONER}),
        names_people=False,
        keys=(public_jwk(Ed25519PrivateKey.generate()),),
    )
    return services.access.machines.clients.register(new, REGISTRAR)


REGISTERED: Mapping[str, Callable[[Services], object]] = {
    "a contact retired": lambda services: services.directory.retire(PREVENT, PersonId("p-third")),
    "a person": entered,
    "an agreement between bodies": _sharing,
    "a machine": _client,
    "how a contact takes documents": lambda services: services.keeping.profiles.set(
        PREVENT, RecipientProfile(most_megabytes=12), PersonId("p-third")
    ),
}

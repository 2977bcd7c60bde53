"""Documents about machines, parsed once into frozen values; every fault named, all at once."""

from broker.domain.machines.clients import ClientId
from broker.domain.roles import Role
from broker.intake.documents import object_in
from broker.intake.machines.shapes import ClientModel
from broker.intake.validation import validated
from broker.registers.machines.clients import NewClient
from keys import Algorithm


def read_client(text: bytes) -> NewClient:
    """Return the machine of a JSON document, or raise `FaultyDocumentError`."""
    model = validated(ClientModel, object_in(text))
    return NewClient(
        id=ClientId(model.client),
        algorithm=Algorithm(model.algorithm),
        roles=frozenset(map(Role, model.roles)),
        names_people=model.names_people,
        keys=tuple(model.keys),
    )


def read_key(text: bytes) -> dict[str, object]:
    """Return the members of one public key as JSON, or raise `FaultyDocumentError`."""
    return object_in(text)

"""How a pack leaves the building."""

from dataclasses import dataclass
from typing import Protocol

from broker.domain.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What a courier can say after it took a message: its name, and the TLS that carried it."""

    courier: str
    tls: str


class Courier(Protocol):
    """Takes a finished message to its recipient."""

    @property
    def name(self) -> str:
        """The courier's name on the ledger."""
        ...

    @property
    def repeatable(self) -> bool:
        """Whether a message whose fate is unknown may be handed over again without harm."""
        ...

    def deliver(self, reference: Reference, message: bytes) -> Acceptance:
        """Return the receipt once the message is durably handed over.

        Raises `DeferredError` where trying the same bytes later may help, `RejectedError` where a
        person must act. Called with no transaction open; any other exception leaves the fate of
        the message unknown.
        """
        ...

"""How a pack leaves the building."""

from dataclasses import dataclass
from typing import Protocol

from broker.delivery.message import Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What a courier can say after it took a message: the TLS that carried it, or none.

    `code` is the number with which a server acknowledged, None where there is no server.
    """

    tls: str
    code: int | None = None


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

    def deliver(self, envelope: Envelope, message: bytes) -> Acceptance:
        """Return what can be said of it once the message is durably handed over.

        Raises `DeferredError` where trying the same bytes later may help, its `TlsRefusedError`
        where the connection was not private, `RejectedError` where a person must act, and
        `UnknownFateError` where it may have gone. Called with no transaction open; any other
        exception leaves the fate of the message unknown.
        """
        ...

"""How a pack leaves the building."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from audit.files import write_durably
from broker.errors import DeferredError
from broker.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
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

    def deliver(self, reference: Reference, message: bytes) -> Receipt:
        """Return the receipt once the message is durably handed over.

        Raises `DeferredError` where trying the same bytes later may help, `RejectedError` where a
        person must act. Called with no transaction open; any other exception leaves the fate of
        the message unknown.
        """
        ...


class PickupCourier:
    """Writes each message as `REFERENCE.eml` into a folder that a mail system collects.

    It cannot prove who carries the file onwards, so what it takes is always sealed. Writing again
    under the same name puts the same bytes in the same place.
    """

    name = "pickup"
    repeatable = True

    def __init__(self, folder: Path) -> None:
        """Use `folder`, which must exist and be private to the service."""
        self._folder = folder

    def deliver(self, reference: Reference, message: bytes) -> Receipt:
        """Write the message durably: whole under its name, or not at all."""
        try:
            write_durably(self._folder / f"{reference}.eml", message)
        except OSError as error:
            problem = "The pickup folder cannot be written. Free some space; it is tried again."
            raise DeferredError(problem) from error
        return Receipt(courier=self.name, tls="none")

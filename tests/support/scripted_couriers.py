"""A courier that fails as a test tells it."""

from dataclasses import dataclass, field, replace

from broker.delivery.courier import Acceptance
from broker.delivery.message import Envelope
from broker.domain.errors import DeliveryError
from broker.wiring import Services


@dataclass(slots=True)
class Scripted:
    """A courier that fails as it is told, then takes everything."""

    errors: list[DeliveryError]
    name: str = "smtp"
    repeatable: bool = False
    taken: list[tuple[Envelope, bytes]] = field(default_factory=list[tuple[Envelope, bytes]])

    def deliver(self, envelope: Envelope, message: bytes) -> Acceptance:
        if self.errors:
            raise self.errors.pop(0)
        self.taken.append((envelope, message))
        return Acceptance(tls="TLSv1.3", code=250)


def dispatched(services: Services, *errors: DeliveryError) -> Scripted:
    """Send what is due with a courier that fails so, and return it."""
    courier = Scripted(errors=list(errors))
    replace(services.dispatcher, courier=courier).dispatch()
    return courier

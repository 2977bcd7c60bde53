"""The courier of the embedded default: a folder that a mail system collects."""

from pathlib import Path

import structlog

from audit.log.files import write_durably
from broker.delivery.courier import Acceptance
from broker.delivery.message import Envelope
from broker.domain.errors import DeferredError
from broker.host_faults import file_trouble

_log = structlog.get_logger()


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

    def deliver(self, envelope: Envelope, message: bytes) -> Acceptance:
        """Write the message durably: whole under its name, or not at all."""
        try:
            write_durably(self._folder / f"{envelope.reference}.eml", message)
        except OSError as error:
            _log.error("pickup-unwritable", reference=str(envelope.reference), code=error.errno)
            problem = f"{file_trouble(error)} It is tried again."
            raise DeferredError(problem) from error
        return Acceptance(tls="none")

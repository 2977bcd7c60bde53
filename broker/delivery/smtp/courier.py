"""The courier that gives messages to a mail relay, on a connection that is proved each time."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

import structlog

from broker.delivery.courier import Acceptance
from broker.delivery.message import Envelope
from broker.delivery.smtp.session import PATIENCE, Patience, Route, Session, opened
from broker.delivery.smtp.signing import signed
from broker.domain.errors import DeliveryError
from broker.environment.mail import SmtpSettings

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpCourier:
    """Gives each message to the relay of `settings`, never twice by itself.

    What follows of each fault stands in `broker.delivery.smtp.faults`.
    """

    settings: SmtpSettings
    patience: Patience = PATIENCE
    name: str = "smtp"
    repeatable: bool = False

    def deliver(self, envelope: Envelope, message: bytes) -> Acceptance:
        """Return once the relay has acknowledged the message; raises `DeliveryError`."""
        route = Route(
            sender=envelope.sender, recipient=envelope.to, envelope_id=envelope.envelope_id
        )
        try:
            tls, code = self._hand_over(route, message)
        except DeliveryError as error:
            reference = str(envelope.reference)
            _log.warning("mail-fault", reference=reference, fault=error.fault, code=error.reply)
            raise
        return Acceptance(tls=tls, code=code)

    def post(self, sender: str, recipient: str, message: bytes) -> None:
        """Give over a message that no disclosure is about, and ask for no notice of it.

        Raises `DeliveryError`.
        """
        self._hand_over(Route(sender=sender, recipient=recipient, envelope_id=None), message)

    def try_relay(self, sender: str) -> str:
        """Return the TLS version that the relay gives us, having said and sent nothing more.

        Raises `DeliveryError`.
        """
        with self._session(sender) as session:
            return session.tls

    def _hand_over(self, route: Route, message: bytes) -> tuple[str, int]:
        key = self.settings.dkim
        content = message if key is None else signed(message, key, route.sender)
        with self._session(route.sender) as session:
            return session.tls, session.hand_over(route, content)

    def _session(self, sender: str) -> AbstractContextManager[Session]:
        return opened(self.settings, sender.rpartition("@")[2], self.patience)

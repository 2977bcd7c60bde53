"""Notices to people go on by the mail relay, where there is one; else a mail system collects."""

import email
import email.policy
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from broker.delivery.courier import Courier
from broker.delivery.smtp.courier import SmtpCourier
from broker.domain.errors import DeferredError, DeliveryError

_log = structlog.get_logger()
_NOTICES: Final = "notice-*.eml"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePost:
    """Empties the folder of notices into the relay that `courier` has.

    What a notice tells stands in a list as well, so one whose fate is unknown is not sent twice.
    """

    courier: Courier
    folder: Path

    def send_all(self) -> int:
        """Hand every notice on and return how many went; the first that must wait ends it."""
        if not isinstance(self.courier, SmtpCourier):
            return 0
        sent = 0
        for path in sorted(self.folder.glob(_NOTICES)):
            try:
                content = path.read_bytes()
                message = email.message_from_bytes(content, policy=email.policy.default)
                self.courier.post(str(message["From"]), str(message["To"]), content)
            except DeferredError:
                return sent
            except DeliveryError as error:
                _log.warning("notice-lost", fault=error.fault, code=error.reply)
            except OSError:
                _log.error("notice-unreadable")
                continue
            else:
                sent += 1
            path.unlink(missing_ok=True)
        return sent

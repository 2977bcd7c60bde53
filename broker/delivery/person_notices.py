"""Notices to people of a body: that something waits for them, by reference, and nothing else.

Each is a mail in the folder that a mail system collects, under a random name. It tells what the
list of whoever signs in shows anyway, so that one which is lost loses nothing.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Final

import structlog

from audit.log.files import write_durably

_log = structlog.get_logger()

_NAME_BYTES: Final = 12
_FOOT: Final = (
    "This message holds nothing about a person; do not reply to it.\n"
    "If someone is in immediate danger, ring 999.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNotice:
    """What somebody is told: sentences of ours with references and days, never a name.

    `is_for_a_user`: they sign in here, where more of it can be read.
    """

    to: str
    subject: str
    sentences: tuple[str, ...]
    is_for_a_user: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNotices:
    """Puts notices into `folder`, from the address `sender`."""

    folder: Path
    sender: str

    def send(self, notice: PersonNotice, at: datetime) -> bool:
        """Leave a notice for the mail system, and say whether that could be done.

        Trouble is told in the log and stops nothing: what it tells stands in a list.
        """
        name = secrets.token_hex(_NAME_BYTES)
        message = EmailMessage(policy=SMTP)
        message["From"] = self.sender
        message["To"] = notice.to
        message["Subject"] = notice.subject
        message["Date"] = format_datetime(at)
        message["Message-ID"] = f"<{name}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        foot = f"Sign in to read it. {_FOOT}" if notice.is_for_a_user else _FOOT
        message.set_content("\n".join((*notice.sentences, "", foot)))
        try:
            write_durably(self.folder / f"notice-{name}.eml", message.as_bytes())
        except OSError as error:
            _log.error("notice-unwritable", code=error.errno)
            return False
        return True

"""The mail that carries a sealed pack: the same bytes every time it is built."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from broker.domain.directory.profiles import SealedAs
from broker.domain.references import Reference
from broker.packs.file_kinds import KINDS, file_name, form_of
from keys import IndexKey

_BODY = """\
This message carries a sealed document, reference {reference}.

What to do next
1. Wait for a telephone call. The sender will ring the number that the directory holds for
   your team, confirm the reference above, and read out the passphrase. It never comes by mail.
2. Save the attached file and open it with the passphrase: all lower case, a dash between words.
   {opens_in}
3. Say on that call that it has opened.

If nobody has rung within one working day, or you did not expect this message, ring the agency
that you expect documents from, on a number that you know. Do not reply with anything about a
person. If someone is in immediate danger, ring 999.
"""

_OPENS_IN: Final[Mapping[SealedAs, str]] = {
    SealedAs.PDF: "It opens in an ordinary PDF reader.",
    SealedAs.WORD: "It opens in Microsoft Word.",
    SealedAs.ZIP: (
        "It opens in 7-Zip or WinZip, not by a double click in Windows. There are seven words."
    ),
}

_LINK = """\
A document waits for you, reference {reference}. It is fetched from this page, without an account:

{address}

What to do next
1. Wait for a telephone call. The sender will ring the number that the directory holds for
   your team, confirm the reference above, and tell you a code. It never comes by mail.
2. Open the page, press the button, and type the code. Anybody of your team may be told a code of
   their own, by their function.
3. The page stands for seven days. Nothing is fetched by opening it.

If nobody has rung within one working day, or you did not expect this message, ring the agency
that you expect documents from, on a number that you know. Do not reply with anything about a
person. If someone is in immediate danger, ring 999.
"""

_TEST_BODY = """\
This message is a test, reference {reference}. The attached file is sealed and holds nothing about
anybody. Somebody will ring your team, on the number that the directory holds, and read out the
words that open it. Say on that call in what program it opened, or what was in its way.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What stands around a sealed pack on its way; the same at every attempt.

    `envelope_id` is our mark on it (RFC 3461, 4.4), which comes back with notices about it.
    """

    reference: Reference
    message_id: str
    sender: str
    to: str
    at: datetime
    envelope_id: str


def message_id_of(reference: Reference, token: str, sender: str) -> str:
    """Return the Message-ID that every attempt to send this document bears (RFC 5322)."""
    domain = sender.rpartition("@")[2]
    return f"<{reference}.{token}@{domain}>".lower()


def envelope_id_of(reference: Reference, message_id: str, key: IndexKey) -> str:
    """Return our mark on a message: its reference, and what only we can have written beside it.

    Notices about the message bring it back (RFC 3464, 2.2.1); it fits into 100 characters.
    """
    return f"{reference}.{key.digest(f'{reference} {message_id}'.encode()).hex()[:32]}"


def message_of(envelope: Envelope, sealed: bytes) -> bytes:
    """Return the message as bytes (RFC 5322, CRLF line ends), equal for equal arguments.

    Subject, file name, headers and body bear the reference and nothing about the person.
    """
    return _message(envelope, sealed, _BODY)


def trial_message_of(envelope: Envelope, sealed: bytes) -> bytes:
    """Return the message of a test letter; as `message_of`."""
    return _message(envelope, sealed, _TEST_BODY)


def _message(envelope: Envelope, sealed: bytes, body: str) -> bytes:
    reference = envelope.reference
    message = _begun(envelope)
    form = form_of(sealed)
    message.set_content(body.format(reference=reference, opens_in=_OPENS_IN[form]))
    kind = KINDS[form]
    message.add_attachment(
        sealed,
        maintype=kind.main_type,
        subtype=kind.sub_type,
        filename=file_name(str(reference), sealed),
    )
    # A boundary of our own, since the library's would differ at every attempt.
    message.set_boundary(f"=_{reference}")
    return message.as_bytes()


def link_message_of(envelope: Envelope, address: str) -> bytes:
    """Return the message that says where the document is fetched; as `message_of`."""
    message = _begun(envelope)
    message.set_content(_LINK.format(reference=envelope.reference, address=address))
    return message.as_bytes()


def _begun(envelope: Envelope) -> EmailMessage:
    reference = envelope.reference
    message = EmailMessage(policy=SMTP)
    message["From"] = envelope.sender
    message["To"] = envelope.to
    message["Subject"] = f"Document {reference}"
    message["Date"] = format_datetime(envelope.at)
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    return message

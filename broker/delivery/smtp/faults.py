"""Which faults of a mail relay are tried again, which need a person, and an example of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from broker.domain.errors import (
    DeferredError,
    DeliveryError,
    RejectedError,
    TlsRefusedError,
    UnknownFateError,
)


class Fault(StrEnum):
    """What can go wrong between us and a relay; the words are those of the log."""

    NOT_FOUND = "not-found"
    UNREACHABLE = "unreachable"
    SILENT = "silent"
    NOT_SMTP = "not-smtp"
    NOT_PRIVATE = "not-private"
    SIGN_IN = "sign-in"
    RELAY_SHUT = "relay-shut"
    LATER = "later"
    REFUSED = "refused"
    TOO_LARGE = "too-large"
    NO_ANSWER = "no-answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """When a fault is said to have happened, what follows of it, and an example."""

    when: str
    follows: type[DeliveryError]
    example: str

    @property
    def is_tried_again(self) -> bool:
        """Say whether the same bytes are handed over again by themselves."""
        return issubclass(self.follows, DeferredError)


FAULTS: Final[Mapping[Fault, Meaning]] = {
    Fault.NOT_FOUND: Meaning(
        when="the relay's name has no address",
        follows=DeferredError,
        example="getaddrinfo: name or service not known",
    ),
    Fault.UNREACHABLE: Meaning(
        when="no address of the relay takes a connection within 3 seconds",
        follows=DeferredError,
        example="connection refused",
    ),
    Fault.SILENT: Meaning(
        when="the relay says nothing for 3 seconds, or hangs up, before the message was ended",
        follows=DeferredError,
        example="it accepts the connection and sends no greeting",
    ),
    Fault.NOT_SMTP: Meaning(
        when="what answers does not speak SMTP",
        follows=DeferredError,
        example="HTTP/1.1 400 Bad Request",
    ),
    Fault.NOT_PRIVATE: Meaning(
        when="TLS is not offered, older than 1.2, or its certificate is not the relay's own",
        follows=TlsRefusedError,
        example="certificate has expired; STARTTLS was taken out on the way",
    ),
    Fault.SIGN_IN: Meaning(
        when="the relay refuses our user or password, or wants one and there is none",
        follows=DeferredError,
        example="535 5.7.8 authentication credentials invalid",
    ),
    Fault.RELAY_SHUT: Meaning(
        when="the relay refuses us before it heard of the message",
        follows=DeferredError,
        example="554 no SMTP service here",
    ),
    Fault.LATER: Meaning(
        when="a reply of 4yz to anything",
        follows=DeferredError,
        example="451 4.7.1 greylisted, try again later",
    ),
    Fault.REFUSED: Meaning(
        when="a reply of 5yz to sender, recipient or message",
        follows=RejectedError,
        example="550 5.1.1 no such mailbox",
    ),
    Fault.TOO_LARGE: Meaning(
        when="the message is larger than the relay's SIZE, which is looked at before it is sent",
        follows=RejectedError,
        example="SIZE 10240000 and a message of 12 MB; 552 5.3.4 message too big",
    ),
    Fault.NO_ANSWER: Meaning(
        when="the whole message was given over, and its acknowledgement was lost",
        follows=UnknownFateError,
        example="the connection ends after the last dot",
    ),
}
"""The one table: what follows of each fault."""


def error_of(fault: Fault, reply: int | None = None) -> DeliveryError:
    """Return the error that a fault is; `reply` is what the relay answered, a number alone."""
    meaning = FAULTS[fault]
    return meaning.follows(f"{meaning.when[0].upper()}{meaning.when[1:]}.", fault.value, reply)


_SIGN_IN = frozenset({530, 534, 535, 538})
_TOO_LARGE = 552
_SERVICE_CLOSES = 421


def fault_of_reply(code: int, *, heard_of_message: bool) -> Fault:
    """Return the fault that a reply is which is no success.

    `heard_of_message`: whether the relay knew sender or recipient when it answered.

    >>> fault_of_reply(451, heard_of_message=True)
    <Fault.LATER: 'later'>
    >>> fault_of_reply(554, heard_of_message=False)
    <Fault.RELAY_SHUT: 'relay-shut'>
    """
    if code == _SERVICE_CLOSES or 400 <= code < 500:  # noqa: PLR2004  # RFC 5321, 4.2.1
        return Fault.LATER
    if code in _SIGN_IN:
        return Fault.SIGN_IN
    if not 500 <= code < 600:  # noqa: PLR2004  # RFC 5321, 4.2.1
        return Fault.NOT_SMTP
    if not heard_of_message:
        return Fault.RELAY_SHUT
    return Fault.TOO_LARGE if code == _TOO_LARGE else Fault.REFUSED

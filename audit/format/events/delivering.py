"""Events of what is sealed, sent, told and taken back."""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.event_types import RecordedEvent
from audit.format.events.judging import ActOnDisclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSealed(RecordedEvent):
    """The pack was rendered, sealed and opened to check; `marks_mac` is of the reader's marks."""

    type_name: ClassVar[str] = "sealed"
    ref: kinds.Reference
    sha256: kinds.Sha256
    bytes: kinds.Count
    pages: kinds.Count
    message_id: kinds.Sha256
    marks_mac: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackUnsealed(RecordedEvent):
    """The pack was rendered for a courier that needs no seal."""

    type_name: ClassVar[str] = "packed"
    ref: kinds.Reference
    sha256: kinds.Sha256
    bytes: kinds.Count
    pages: kinds.Count
    message_id: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAttempt(RecordedEvent):
    """What is said of every attempt to deliver."""

    ref: kinds.Reference
    courier: kinds.CourierName
    sha256: kinds.Sha256
    attempt: kinds.Count
    tls: kinds.TlsVersion | None = None
    code: kinds.Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(DeliveryAttempt):
    """The courier took the bytes."""

    type_name: ClassVar[str] = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(DeliveryAttempt):
    """A notice of success came back."""

    type_name: ClassVar[str] = "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected(DeliveryAttempt):
    """The recipient's system refused for good."""

    type_name: ClassVar[str] = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsRefused(DeliveryAttempt):
    """The connection could not be proved private, so nothing was sent."""

    type_name: ClassVar[str] = "refused-tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred(DeliveryAttempt):
    """The recipient's system asked for a later attempt."""

    type_name: ClassVar[str] = "deferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp(DeliveryAttempt):
    """It was tried for a day and not taken; a person decides."""

    type_name: ClassVar[str] = "gave-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryUnknown(DeliveryAttempt):
    """It may or may not have gone; a person decides."""

    type_name: ClassVar[str] = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chased(RecordedEvent):
    """Somebody was told that it stands still, or that a duty is past its day."""

    type_name: ClassVar[str] = "chased"
    ref: kinds.Reference
    step: kinds.ChaseStep
    duty: kinds.Obligation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendAsked(ActOnDisclosure):
    """A person decided that the same bytes are sent once more."""

    type_name: ClassVar[str] = "resend.asked"
    why_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureRenewed(ActOnDisclosure):
    """What had ended was sent again, judged anew: as another disclosure of its case."""

    type_name: ClassVar[str] = "disclosure.renewed"
    disclosure: kinds.Reference
    why_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalConfirmed(ActOnDisclosure):
    """A person heard from the recipient that it has arrived."""

    type_name: ClassVar[str] = "arrival.confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentByHand(ActOnDisclosure):
    """Its sender carried it by another system, whose receipt is kept."""

    type_name: ClassVar[str] = "sent-by-hand"
    way: kinds.HandWay
    sha256: kinds.Sha256
    receipt_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class PassphraseRevealed(ActOnDisclosure):
    """The passphrase, or the code of a page, was shown to be read over the telephone."""

    type_name: ClassVar[str] = "revealed"
    again: kinds.Again
    why_c: kinds.Sha256 | None = None
    what: kinds.Told | None = None
    reader: kinds.Count | None = None
    reader_c: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionsAccepted(RecordedEvent):
    """A reader of a page accepted on which conditions they are given the document."""

    type_name: ClassVar[str] = "conditions.accepted"
    ref: kinds.Reference
    reader: kinds.Count
    version: kinds.Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected(RecordedEvent):
    """A reader fetched the document from its page; one that opens was opened by that."""

    type_name: ClassVar[str] = "collected"
    ref: kinds.Reference
    reader: kinds.Count
    fetch: kinds.Count
    form: kinds.PageForm


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnswered(RecordedEvent):
    """A reader of a page wrote to the sender."""

    type_name: ClassVar[str] = "page.answered"
    ref: kinds.Reference
    reader: kinds.Count
    reply_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class PageExpired(RecordedEvent):
    """The page was destroyed after seven days; unused is yes where nobody had fetched from it."""

    type_name: ClassVar[str] = "page.expired"
    ref: kinds.Reference
    unused: kinds.Again


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(ActOnDisclosure):
    """The recipient confirmed that it was opened."""

    type_name: ClassVar[str] = "acknowledged"
    agency: kinds.OpaqueId | None = None
    spoken_c: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled(ActOnDisclosure):
    """The sender asked for it back."""

    type_name: ClassVar[str] = "recalled"
    why_c: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassphraseExpired(RecordedEvent):
    """The passphrase was burned unused after 14 days."""

    type_name: ClassVar[str] = "expired"
    ref: kinds.Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxReceived(ActOnDisclosure):
    """Somebody at the recipient's inbox said that it has arrived there."""

    type_name: ClassVar[str] = "inbox.received"
    agency: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPassedOn(ActOnDisclosure):
    """Somebody at the recipient's inbox passed it on to a function there."""

    type_name: ClassVar[str] = "inbox.passed-on"
    agency: kinds.OpaqueId
    to_c: kinds.Sha256

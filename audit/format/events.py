"""The closed table of events: a class for each type, with what may be recorded and when.

docs/formats/ledger.md holds the same table. No field can hold free text, so that no name, no
address and nothing that a person wrote can reach a record that is never erased.

>>> Replied(ref="PRV-7Q4K-M2XH", by="p-nurse", reply_c="0" * 64).event()["type"]
'replied'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.event_types import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOnDisclosure(RecordedEvent):
    """What a person does about a disclosure."""

    ref: kinds.Reference
    by: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOpened(RecordedEvent):
    """The log begins; always entry 0, and only there."""

    type_name: ClassVar[str] = "log.open"
    origin: kinds.Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyActivated(RecordedEvent):
    """A rulebook comes into force."""

    type_name: ClassVar[str] = "policy.activate"
    rulebook: kinds.RulebookId
    engine: kinds.Version
    by: kinds.OpaqueId | None = None
    second: kinds.OpaqueId | None = None
    until: kinds.Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyExpired(RecordedEvent):
    """The day until which a rulebook was put in force has passed."""

    type_name: ClassVar[str] = "policy.expire"
    rulebook: kinds.RulebookId
    until: kinds.Day


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAdded(RecordedEvent):
    """A signing key comes into use."""

    type_name: ClassVar[str] = "key.add"
    purpose: kinds.KeyPurpose
    key: kinds.KeyId
    vkey: kinds.VerifierKeyText | None = None
    after: kinds.VerifierKeyText | None = None
    by: kinds.OpaqueId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRetired(RecordedEvent):
    """A signing key that another followed is used no more."""

    type_name: ClassVar[str] = "key.retire"
    purpose: kinds.KeyPurpose
    key: kinds.KeyId
    why: kinds.KeyEnd
    vkey: kinds.VerifierKeyText | None = None
    by: kinds.OpaqueId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(ActOnDisclosure):
    """A pack or a request was taken in."""

    type_name: ClassVar[str] = "received"
    agency: kinds.OpaqueId | None = None
    sender: kinds.OpaqueId
    recipient: kinds.OpaqueId
    pack_c: kinds.Sha256
    attachments: kinds.Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided(RecordedEvent):
    """The rules judged it; purpose is left out where the facts name none that exists."""

    type_name: ClassVar[str] = "decided"
    ref: kinds.Reference
    by: kinds.OpaqueId | None = None
    outcome: kinds.Outcome
    rulebook: kinds.RulebookId
    engine: kinds.Version
    purpose: kinds.Purpose | None = None
    findings: kinds.Findings
    obligations: kinds.ObligationList
    unperformed: kinds.ObligationList
    release: kinds.FieldList
    withheld: kinds.FieldList
    facts_c: kinds.Sha256
    decision_c: kinds.Sha256
    recipient_c: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(ActOnDisclosure):
    """A Caldicott Guardian or other approver answered a referral."""

    type_name: ClassVar[str] = "reviewed"
    verdict: kinds.GuardianVerdict
    principles: kinds.Principles
    reason_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(ActOnDisclosure):
    """A Caldicott Guardian asked the sender for more before deciding."""

    type_name: ClassVar[str] = "asked"
    principles: kinds.Principles
    question_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied(ActOnDisclosure):
    """The sender replied to the Guardian's question."""

    type_name: ClassVar[str] = "replied"
    reply_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedBack(ActOnDisclosure):
    """A Caldicott Guardian looked back at a decision: concurred with it, or dissented."""

    type_name: ClassVar[str] = "looked-back"
    cause: kinds.Cause
    opinion: kinds.OpinionWord
    principles: kinds.Principles
    reason_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDone(ActOnDisclosure):
    """What was owed after release was done."""

    type_name: ClassVar[str] = "duty.done"
    duty: kinds.Obligation


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSealed(RecordedEvent):
    """The pack was rendered, sealed and checked by opening it."""

    type_name: ClassVar[str] = "sealed"
    ref: kinds.Reference
    sha256: kinds.Sha256
    bytes: kinds.Count
    pages: kinds.Count
    message_id: kinds.Sha256


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
class DeliveryUnknown(DeliveryAttempt):
    """It may or may not have gone; a person decides."""

    type_name: ClassVar[str] = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassphraseRevealed(ActOnDisclosure):
    """The passphrase was shown to be read over the telephone."""

    type_name: ClassVar[str] = "revealed"
    again: kinds.Again
    why_c: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(ActOnDisclosure):
    """The recipient confirmed that it was opened."""

    type_name: ClassVar[str] = "acknowledged"
    agency: kinds.OpaqueId | None = None


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
class CaseErased(RecordedEvent):
    """The key of a case was destroyed, so its commitments can no longer be opened."""

    type_name: ClassVar[str] = "erased"
    ref: kinds.Reference | None = None
    by: kinds.OpaqueId
    case: kinds.OpaqueId
    why: kinds.ErasureReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseKept(ActOnDisclosure):
    """Somebody reviewed what is kept of a case and keeps it on, until the day until."""

    type_name: ClassVar[str] = "kept"
    case: kinds.OpaqueId
    until: kinds.Day


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldSet(ActOnDisclosure):
    """Somebody must keep a case, so it is not erased before the end of the day until."""

    type_name: ClassVar[str] = "hold.set"
    case: kinds.OpaqueId
    owner: kinds.OpaqueId
    until: kinds.Day
    why_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted(ActOnDisclosure):
    """Who had a case kept needs it no longer."""

    type_name: ClassVar[str] = "hold.lift"
    case: kinds.OpaqueId
    owner: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIssued(RecordedEvent):
    """A bearer token was handed out."""

    type_name: ClassVar[str] = "token.issued"
    by: kinds.OpaqueId
    person: kinds.OpaqueId
    agency: kinds.OpaqueId
    role: kinds.RoleName
    token: kinds.TokenId
    seconds: kinds.Count


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryChanged(RecordedEvent):
    """Somebody added, changed, verified or retired an entry of the directory."""

    type_name: ClassVar[str] = "directory.changed"
    by: kinds.OpaqueId
    entry: kinds.OpaqueId
    what: kinds.DirectoryChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive(RecordedEvent):
    """A gateway serves; once a day, so that silence can be told apart."""

    type_name: ClassVar[str] = "alive"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockConfirmed(RecordedEvent):
    """A person confirmed the day, after the clock stood far from the entry before."""

    type_name: ClassVar[str] = "clock.confirmed"
    by: kinds.OpaqueId
    day: kinds.Day


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRestored(RecordedEvent):
    """Two people put the database back from a backup; the log goes on under another name."""

    type_name: ClassVar[str] = "restored"
    by: kinds.OpaqueId
    second: kinds.OpaqueId
    size: kinds.Count
    root: kinds.Sha256
    origin: kinds.Origin
    vkey: kinds.VerifierKeyText

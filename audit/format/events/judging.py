"""Events of what people submit, the rules judge, and Guardians answer."""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.event_types import RecordedEvent
from audit.format.events.running import RowChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOnDisclosure(RecordedEvent):
    """What a person does about a disclosure."""

    ref: kinds.Reference
    by: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(ActOnDisclosure):
    """A pack or a request was taken in; `marks_mac` is of its marks of earlier concerns."""

    type_name: ClassVar[str] = "received"
    agency: kinds.OpaqueId | None = None
    sender: kinds.OpaqueId
    recipient: kinds.OpaqueId
    pack_c: kinds.Sha256
    attachments: kinds.Count
    case: kinds.OpaqueId | None = None
    marks_mac: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided(RowChanged):
    """The rules judged it; purpose is left out where the facts name none that exists.

    `row` is everything that is owed for it from now on, however much that is.
    """

    # What was found of a person stands in commitments: codes tell too much to who may read this.

    type_name: ClassVar[str] = "decided"
    ref: kinds.Reference
    by: kinds.OpaqueId | None = None
    outcome: kinds.Outcome
    rulebook: kinds.RulebookId
    engine: kinds.Version
    purpose: kinds.Purpose | None = None
    fields: kinds.Count
    look_back: kinds.LookBack
    release_c: kinds.Sha256
    withheld_c: kinds.Sha256
    findings_c: kinds.Sha256
    obligations_c: kinds.Sha256
    unperformed_c: kinds.Sha256
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
class DutyOwed(RowChanged):
    """More is owed for it than its decision left; `row` is everything that is owed from now on."""

    type_name: ClassVar[str] = "duty.owed"
    ref: kinds.Reference
    by: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDone(ActOnDisclosure):
    """What was owed after release was done."""

    type_name: ClassVar[str] = "duty.done"
    duty: kinds.Obligation
    note_c: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyGivenUp(ActOnDisclosure):
    """What was owed after release cannot be done, and somebody wrote why."""

    type_name: ClassVar[str] = "duty.given-up"
    duty: kinds.Obligation
    why_c: kinds.Sha256

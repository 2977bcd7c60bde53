"""Events of what is kept, held and erased."""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.event_types import RecordedEvent
from audit.format.events.judging import ActOnDisclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftsDestroyed(RecordedEvent):
    """Drafts were destroyed because nobody saved them for 28 days."""

    type_name: ClassVar[str] = "drafts.destroyed"
    count: kinds.Count


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

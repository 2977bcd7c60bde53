"""The events about cases: each vouches for the row of the case, its members and its links.

>>> CaseOpened(by="p-1", case="c-1", agency="a-1", kind="concern", stage="noted").event()["type"]
'case.opened'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.event_types import RecordedEvent
from audit.format.events.running import RowChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOfCase(RowChanged):
    """What is said of every change of a case: which one, and through whom."""

    by: kinds.OpaqueId
    case: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(ChangeOfCase):
    """A case was opened for a body; by is its first member."""

    type_name: ClassVar[str] = "case.opened"
    agency: kinds.OpaqueId
    kind: kinds.CaseKind
    stage: kinds.Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLinked(ChangeOfCase):
    """A case came to know another one."""

    type_name: ClassVar[str] = "case.linked"
    other: kinds.OpaqueId
    kind: kinds.CaseLink


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMoved(ChangeOfCase):
    """A case came to another stage of its rail."""

    type_name: ClassVar[str] = "case.moved"
    stage: kinds.Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(ChangeOfCase):
    """A case was closed, by somebody who acted in a role."""

    type_name: ClassVar[str] = "case.closed"
    what: kinds.CaseEnd
    role: kinds.RoleName


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAdded(ChangeOfCase):
    """Somebody may work on a case."""

    type_name: ClassVar[str] = "member.added"
    person: kinds.OpaqueId
    agency: kinds.OpaqueId
    role: kinds.RoleName


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEnded(ChangeOfCase):
    """Somebody may work on a case no longer."""

    type_name: ClassVar[str] = "member.ended"
    person: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierLookedUp(RecordedEvent):
    """Earlier concerns were looked up for a case of a body; what was found is not recorded."""

    type_name: ClassVar[str] = "earlier.looked-up"
    by: kinds.OpaqueId
    case: kinds.OpaqueId
    agency: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierMarked(RecordedEvent):
    """The marks by which a later concern finds a reference were made anew, for one body or two."""

    type_name: ClassVar[str] = "earlier.marked"
    ref: kinds.Reference
    entered_mac: kinds.Sha256 | None = None
    received_mac: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierCalled(ChangeOfCase):
    """Somebody said whether a case and another reference are about one person."""

    type_name: ClassVar[str] = "earlier.called"
    other: kinds.Reference
    what: kinds.EarlierCall


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSet(RowChanged):
    """A body set for how long it keeps what belongs to a kind of case; longer takes two people."""

    type_name: ClassVar[str] = "retention.set"
    by: kinds.OpaqueId
    second: kinds.OpaqueId | None = None
    agency: kinds.OpaqueId
    kind: kinds.CaseKind
    delivered: kinds.Count
    undelivered: kinds.Count
    memory: kinds.Count


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryBegun(ChangeOfCase):
    """The words of a case went and it is remembered; its row says whether as a child's."""

    type_name: ClassVar[str] = "memory.begun"
    agency: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryTold(RecordedEvent):
    """The lead of a body was told that what is remembered of a case is to be looked at or ends."""

    type_name: ClassVar[str] = "memory.told"
    by: kinds.OpaqueId
    case: kinds.OpaqueId
    agency: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryKept(ChangeOfCase):
    """A lead looked at what is remembered of a case, and keeps it on with a reason."""

    type_name: ClassVar[str] = "memory.kept"
    agency: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryEnded(ChangeOfCase):
    """What was remembered of a case after its words were erased is forgotten."""

    type_name: ClassVar[str] = "memory.ended"

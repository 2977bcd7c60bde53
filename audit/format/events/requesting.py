"""Events of what partners are asked, and answer: each vouches for the row of the copy it changes.

>>> CopyOpened(
...     ref="REQ-7Q4K-M2XH", copy=1, row="request_copy/REQ-7Q4K-M2XH.1", row_mac="0" * 64, by="p-1"
... ).event()["type"]
'request.opened'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.event_types import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOfCopy(RecordedEvent):
    """What is said of every change: of which copy of which request, and which row it wrote."""

    ref: kinds.Reference
    copy: kinds.Count
    row: kinds.RowName
    row_mac: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestIssued(ChangeOfCopy):
    """A body was asked something about one person; it opens there once its disclosure may go."""

    type_name: ClassVar[str] = "request.issued"
    by: kinds.OpaqueId
    agency: kinds.OpaqueId
    asked: kinds.OpaqueId
    disclosure: kinds.Reference
    due: kinds.Day
    set_by: kinds.OpaqueId
    function: kinds.DaySetter
    words_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyOpened(ChangeOfCopy):
    """Somebody of the body that is asked took a request in hand, or it was passed to them."""

    type_name: ClassVar[str] = "request.opened"
    by: kinds.OpaqueId
    owner: kinds.OpaqueId | None = None
    words_c: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyReturned(ChangeOfCopy):
    """A body sent a request back because it cannot be answered as it stands."""

    type_name: ClassVar[str] = "request.returned"
    by: kinds.OpaqueId
    why: kinds.ReturnReason
    words_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyExtended(ChangeOfCopy):
    """More time was asked for, granted or not granted, until the day until."""

    type_name: ClassVar[str] = "request.extended"
    by: kinds.OpaqueId
    step: kinds.ExtensionStep
    until: kinds.Day
    words_c: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyAnswered(ChangeOfCopy):
    """A body answered a request, with a disclosure of its own where something is shared."""

    type_name: ClassVar[str] = "request.answered"
    by: kinds.OpaqueId
    answer: kinds.AnswerWord
    disclosure: kinds.Reference | None = None
    words_c: kinds.Sha256
    route: kinds.AnswerRoute | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLookedBack(RecordedEvent):
    """A Guardian of the body that answered looked back at a no or a nil that chance chose."""

    type_name: ClassVar[str] = "request.looked-back"
    ref: kinds.Reference
    copy: kinds.Count
    by: kinds.OpaqueId
    opinion: kinds.OpinionWord
    principles: kinds.Principles
    reason_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyWithdrawn(ChangeOfCopy):
    """Whoever asked no longer asks."""

    type_name: ClassVar[str] = "request.withdrawn"
    by: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyEscalated(ChangeOfCopy):
    """A day came nearer or passed without an answer, and people were told; nothing else came."""

    type_name: ClassVar[str] = "request.escalated"
    step: kinds.LatenessStep


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyClosed(ChangeOfCopy):
    """Whoever asked confirmed that the answer came."""

    type_name: ClassVar[str] = "request.closed"
    by: kinds.OpaqueId

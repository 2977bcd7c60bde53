"""Events of concerns about sharing: each vouches for the row that it writes.

>>> SharingConcernClosed(
...     ref="REQ-7Q4K-M2XH", copy=1, row="sharing_concern/REQ-7Q4K-M2XH.1.1", row_mac="0" * 64,
...     by="p-1", outcome="answer-stands", words_c="0" * 64,
... ).event()["type"]
'dispute.closed'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.event_types import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOfSharingConcern(RecordedEvent):
    """What is said of every change: about which copy of which request, which row, and by whom."""

    ref: kinds.Reference
    copy: kinds.Count
    row: kinds.RowName
    row_mac: kinds.Sha256
    by: kinds.OpaqueId
    words_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingConcernRaised(ChangeOfSharingConcern):
    """One side of a request said that sharing went wrong, and why."""

    type_name: ClassVar[str] = "dispute.opened"
    wrong: kinds.WrongWithSharing


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingConcernClosed(ChangeOfSharingConcern):
    """Somebody else settled a concern about sharing, or whoever raised it took it back."""

    type_name: ClassVar[str] = "dispute.closed"
    outcome: kinds.SharingOutcome

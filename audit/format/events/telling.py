"""Events of what is told on its own account: changes to who got a first, notices to a region.

>>> ChangeNotified(
...     ref="PRV-7Q4K-M2XH", disclosure="PRV-1FMT-HX5C", by="p-nurse", what="moved",
...     on="2026-03-09",
... ).event()["type"]
'change.notified'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.event_types import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNotified(RecordedEvent):
    """What has changed since the disclosure ref was put to the same reader by another one."""

    type_name: ClassVar[str] = "change.notified"
    ref: kinds.Reference
    disclosure: kinds.Reference
    by: kinds.OpaqueId
    what: kinds.WhatChanged
    on: kinds.Day


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOfNotice(RecordedEvent):
    """What is said of every change: about which disclosure, which row, whose, and its kind."""

    ref: kinds.Reference
    row: kinds.RowName
    row_mac: kinds.Sha256
    by: kinds.OpaqueId
    agency: kinds.OpaqueId
    kind: kinds.RegionalNotice


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeApproved(ChangeOfNotice):
    """A lead let a notice without anybody's name go to the regional Prevent team."""

    type_name: ClassVar[str] = "notice.approved"
    mailbox: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLeftOut(ChangeOfNotice):
    """A lead said that the regional Prevent team is not told."""

    type_name: ClassVar[str] = "notice.left-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSent(ChangeOfNotice):
    """A notice to the regional Prevent team was handed to the mail system."""

    type_name: ClassVar[str] = "notice.sent"

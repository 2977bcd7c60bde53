"""Events of what a panel meets about: each vouches for the row of the meeting or pack it changes.

>>> MeetingHeld(
...     ref="MTG-7Q4K-M2XH", row="meeting/MTG-7Q4K-M2XH", row_mac="0" * 64, by="p-1"
... ).event()["type"]
'meeting.held'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.event_types import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOfMeeting(RecordedEvent):
    """What is said of every change: of which meeting or pack, which row it wrote, and who did."""

    ref: kinds.Reference
    row: kinds.RowName
    row_mac: kinds.Sha256
    by: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCalled(ChangeOfMeeting):
    """A council called a meeting of its panel about one case."""

    type_name: ClassVar[str] = "meeting.called"
    case: kinds.OpaqueId
    agency: kinds.OpaqueId
    on: kinds.Day
    chair: kinds.OpaqueId
    home_area: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingAsked(ChangeOfMeeting):
    """Somebody was asked to a meeting, which makes them a member of its case."""

    type_name: ClassVar[str] = "meeting.asked"
    person: kinds.OpaqueId
    agency: kinds.OpaqueId
    asked_as: kinds.AskedAs
    instead_of: kinds.OpaqueId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingAnswered(ChangeOfMeeting):
    """Somebody comes to a meeting, sends apologies, was there or was not."""

    type_name: ClassVar[str] = "meeting.answered"
    person: kinds.OpaqueId
    attends: kinds.Attends


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHeld(ChangeOfMeeting):
    """A meeting was held: its chair and the police of the home area were there."""

    type_name: ClassVar[str] = "meeting.held"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingClosed(ChangeOfMeeting):
    """A meeting that was held was closed."""

    type_name: ClassVar[str] = "meeting.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCancelled(ChangeOfMeeting):
    """A meeting does not take place."""

    type_name: ClassVar[str] = "meeting.cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPackAskedFor(RecordedEvent):
    """Somebody who is asked to a meeting asked for its pack, which nobody had approved yet."""

    type_name: ClassVar[str] = "panel-pack.asked-for"
    ref: kinds.Reference
    by: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPackBuilt(ChangeOfMeeting):
    """A pack was built for a meeting from what bodies released to its panel."""

    type_name: ClassVar[str] = "panel-pack.built"
    meeting: kinds.Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPackApproved(ChangeOfMeeting):
    """The chair approved a pack, which whoever is asked to the meeting can open from then on."""

    type_name: ClassVar[str] = "panel-pack.approved"
    meeting: kinds.Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPackWithdrawn(ChangeOfMeeting):
    """A pack was withdrawn or replaced, and nobody can open a copy of it any more."""

    type_name: ClassVar[str] = "panel-pack.withdrawn"
    meeting: kinds.Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPackEnded(RecordedEvent):
    """The day after a meeting was over, and the key of what its copies show was destroyed."""

    type_name: ClassVar[str] = "panel-pack.ended"
    ref: kinds.Reference
    row: kinds.RowName
    row_mac: kinds.Sha256
    meeting: kinds.Reference

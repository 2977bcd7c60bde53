"""Events of what people were given to read."""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.event_types import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRead(RecordedEvent):
    """A person was given content: words, files, an opening, an export; ref where it is of one."""

    type_name: ClassVar[str] = "read"
    ref: kinds.Reference | None = None
    by: kinds.OpaqueId
    what: kinds.ReadContent
    how: kinds.EntranceName
    client: kinds.OpaqueId | None = None

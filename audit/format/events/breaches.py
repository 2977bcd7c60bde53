"""Events of breaches and near misses: opened, written on, told of when late, closed.

>>> BreachClosed(ref="BRE-7Q4K-M2XH", by="p-guardian", kind="near-miss").event()["type"]
'breach.closed'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.event_types import RecordedEvent
from audit.format.events.running import RowChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachOpened(RowChanged):
    """A record of a breach or a near miss was opened; about is the disclosure, if it is of one."""

    type_name: ClassVar[str] = "breach.opened"
    ref: kinds.Reference
    by: kinds.OpaqueId
    agency: kinds.OpaqueId
    kind: kinds.BreachKind
    what: kinds.BreachCause
    words_c: kinds.Sha256
    about: kinds.Reference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachStep(RowChanged):
    """Somebody wrote a step into a breach record; late_c is why a report came late."""

    type_name: ClassVar[str] = "breach.step"
    ref: kinds.Reference
    by: kinds.OpaqueId
    step: kinds.BreachStepName
    words_c: kinds.Sha256
    choice: kinds.BreachChoice | None = None
    late_c: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachClosed(RowChanged):
    """A breach record was closed: all that it needs stands in it."""

    type_name: ClassVar[str] = "breach.closed"
    ref: kinds.Reference
    by: kinds.OpaqueId
    kind: kinds.BreachKind


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachChased(RecordedEvent):
    """What is late about a breach record was told to whoever answers for it."""

    type_name: ClassVar[str] = "breach.chased"
    ref: kinds.Reference
    step: kinds.BreachLateness

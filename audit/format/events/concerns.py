"""Events of what is checked before it is sent; each vouches for the row of the concern.

>>> event = ConcernChecked(
...     ref="CON-7Q4K-M2XH", by="p-1", case="c-1", advice="refer", also=(), reason_c="0" * 64
... )
>>> event.event()["type"]
'concern.checked'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.events.running import RowChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOfConcern(RowChanged):
    """What is said of every change of a concern: which one, and in which case."""

    ref: kinds.Reference
    case: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernNoted(ChangeOfConcern):
    """Somebody asked a lead or manager to check what they wrote, which became a concern."""

    type_name: ClassVar[str] = "concern.noted"
    by: kinds.OpaqueId
    agency: kinds.OpaqueId
    asked_of: kinds.OpaqueId
    role: kinds.RoleName
    marks_mac: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernAsked(ChangeOfConcern):
    """Its writer asked again, or asked somebody else."""

    type_name: ClassVar[str] = "concern.asked"
    by: kinds.OpaqueId
    asked_of: kinds.OpaqueId
    role: kinds.RoleName
    marks_mac: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernChecked(ChangeOfConcern):
    """Whoever was asked answered what should happen.

    `earlier` says by their role and advice alone what was asked of them first, whether anything
    was known or not: `opened` each earlier concern about the person that they may see, `not-shown`
    any, `not-waited-for` with this advice.
    """

    type_name: ClassVar[str] = "concern.checked"
    by: kinds.OpaqueId
    advice: kinds.Advice
    also: kinds.AlsoAdvised
    reason_c: kinds.Sha256
    earlier: kinds.EarlierBefore | None = None
    marks_mac: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernCarriedOn(ChangeOfConcern):
    """Its writer sends it without an answer, since it cannot wait, or against one."""

    type_name: ClassVar[str] = "concern.carried-on"
    by: kinds.OpaqueId
    what: kinds.CarriedOn
    why_c: kinds.Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernOverdue(ChangeOfConcern):
    """The day of an answer passed, and the other leads were told."""

    type_name: ClassVar[str] = "concern.overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernClosed(ChangeOfConcern):
    """A concern ended: it was sent, left with whoever did not want it sent, or taken on."""

    type_name: ClassVar[str] = "concern.closed"
    by: kinds.OpaqueId
    what: kinds.ConcernEnd
    look_back: kinds.LookBack
    marks_mac: kinds.Sha256 | None = None

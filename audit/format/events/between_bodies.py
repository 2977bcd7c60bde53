"""Events between bodies: agreements to share, named workers, clearances; codes and days alone.

>>> SharingAgreementEnded(
...     by="p-1", agreement="1f2e3d4c", first="a-force", second="a-trust"
... ).event()["type"]
'sharing-agreement.ended'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.events.running import RowChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOfSharing(RowChanged):
    """What is said of every change of an agreement between two bodies."""

    by: kinds.OpaqueId
    agreement: kinds.OpaqueId
    first: kinds.OpaqueId
    second: kinds.OpaqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingAgreementSigned(ChangeOfSharing):
    """An agreement was entered; it counts from the entry on that names who else saw the paper."""

    type_name: ClassVar[str] = "sharing-agreement.signed"
    sha256: kinds.Sha256
    until: kinds.Day
    confirmed_by: kinds.OpaqueId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingAgreementEnded(ChangeOfSharing):
    """Two bodies share on an agreement no longer."""

    type_name: ClassVar[str] = "sharing-agreement.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerChecked(RowChanged):
    """What was checked of a named worker of a provider was entered, or entered anew."""

    type_name: ClassVar[str] = "worker.checked"
    by: kinds.OpaqueId
    agency: kinds.OpaqueId
    worker: kinds.OpaqueId
    until: kinds.Day


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceRecorded(RowChanged):
    """Somebody saw the clearance of a person."""

    type_name: ClassVar[str] = "clearance.recorded"
    by: kinds.OpaqueId
    person: kinds.OpaqueId
    until: kinds.Day

"""The events about agreements: each vouches for the row; what was answered is in no entry.

>>> AgreementWithdrawn(by="p-1", case="c-1", kind="share", version=2).event()["type"]
'agreement.withdrawn'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.events.cases import ChangeOfCase


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOfAgreement(ChangeOfCase):
    """What is said of every change of an agreement: of which kind, and how often it changed."""

    kind: kinds.AgreementKind
    version: kinds.Count


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRecorded(ChangeOfAgreement):
    """Somebody recorded what was answered: told, agreement to share, or consent to support."""

    type_name: ClassVar[str] = "agreement.recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementWithdrawn(ChangeOfAgreement):
    """Somebody recorded that what was agreed to was taken back."""

    type_name: ClassVar[str] = "agreement.withdrawn"

"""Events of contacts that are tried, and of what was called back after it had gone.

>>> RetractionAnswered(ref="PRV-7Q4K-M2XH", by="p-nurse", answer="deleted").event()["type"]
'retraction.answered'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.events.judging import ActOnDisclosure
from audit.format.events.running import RowChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactTried(RowChanged):
    """A sealed letter without content went to a contact, to see whether it opens there."""

    type_name: ClassVar[str] = "contact.tried"
    by: kinds.OpaqueId
    mailbox: kinds.OpaqueId
    version: kinds.Count


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialEnded(RowChanged):
    """Somebody recorded whether a test letter opened at a contact."""

    type_name: ClassVar[str] = "trial.ended"
    by: kinds.OpaqueId
    mailbox: kinds.OpaqueId
    version: kinds.Count
    what: kinds.TrialEndWord


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSet(RowChanged):
    """Somebody entered how a contact takes documents: form, size, and files as they were sent."""

    type_name: ClassVar[str] = "profile.set"
    by: kinds.OpaqueId
    mailbox: kinds.OpaqueId
    what: kinds.SealedAsWord
    most: kinds.Count | None = None
    originals: kinds.Originals | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractionAsked(ActOnDisclosure):
    """Whoever has what was called back was asked to delete it; why, where it had opened."""

    type_name: ClassVar[str] = "retraction.asked"
    why_c: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractionAnswered(ActOnDisclosure):
    """They said what became of what was called back."""

    type_name: ClassVar[str] = "retraction.answered"
    answer: kinds.RetractionAnswerWord

"""Events of whoever answers for the work: rules proposed and reviewed, policies, supervision.

>>> Supervised(by="p-1", agency="northshire-trust", next="2026-04-16").event()["type"]
'supervised'
"""

from dataclasses import dataclass
from typing import ClassVar

from audit.format import field_kinds as kinds
from audit.format.events.running import RowChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesProposed(RowChanged):
    """One of two people proposed to put rules in force, or the proposal was settled."""

    type_name: ClassVar[str] = "rules.proposed"
    by: kinds.OpaqueId
    rulebook: kinds.RulebookId
    what: kinds.ProposalStep


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesReviewed(RowChanged):
    """Somebody reviewed the rules in force; due is the day of the next review."""

    type_name: ClassVar[str] = "rules.reviewed"
    by: kinds.OpaqueId
    rulebook: kinds.RulebookId
    trigger: kinds.ReviewTrigger
    due: kinds.Day
    equality: kinds.Sha256 | None = None
    dpia: kinds.Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySigned(RowChanged):
    """A policy of a body was signed; it is known by the digest of its paper."""

    type_name: ClassVar[str] = "policy.signed"
    by: kinds.OpaqueId
    agency: kinds.OpaqueId
    sha256: kinds.Sha256
    review: kinds.Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised(RowChanged):
    """A team had supervision; next is the day on which they meet again."""

    type_name: ClassVar[str] = "supervised"
    by: kinds.OpaqueId
    agency: kinds.OpaqueId
    next: kinds.Day

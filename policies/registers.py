"""The registers that derived facts look things up in, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeFields:
    """Which fields go for one purpose; a field in none of these never goes.

    `to_act_on` names in words what the recipient cannot act without: one field of each set.
    """

    minimum: frozenset[str]
    for_a_child: frozenset[str] = field(default_factory=frozenset[str])
    with_a_reason: frozenset[str] = field(default_factory=frozenset[str])
    with_agreement: frozenset[str] = field(default_factory=frozenset[str])
    to_a_safeguarding_inbox: frozenset[str] = field(default_factory=frozenset[str])
    to_act_on: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    others_to_guardian: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualConditions:
    """Which conditions for special category data are usual for one purpose."""

    usual: frozenset[str]
    for_a_child: frozenset[str]
    from_the_police: frozenset[str] = field(default_factory=frozenset[str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """Everything of the rulebook that derived facts may look up."""

    field_order: tuple[str, ...]
    special_fields: frozenset[str]
    never_released: frozenset[str]
    purposes: Mapping[str, PurposeFields]
    conditions: Mapping[str, UsualConditions]
    lists: Mapping[str, frozenset[str]]

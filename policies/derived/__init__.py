"""Facts that are worked out from other facts, each a small pure function with a plain name.

The judgements stand in the cards; here is only what has to be computed.
"""

from collections.abc import Callable, Mapping
from typing import Final

from policies.derived import ages, agreements, approvals, concern, legal, plan
from policies.facts import Facts
from policies.registers import Registers

Derived = str | frozenset[str]

DERIVATIONS: Final[Mapping[str, Callable[[Facts, Registers], Derived]]] = {
    "under 16": ages.under_16,
    "under 18": ages.under_18,
    "over 25": ages.over_25,
    "grounds": concern.grounds,
    "agreement to share": agreements.to_share,
    "agreement to support": agreements.to_support,
    "legal compulsion": legal.compulsion,
    "order was verified": legal.order_was_verified,
    "special condition": legal.condition,
    "special condition's own test": legal.condition_test,
    "special condition is usual here": legal.condition_is_usual,
    "special conditions that would hold": legal.conditions_that_would_hold,
    "approval": approvals.approval,
    "fields that may go": plan.fields_that_may_go,
    "fields for the Guardian": plan.fields_for_the_guardian,
    "whole record was asked for": plan.whole_record_was_asked_for,
}

"""Facts that are worked out from other facts, each a small pure function with a plain name.

The judgements stand in the cards; here is only what has to be computed.
"""

from collections.abc import Callable, Mapping
from typing import Final

from policies.derived import ages, agreements, approvals, concern, legal, plan
from policies.facts import Facts
from policies.kinds import Kind
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
    "whole record was asked for": plan.whole_record_was_asked_for,
}

# What is worked out from the plan of the fields that were asked for.
OF_THE_PLAN: Final[Mapping[str, Callable[[plan.Plan], Derived]]] = {
    "fields that may go": plan.fields_that_may_go,
    "fields for the Guardian": plan.fields_for_the_guardian,
}

# What the functions read, by kind: a rulebook whose vocabulary or lists differ is refused, so that
# no derivation can fail on facts that were found good.
READS: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.MOMENT: frozenset({"asked_at"}),
    Kind.ONE_OF: frozenset(
        {
            "agreement_to_share.given_by",
            "agreement_to_share.status",
            "agreement_to_support.given_by",
            "agreement_to_support.status",
            "approval.decision",
            "approval.relation",
            "danger",
            "family.implicated",
            "legal.article_9",
            "legal.compulsion",
            "legal.order_verified",
            "legal.schedule_1",
            "material_assistance",
            "purpose",
            "recipient.kind",
            "sender.kind",
            "subject.capacity",
            "subject.care_and_support_needs",
            "subject.competence",
        }
    ),
    Kind.LIST_OF: frozenset(
        {"agreement_to_share.purposes", "agreement_to_share.recipients", "concern.basis"}
    ),
    Kind.LIST_OF_FIELDS: frozenset({"fields", "legal.order_fields"}),
    Kind.REASONS_BY_FIELD: frozenset({"reasons_for_extra_fields"}),
    Kind.DAY_OR_NOTHING: frozenset(
        {
            "agreement_to_share.expires_on",
            "agreement_to_share.given_on",
            "agreement_to_support.expires_on",
            "agreement_to_support.given_on",
            "subject.date_of_birth",
        }
    ),
    Kind.AGE_RANGE_OR_NOTHING: frozenset({"subject.approximate_age"}),
    Kind.IDENTIFIER: frozenset({"requester.person"}),
    Kind.IDENTIFIER_OR_NOTHING: frozenset({"approval.approver"}),
    Kind.TEXT: frozenset({"approval.reason"}),
}
LISTS_READ: Final = ("public bodies", "private bodies", "purposes about a person")

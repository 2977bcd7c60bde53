"""Facts that are worked out from other facts, each a small pure function with a plain name.

The judgements stand in the cards; here is only what has to be computed.
"""

from collections.abc import Callable, Mapping
from typing import Final

from policies.derived import ages, agreements, approvals, concern, emergencies, legal, plan
from policies.facts import Facts
from policies.kinds import Kind
from policies.registers import Registers

Derived = str | frozenset[str]

DERIVATIONS: Final[Mapping[str, Callable[[Facts, Registers], Derived]]] = {
    "under 16": ages.under_16,
    "under 18": ages.under_18,
    "over 25": ages.over_25,
    "grounds": concern.grounds,
    "there are earlier concerns": concern.earlier,
    "recipient of an emergency": emergencies.recipient,
    "agreement to share": agreements.to_share,
    "agreement to support": agreements.to_support,
    "legal compulsion": legal.compulsion,
    "duty to share": legal.duty_to_share,
    "an order sets the fields": legal.order_sets_the_fields,
    "order was verified": legal.order_was_verified,
    "special condition": legal.condition,
    "special condition's own test": legal.condition_test,
    "special condition is usual here": legal.condition_is_usual,
    "special conditions that would hold": legal.conditions_that_would_hold,
    "approval": approvals.approval,
    "whole record was asked for": plan.whole_record_was_asked_for,
}

# What is worked out from the plan of the fields that were asked for.
OF_THE_PLAN: Final[Mapping[str, Callable[[plan.Plan, Facts, Registers], Derived]]] = {
    "fields that may go": plan.fields_that_may_go,
    "fields for the Guardian": plan.fields_for_the_guardian,
    "missing to act on": plan.missing_to_act_on,
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
            "duty.more_detrimental",
            "family.implicated",
            "legal.article_9",
            "legal.compulsion",
            "legal.order_verified",
            "legal.schedule_1",
            "legal.sharing_duty_in_force",
            "material_assistance",
            "purpose",
            "recipient.function",
            "recipient.kind",
            "recipient.sharing_duty_body",
            "sender.kind",
            "sender.sharing_duty_body",
            "subject.capacity",
            "subject.care_and_support_needs",
            "subject.competence",
            "subject.own_answer_to_support",
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
    Kind.TEXT: frozenset({"approval.reason", "duty.reason"}),
    Kind.WHOLE_NUMBER: frozenset({"earlier.concerns"}),
}
LISTS_READ: Final = (
    "public bodies",
    "private bodies",
    "purposes about a person",
    "purposes that name nobody",
    "purposes that the duty to share reaches",
)

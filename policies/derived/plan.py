"""What happens to each field that was asked for, and why."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from policies.derived.ages import ADULT, may_be_under
from policies.derived.agreements import HOLDS, to_share
from policies.derived.emergencies import A_SAFEGUARDING_INBOX, recipient
from policies.derived.legal import court_order_or_warrant_is_verified
from policies.facts import Facts
from policies.kinds import is_blank
from policies.registers import PurposeFields, Registers


class FieldOutcome(StrEnum):
    """What happens to a field; `combine.toml` has the words for people."""

    GOES = "goes"
    WAITS_FOR_THE_GUARDIAN = "waits-for-the-guardian"
    NEVER_LEAVES = "never-leaves"
    NOT_FOR_THIS_PURPOSE = "not-for-this-purpose"
    NO_REASON = "no-reason"
    NOT_IN_THE_ORDER = "not-in-the-order"
    NOT_IN_AN_EMERGENCY = "not-in-an-emergency"
    REFUSED = "refused"
    REFERRED = "referred"


Plan = Mapping[str, FieldOutcome]


def plan_for_purpose(facts: Facts, registers: Registers) -> Plan:
    """Return what happens to each field asked for, in the order of the form.

    Under a verified court order or warrant, and for court-or-legal always, the order decides; but
    for a purpose that names nobody, nothing does.
    """
    purpose = facts.word("purpose")
    if purpose in registers.lists["purposes that name nobody"]:
        return _plan(facts, registers, lambda _: FieldOutcome.NOT_FOR_THIS_PURPOSE)
    if purpose == "court-or-legal" or court_order_or_warrant_is_verified(facts):
        return _plan(facts, registers, lambda field: _under_an_order(field, facts))
    row = registers.purposes[purpose]
    return _plan(facts, registers, lambda field: _by_row(field, facts, registers, row))


def plan_for_emergency(facts: Facts, registers: Registers) -> Plan:
    """Return what happens to each field asked for in an emergency, whatever the purpose.

    A safeguarding inbox gets the least; the police get the row of the emergency.
    """
    row = registers.purposes["emergency"]
    to_inbox = recipient(facts, registers) == A_SAFEGUARDING_INBOX

    def in_emergency(field: str) -> FieldOutcome:
        if to_inbox:
            goes = field in row.to_a_safeguarding_inbox
            return FieldOutcome.GOES if goes else FieldOutcome.NOT_IN_AN_EMERGENCY
        field_outcome = _by_row(field, facts, registers, row)
        return (
            FieldOutcome.NOT_IN_AN_EMERGENCY
            if field_outcome is FieldOutcome.NOT_FOR_THIS_PURPOSE
            else field_outcome
        )

    return _plan(facts, registers, in_emergency)


def fields_that_may_go(plan: Plan, _: Facts, __: Registers) -> frozenset[str]:
    """Return the fields that may go for this purpose without anyone's approval."""
    return _with(FieldOutcome.GOES, plan)


def fields_for_the_guardian(plan: Plan, _: Facts, __: Registers) -> frozenset[str]:
    """Return the fields that may go only if an independent Guardian agrees."""
    return _with(FieldOutcome.WAITS_FOR_THE_GUARDIAN, plan)


def missing_to_act_on(plan: Plan, facts: Facts, registers: Registers) -> frozenset[str]:
    """Return what the recipient needs in order to act and would not get, in words."""
    goes = _with(FieldOutcome.GOES, plan) | _with(FieldOutcome.WAITS_FOR_THE_GUARDIAN, plan)
    needed = registers.purposes[facts.word("purpose")].to_act_on
    return frozenset(name for name, fields in needed.items() if not fields & goes)


def whole_record_was_asked_for(facts: Facts, registers: Registers) -> str:
    """Say whether anything was asked for that never leaves as a whole."""
    return "yes" if facts.words("fields") & registers.never_released else "no"


def _with(field_outcome: FieldOutcome, plan: Plan) -> frozenset[str]:
    return frozenset(field for field, found in plan.items() if found is field_outcome)


def _plan(facts: Facts, registers: Registers, outcome_of: Callable[[str], FieldOutcome]) -> Plan:
    asked = facts.words("fields")
    return {
        field: FieldOutcome.NEVER_LEAVES
        if field in registers.never_released
        else outcome_of(field)
        for field in registers.field_order
        if field in asked
    }


def _under_an_order(field: str, facts: Facts) -> FieldOutcome:
    named = field in facts.words("legal.order_fields")
    return FieldOutcome.GOES if named else FieldOutcome.NOT_IN_THE_ORDER


def _by_row(field: str, facts: Facts, registers: Registers, row: PurposeFields) -> FieldOutcome:
    if field in row.minimum or (field in row.for_a_child and _may_be_a_child(facts)):
        return FieldOutcome.GOES
    if row.others_to_guardian:
        return FieldOutcome.WAITS_FOR_THE_GUARDIAN
    if field not in row.with_a_reason:
        return FieldOutcome.NOT_FOR_THIS_PURPOSE
    if is_blank(facts.reasons().get(field, "")):
        return FieldOutcome.NO_REASON
    if field not in registers.special_fields:
        return FieldOutcome.GOES
    agreed = field in row.with_agreement and to_share(facts, registers) == HOLDS
    return FieldOutcome.GOES if agreed else FieldOutcome.WAITS_FOR_THE_GUARDIAN


def _may_be_a_child(facts: Facts) -> bool:
    return True in may_be_under(facts, ADULT)

"""Proofs, by Z3, of which fields can never leave: whatever is asked, agreed, approved or ordered.

The formula of what leaves is held against the code on every combination that it speaks of.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import z3  # type: ignore[import-untyped]  # z3-solver ships no types
from symbolic import ANSWERED, EMERGENCY, RULEBOOK, counterexample, domain, is_, variable

from policies import FIELDS
from policies.derived.plan import FieldOutcome, plan_for_emergency, plan_for_purpose
from policies.facts import Facts
from policies.faults import read_facts
from policies.registers import PurposeFields

REGISTERS = RULEBOOK.registers
EMERGENCY_ROW = REGISTERS.purposes["emergency"]
LEAVE = {FieldOutcome.GOES, FieldOutcome.WAITS_FOR_THE_GUARDIAN}
ASKED, NAMED, REASON = z3.Bool("asked for"), z3.Bool("named by the order"), z3.Bool("a reason")
VERIFIED = z3.Bool("a court order or warrant is verified")
MAY_BE_A_CHILD = is_("under 18", "yes", "not sure")
NAMES_NOBODY = is_("purpose", *RULEBOOK.vocabulary.lists["purposes that name nobody"])
ORDERED = z3.And(z3.Not(NAMES_NOBODY), z3.Or(is_("purpose", "court-or-legal"), VERIFIED))
TO_AN_INBOX = is_("recipient of an emergency", "a safeguarding inbox")


def by_row(field: str, row: PurposeFields) -> z3.BoolRef:
    return z3.Or(
        z3.BoolVal(field in row.minimum or row.others_to_guardian),
        z3.And(z3.BoolVal(field in row.for_a_child), MAY_BE_A_CHILD),
        z3.And(z3.BoolVal(field in row.with_a_reason), REASON),
    )


def may_go(field: str) -> z3.BoolRef:
    """Say that the register, or the order, lets the field go for the purpose."""
    by_purpose = [
        z3.And(is_("purpose", purpose), by_row(field, row))
        for purpose, row in REGISTERS.purposes.items()
    ]
    return z3.And(
        z3.BoolVal(field not in REGISTERS.never_released),
        z3.If(ORDERED, NAMED, z3.Or(by_purpose)),
    )


def may_go_in_an_emergency(field: str) -> z3.BoolRef:
    never = z3.BoolVal(field in REGISTERS.never_released)
    to_inbox = z3.BoolVal(field in EMERGENCY_ROW.to_a_safeguarding_inbox)
    return z3.And(z3.Not(never), z3.If(TO_AN_INBOX, to_inbox, by_row(field, EMERGENCY_ROW)))


def leaves(field: str) -> z3.BoolRef:
    goes = z3.If(EMERGENCY, may_go_in_an_emergency(field), may_go(field))
    return z3.And(ANSWERED, ASKED, goes)


def is_in_no_list(field: str) -> z3.BoolRef:
    """Say that neither list of the purpose knows the field."""
    known = [
        is_("purpose", purpose)
        for purpose, row in REGISTERS.purposes.items()
        if row.others_to_guardian or field in row.minimum | row.for_a_child | row.with_a_reason
    ]
    return z3.Not(z3.Or(known))


def test_the_whole_record_never_leaves() -> None:
    assert counterexample(leaves("record.whole")) is None


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_outside_the_lists_leaves_only_where_a_verified_order_names_it(field: str) -> None:
    unless_named = z3.Not(z3.And(ORDERED, NAMED))

    claim = (leaves(field), z3.Not(EMERGENCY), is_in_no_list(field), unless_named)
    assert counterexample(*claim) is None


@pytest.mark.parametrize("field", FIELDS)
def test_under_an_order_nothing_leaves_that_it_does_not_name(field: str) -> None:
    assert counterexample(leaves(field), z3.Not(EMERGENCY), ORDERED, z3.Not(NAMED)) is None


@pytest.mark.parametrize("field", FIELDS)
def test_in_an_emergency_nothing_leaves_that_is_not_in_its_row(field: str) -> None:
    row = EMERGENCY_ROW.minimum | EMERGENCY_ROW.for_a_child | EMERGENCY_ROW.with_a_reason
    outside = z3.BoolVal(field not in row)

    assert counterexample(leaves(field), EMERGENCY, outside) is None


@pytest.mark.parametrize("field", FIELDS)
def test_a_safeguarding_inbox_gets_nothing_beyond_its_row(field: str) -> None:
    outside = z3.BoolVal(field not in EMERGENCY_ROW.to_a_safeguarding_inbox)

    assert counterexample(leaves(field), EMERGENCY, TO_AN_INBOX, outside) is None


@pytest.mark.parametrize("field", FIELDS)
def test_nothing_leaves_for_counts_or_an_audit_under_an_order_too(field: str) -> None:
    assert counterexample(leaves(field), NAMES_NOBODY) is None


@pytest.mark.parametrize("field", ["individual.name", "concerns.threats", "panel.plan"])
def test_the_proofs_are_not_empty_for_this_field_can_leave(field: str) -> None:
    assert counterexample(leaves(field)) is not None


# What the formula says is what the code does


CASES = json.loads((Path(__file__).parents[1] / "cases" / "decisions.json").read_bytes())
BASE: dict[str, Any] = CASES[0]["facts"]
AN_INBOX = {"kind": "nhs", "function": "safeguarding-inbox"}
AGES = {True: "2012-11-02", False: "1991-11-02"}


@dataclass(frozen=True)
class Said:
    """What one combination says of one field."""

    purpose: str
    field: str
    child: bool
    reason: bool
    ordered: bool
    named: bool
    to_inbox: bool

    def facts(self) -> Facts:
        legal = {
            "compulsion": "court-order" if self.ordered else "none",
            "order_verified": "yes" if self.ordered else "not-applicable",
            "order_fields": [self.field] if self.named else [],
        }
        facts = {
            **BASE,
            "purpose": self.purpose,
            "subject": {**BASE["subject"], "date_of_birth": AGES[self.child]},
            "fields": [self.field],
            "reasons_for_extra_fields": {self.field: "Needed."} if self.reason else {},
            "recipient": {**BASE["recipient"], **(AN_INBOX if self.to_inbox else {})},
            "legal": {**BASE["legal"], **legal},
        }
        found = read_facts(facts, RULEBOOK.vocabulary)
        assert isinstance(found, Facts)
        return found

    def makes_true(self, formula: z3.BoolRef) -> bool:
        """Return what the formula comes to once every word of it is said."""
        words = {
            "purpose": self.purpose,
            "under 18": "yes" if self.child else "no",
            "recipient of an emergency": "a safeguarding inbox" if self.to_inbox else "police",
        }
        spoken = [
            (variable(fact), z3.IntVal(domain(fact).index(word))) for fact, word in words.items()
        ]
        flags = {REASON: self.reason, VERIFIED: self.ordered, NAMED: self.named}
        held = [(flag, z3.BoolVal(value)) for flag, value in flags.items()]
        return bool(z3.is_true(z3.simplify(z3.substitute(formula, *spoken, *held))))


def everything_said_of(field: str) -> Iterator[Said]:
    """Yield every combination; who gets it decides in an emergency alone, whatever the purpose."""
    for purpose in REGISTERS.purposes:
        for child, reason, ordered, named in product((False, True), repeat=4):
            yield Said(purpose, field, child, reason, ordered, named, to_inbox=False)
    for child, reason, ordered, named in product((False, True), repeat=4):
        yield Said("referral", field, child, reason, ordered, named, to_inbox=True)


@pytest.mark.parametrize("field", FIELDS)
def test_the_formula_of_what_leaves_is_the_code_s(field: str) -> None:
    for_purpose, in_emergency = may_go(field), may_go_in_an_emergency(field)
    for said in everything_said_of(field):
        facts = said.facts()

        by_purpose = plan_for_purpose(facts, REGISTERS)[field] in LEAVE
        by_emergency = plan_for_emergency(facts, REGISTERS)[field] in LEAVE

        assert by_purpose == said.makes_true(for_purpose), said
        assert by_emergency == said.makes_true(in_emergency), said

"""Compulsion by law, and the own tests of the conditions for special category data."""

from collections.abc import Callable, Mapping
from typing import Final

from policies.derived.ages import ADULT, CHILD_AGREES, may_be_under
from policies.derived.agreements import CANNOT_BE_TOLD, DOES_NOT_HOLD, HOLDS
from policies.facts import Facts
from policies.kinds import is_blank
from policies.registers import Registers

_ORDERS: Final = frozenset({"court-order", "warrant", "statutory-duty"})
_COURT: Final = frozenset({"court-order", "warrant"})


def compulsion(facts: Facts, _: Registers) -> str:
    """Say whether the law compels: a verified order, or material assistance told to police.

    For the purpose of an order nothing but the order counts.
    """
    counts = facts.word("recipient.kind") == "police" and facts.word("purpose") != "court-or-legal"
    assistance = facts.word("material_assistance") if counts else "no"
    if _verified(facts, _ORDERS) or assistance == "yes":
        return HOLDS
    if facts.word("legal.compulsion") != "none":
        return "claimed and not shown"
    return CANNOT_BE_TOLD if assistance == "unknown" else "none"


def duty_to_share(facts: Facts, registers: Registers) -> str:
    """Say whether the duty to share (Children Act 2004 s16LA) binds, or is set aside.

    It is set aside where sharing would do the child more harm, and somebody has written why.
    """
    applies = (
        facts.word("legal.sharing_duty_in_force") == "yes"
        and facts.word("sender.sharing_duty_body") == "yes"
        and facts.word("recipient.sharing_duty_body") == "yes"
        and facts.word("purpose") in registers.lists["purposes that the duty to share reaches"]
        and True in may_be_under(facts, ADULT)
    )
    if not applies:
        return "none"
    more_harm = facts.word("duty.more_detrimental") == "yes"
    return "set aside" if more_harm and not is_blank(facts.word("duty.reason")) else "binds"


def order_was_verified(facts: Facts, _: Registers) -> str:
    """Say whether a court order, a warrant or a statutory duty was verified."""
    return "yes" if _verified(facts, _ORDERS) else "no"


def order_sets_the_fields(facts: Facts, _: Registers) -> str:
    """Say whether a verified court order or warrant names the fields that go."""
    return "yes" if court_order_or_warrant_is_verified(facts) else "no"


def court_order_or_warrant_is_verified(facts: Facts) -> bool:
    """Return whether a court order or a warrant, not merely a duty, was verified."""
    return _verified(facts, _COURT)


def condition(facts: Facts, _: Registers) -> str:
    """Name the condition relied on; Article 9(2)(g) stands on its Schedule 1 paragraph."""
    article = facts.word("legal.article_9")
    return facts.word("legal.schedule_1") if article == "9(2)(g)" else article


def condition_test(facts: Facts, registers: Registers) -> str:
    """Say whether the condition that was named is true of these facts."""
    return _test(condition(facts, registers), facts, registers)


def condition_is_usual(facts: Facts, registers: Registers) -> str:
    """Say whether the condition that was named is listed for this purpose."""
    return "yes" if condition(facts, registers) in _usual(facts, registers) else "no"


def conditions_that_would_hold(facts: Facts, registers: Registers) -> frozenset[str]:
    """Return the usual conditions of this purpose that are true of these facts, or `none`."""
    good = {name for name in _usual(facts, registers) if _test(name, facts, registers) == HOLDS}
    return frozenset(good or {"none"})


def _verified(facts: Facts, kinds: frozenset[str]) -> bool:
    return facts.word("legal.compulsion") in kinds and facts.word("legal.order_verified") == "yes"


def _usual(facts: Facts, registers: Registers) -> frozenset[str]:
    listed = registers.conditions.get(facts.word("purpose"))
    if listed is None:
        return frozenset()
    usual = listed.usual
    if True in may_be_under(facts, ADULT):
        usual |= listed.for_a_child
    if facts.word("sender.kind") == "police":
        usual |= listed.from_the_police
    return usual


def _test(name: str, facts: Facts, registers: Registers) -> str:
    test = _OWN_TESTS.get(name)
    return DOES_NOT_HOLD if test is None else test(facts, registers)


def _held(*, answer: bool) -> str:
    return HOLDS if answer else DOES_NOT_HOLD


def _statutory_purposes(facts: Facts, registers: Registers) -> str:
    return _held(answer=facts.word("sender.kind") in registers.lists["public bodies"])


def _unlawful_acts(facts: Facts, registers: Registers) -> str:
    sender, recipient = facts.word("sender.kind"), facts.word("recipient.kind")
    private = sender in registers.lists["private bodies"]
    asking = sender == "police" and facts.word("purpose") == "partner-request"
    to_council = private and recipient == "local-authority"
    return _held(answer=recipient == "police" or to_council or asking)


def _child_or_adult_at_risk(facts: Facts, _: Registers) -> str:
    if True in may_be_under(facts, ADULT):
        return HOLDS
    needs = facts.word("subject.care_and_support_needs")
    return CANNOT_BE_TOLD if needs == "unknown" else _held(answer=needs == "yes")


def _vital_interests(facts: Facts, _: Registers) -> str:
    danger, capacity = facts.word("danger"), facts.word("subject.capacity")
    if danger == "imminent" or capacity == "lacks":
        return HOLDS
    # Capacity is a question from 16; below, not knowing it leaves nothing open.
    open_capacity = capacity == "unknown" and False in may_be_under(facts, CHILD_AGREES)
    return CANNOT_BE_TOLD if danger == "unknown" or open_capacity else DOES_NOT_HOLD


def _courts_and_claims(facts: Facts, _: Registers) -> str:
    return _held(answer=court_order_or_warrant_is_verified(facts))


def _health_or_social_care(facts: Facts, _: Registers) -> str:
    ends = {facts.word("sender.kind"), facts.word("recipient.kind")}
    fits = facts.word("purpose") == "other-safeguarding" and ends == {"nhs", "local-authority"}
    return _held(answer=fits)


_OWN_TESTS: Final[Mapping[str, Callable[[Facts, Registers], str]]] = {
    "6": _statutory_purposes,
    "10": _unlawful_acts,
    "18": _child_or_adult_at_risk,
    "9(2)(c)": _vital_interests,
    "9(2)(f)": _courts_and_claims,
    "9(2)(h)": _health_or_social_care,
}

"""Whether an agreement holds today: given, in scope, in date, by the person who may give it.

Where a fact that decides it is not known, every possibility is tried: if all agree, that is
the answer; if they differ, it cannot be told.
"""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Final, NamedTuple

from policies.derived.ages import ADULT, CHILD_AGREES, EITHER, NO, YES, may_be_under
from policies.facts import Facts
from policies.registers import Registers

HOLDS: Final = "holds"
DOES_NOT_HOLD: Final = "does not hold"
CANNOT_BE_TOLD: Final = "cannot be told"
_KNOWN: Final = {"yes": YES, "no": NO}
_LACKS: Final = {"lacks": YES, "unknown": EITHER}


class _Person(NamedTuple):
    """One possibility of who the person is, as far as it decides who may agree."""

    under_16: bool
    under_18: bool
    competent: bool
    lacks_capacity: bool
    parent_implicated: bool


def to_share(facts: Facts, _: Registers) -> str:
    """Say whether the agreement to share holds: holds, does not hold, cannot be told."""
    status = facts.word("agreement_to_share.status")
    if status == "unknown":
        return CANNOT_BE_TOLD
    if status != "given" or not _in_scope(facts) or not _share_in_date(facts):
        return DOES_NOT_HOLD
    giver = facts.word("agreement_to_share.given_by")
    return _told_by({_may_agree_to_share(giver, person) for person in _possible_people(facts)})


def to_support(facts: Facts, _: Registers) -> str:
    """Say whether the agreement to support holds, or rests on an implicated parent alone."""
    status = facts.word("agreement_to_support.status")
    if status == "unknown":
        return CANNOT_BE_TOLD
    if status != "given" or not _support_in_date(facts):
        return DOES_NOT_HOLD
    giver = facts.word("agreement_to_support.given_by")
    answers = {_support_answer(giver, person) for person in _possible_people(facts)}
    return answers.pop() if len(answers) == 1 else CANNOT_BE_TOLD


def _support_answer(giver: str, person: _Person) -> str:
    if giver != ("parent" if person.under_18 else "person"):
        return DOES_NOT_HOLD
    if giver == "parent" and person.parent_implicated:
        return "a parent who is implicated"
    return HOLDS


def _may_agree_to_share(giver: str, person: _Person) -> bool:
    if giver == "parent" and person.parent_implicated:
        return False
    if person.under_16:
        return giver == ("person" if person.competent else "parent")
    if person.lacks_capacity:
        return giver == ("parent" if person.under_18 else "attorney")
    return giver == "person"


def _told_by(answers: set[bool]) -> str:
    if len(answers) > 1:
        return CANNOT_BE_TOLD
    return HOLDS if True in answers else DOES_NOT_HOLD


def _possible_people(facts: Facts) -> Iterator[_Person]:
    possibilities = product(
        may_be_under(facts, CHILD_AGREES),
        may_be_under(facts, ADULT),
        _KNOWN.get(facts.word("subject.competence"), EITHER),
        _LACKS.get(facts.word("subject.capacity"), NO),
        _KNOWN.get(facts.word("family.implicated"), EITHER),
    )
    for person in map(_Person._make, possibilities):
        if person.under_18 or not person.under_16:
            yield person


def _in_scope(facts: Facts) -> bool:
    recipients = facts.words("agreement_to_share.recipients")
    purposes = facts.words("agreement_to_share.purposes")
    return facts.word("recipient.kind") in recipients and facts.word("purpose") in purposes


def _share_in_date(facts: Facts) -> bool:
    today, given = facts.today(), facts.day("agreement_to_share.given_on")
    if given is None or given > today:
        return False
    return _a_year_has_not_passed(given, today) and _not_expired(
        facts.day("agreement_to_share.expires_on"), today
    )


def _support_in_date(facts: Facts) -> bool:
    today, given = facts.today(), facts.day("agreement_to_support.given_on")
    return (
        given is not None
        and given <= today
        and _not_expired(facts.day("agreement_to_support.expires_on"), today)
    )


def _a_year_has_not_passed(given: date, today: date) -> bool:
    # Compared as numbers: given on 29 February, the year after ends with 28 February.
    last = (given.year + 1, given.month, given.day)
    return (today.year, today.month, today.day) <= last


def _not_expired(expires: date | None, today: date) -> bool:
    return expires is None or today <= expires

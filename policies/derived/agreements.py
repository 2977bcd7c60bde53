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
IMPLICATED: Final = "a parent who is implicated"
NOT_ASKED: Final = "the young person was not asked"
CHILD_REFUSES: Final = "the child refuses"
YOUNG_PERSON_REFUSES: Final = "the young person refuses"
_REFUSING: Final = frozenset({DOES_NOT_HOLD, YOUNG_PERSON_REFUSES})
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
    """Say whether the statute's agreement to support holds, and the young person's own answer.

    Neither stands in for the other; where several things are wrong, what refuses is said first.
    """
    status = facts.word("agreement_to_support.status")
    if status not in {"given", "unknown"} or (status == "given" and not _support_in_date(facts)):
        return DOES_NOT_HOLD
    giver = facts.word("agreement_to_support.given_by")
    answers = {
        _support_answer(
            CANNOT_BE_TOLD if status == "unknown" else _statutory_answer(giver, person),
            _own_answer(facts.word("subject.own_answer_to_support"), person),
        )
        for person in _possible_people(facts)
    }
    if len(answers) == 1:
        return answers.pop()
    return DOES_NOT_HOLD if answers <= _REFUSING else CANNOT_BE_TOLD


def _support_answer(statutory: str, own: str) -> str:
    for answer in (statutory, own):
        if answer in _REFUSING:
            return answer
    return own if statutory == HOLDS else statutory


def _statutory_answer(giver: str, person: _Person) -> str:
    if giver != ("parent" if person.under_18 else "person"):
        return DOES_NOT_HOLD
    return IMPLICATED if person.under_18 and person.parent_implicated else HOLDS


def _own_answer(answer: str, person: _Person) -> str:
    """Return what the own answer comes to: from 18 it is not read, under 16 only a refusal."""
    if person.under_16:
        return CHILD_REFUSES if answer == "refuses" else HOLDS
    if not person.under_18 or answer == "agrees":
        return HOLDS
    if answer == "refuses":
        return YOUNG_PERSON_REFUSES
    return HOLDS if answer == "not-applicable" and person.lacks_capacity else NOT_ASKED


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

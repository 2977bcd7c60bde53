"""Who may read a concern to check it, and who may answer: whoever was asked, or in their place."""

from datetime import date

from broker.concerns.standing import is_about
from broker.domain.concerns.concerns import (
    CHECKERS,
    Check,
    Concern,
    ConcernStage,
    SomeoneElseChecksError,
    UnknownConcernError,
)
from broker.domain.concerns.drafts import Draft
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.registers.checkers import colleagues
from broker.storage.transaction import Transaction
from keys import PersonId


def theirs(tx: Transaction, reference: Reference, person: Person, today: date) -> Concern:
    """Return a concern for whoever was asked, or stands in; raises `UnknownConcernError`."""
    concern = tx.concerns.find(reference)
    # Asked whether there is one or not, so that time tells nobody which there are.
    holders = _holders(tx, person, today)
    if concern is None or concern.agency != person.agency:
        raise UnknownConcernError
    was_asked = any(
        (check.asked_of, check.role) == (person.id, person.role) for check in concern.checks
    )
    if not was_asked and not _may_stand_in(concern, person, holders, today):
        raise UnknownConcernError
    return concern


def may_answer(tx: Transaction, concern: Concern, person: Person, today: date) -> bool:
    """Say whether somebody may answer the question that was put last."""
    asked = concern.newest
    if concern.owner == person.id:
        return False
    is_asked = (asked.asked_of, asked.role) == (person.id, person.role)
    return is_asked or _may_stand_in(concern, person, _holders(tx, person, today), today)


def deputy_role(asked: Check) -> Role:
    """Return in which role somebody answers in the place of whoever was asked."""
    return Role.LEAD if asked.role in CHECKERS else asked.role


def refuse_own(tx: Transaction, concern: Concern, draft: Draft | None, person: Person) -> None:
    """Raise `SomeoneElseChecksError` for what somebody wrote, or what may be about them."""
    if concern.owner == person.id:
        raise SomeoneElseChecksError
    refuse_about(tx, draft, person)


def refuse_about(tx: Transaction, draft: Draft | None, person: Person) -> None:
    """Raise `SomeoneElseChecksError` for what may be about somebody."""
    record = tx.people.find(person.id)
    if draft is not None and record is not None and is_about(draft, record.name):
        raise SomeoneElseChecksError


def _may_stand_in(
    concern: Concern, person: Person, holders: frozenset[tuple[PersonId, Role]], today: date
) -> bool:
    """Say whether somebody answers in another's place: it is late, or that one is gone."""
    asked = concern.newest
    if person.role is not deputy_role(asked) or concern.stage is not ConcernStage.CHECKING:
        return False
    return concern.is_late(today) or (asked.asked_of, asked.role) not in holders


def _holders(tx: Transaction, person: Person, today: date) -> frozenset[tuple[PersonId, Role]]:
    """Return who holds the roles of their body in whose place somebody may answer."""
    roles = CHECKERS if person.role is Role.LEAD else (person.role,)
    return frozenset((one.person, one.role) for one in colleagues(tx, person.agency, roles, today))

"""What the people of a concern are told by mail: its reference and a day, and nothing else."""

from collections.abc import Iterable
from datetime import date, datetime

from broker.delivery.person_notices import PersonNotice, PersonNotices
from broker.domain.concerns.concerns import Concern
from broker.domain.roles import Role
from broker.domain.times import spelled_day
from broker.registers.checkers import Colleague, colleagues
from broker.storage.transaction import Transaction

_ASKED = "You are asked to check a concern"
_LOOKS = "A concern for you to read"
_ANSWERED = "Your concern was answered"
_LATE = "A concern waits for an answer"
_CARRIED_ON = "A concern goes on without a lead's yes"


def asked(concern: Concern, whom: Colleague) -> PersonNotice:
    """Return the notice to whom a check was put."""
    due_on = spelled_day(concern.newest.due_on)
    return PersonNotice(
        to=whom.contact,
        subject=f"{_ASKED}: {concern.reference}",
        sentences=(
            f"A colleague asks you to check concern {concern.reference}.",
            f"Please answer by the end of {due_on}. If it cannot wait, they send it without you.",
        ),
    )


def looks_too(concern: Concern, whom: Colleague) -> PersonNotice:
    """Return the notice to a manager who looks at it beside the lead."""
    return PersonNotice(
        to=whom.contact,
        subject=f"{_LOOKS}: {concern.reference}",
        sentences=(
            f"A colleague lets you read concern {concern.reference}. The lead answers it.",
            "Talk about it with the lead alone.",
        ),
    )


def answered(concern: Concern, writer: str) -> PersonNotice:
    """Return the notice to whoever wrote it, that there is an answer."""
    return PersonNotice(
        to=writer,
        subject=f"{_ANSWERED}: {concern.reference}",
        sentences=(f"Concern {concern.reference} was answered. What comes next is yours.",),
    )


def late(concern: Concern, whom: Colleague) -> PersonNotice:
    """Return the notice to another lead, that an answer is late."""
    due_on = spelled_day(concern.newest.due_on)
    return PersonNotice(
        to=whom.contact,
        subject=f"{_LATE}: {concern.reference}",
        sentences=(
            f"Concern {concern.reference} was to be answered by {due_on}.",
            "Nobody has answered. You may answer it now.",
        ),
    )


def carried_on(concern: Concern, whom: Colleague) -> PersonNotice:
    """Return the notice to lead and Guardian, that its writer does not wait for a yes."""
    how = (
        "against the advice that was given"
        if concern.is_against_advice
        else "without an answer, since it cannot wait"
    )
    return PersonNotice(
        to=whom.contact,
        subject=f"{_CARRIED_ON}: {concern.reference}",
        sentences=(f"Whoever wrote concern {concern.reference} carries on {how}.",),
    )


def tell(notices: PersonNotices, told: Iterable[PersonNotice], at: datetime) -> None:
    """Send notices, once what they tell is committed."""
    for notice in told:
        notices.send(notice, at)


def others(
    tx: Transaction, concern: Concern, roles: tuple[Role, ...], today: date
) -> tuple[Colleague, ...]:
    """Return who of the concern's body may act in one of these roles, but for its writer."""
    found = colleagues(tx, concern.agency, roles, today)
    return tuple(one for one in found if one.person != concern.owner)

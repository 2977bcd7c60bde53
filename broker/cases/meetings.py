"""What the record of a panel's meeting says to the rules: who asks, and who must be there.

Nobody's word stands for either: membership of the case decides whether somebody works on it
(rule R02), and the record of the meeting whether its panel is valid (rule R24).
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from broker.domain.errors import WrongStateError
from broker.domain.json_values import as_object
from broker.domain.judgement import JudgementRequest
from broker.domain.model import Person
from broker.domain.panels.meetings import Meeting, Quorum
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.storage.transaction import Transaction
from keys import AgencyId, PersonId

_COUNCIL: Final = "local-authority"


def quorum_of(tx: Transaction, meeting: Meeting, today: date) -> Quorum:
    """Return who must be there and is, as the record of a meeting says on a day."""
    return meeting.quorum(chair_stands=chairs_council(tx, meeting.chair, meeting.agency, today))


def chairs_council(tx: Transaction, person: PersonId, agency: AgencyId, today: date) -> bool:
    """Say whether somebody may act as chair for a council on a day."""
    return tx.directory.agency(agency).kind == _COUNCIL and any(
        held.agency == agency and held.role is Role.CHAIR
        for held in tx.people.roles_on(person, today)
    )


def facts_for(
    tx: Transaction, meeting: Meeting, person: Person, requester: object, today: date
) -> dict[str, object]:
    """Return the facts that the record says better than whoever answers: who asks, which panel.

    `requester` is that fact as it was answered.
    """
    case = tx.cases.find(meeting.case)
    is_member = case is not None and case.may(person)
    return {
        "panel": quorum_of(tx, meeting, today).facts(),
        "requester": {
            **as_object(requester),
            "person": person.id,
            "agency": person.agency,
            "kind": tx.directory.agency(person.agency).kind,
            "authenticated": "yes",
            "assigned_to_case": "yes" if is_member else "no",
        },
    }


def of_meeting(
    tx: Transaction, asked: JudgementRequest, submitted: Mapping[str, object]
) -> dict[str, object]:
    """Return the facts of a panel's pack that its meeting says; none for any other pack."""
    if asked.pack.meeting is None:
        return {}
    meeting = tx.meetings.find(asked.pack.meeting)
    if meeting is None:
        raise WrongStateError("The record of its meeting is not there, so it cannot be judged.")
    return facts_for(tx, meeting, asked.person, submitted["requester"], uk_day(asked.at))

"""What roles are called on pages, and where a referral stands in words."""

from collections.abc import Mapping
from types import MappingProxyType

from broker.domain.cases.earlier import Call
from broker.domain.cases.likeness import MarkKind
from broker.domain.concerns.concerns import ConcernStage, Ending
from broker.domain.roles import Role
from broker.domain.states import State

_TITLES: Mapping[Role, str] = MappingProxyType(
    {
        Role.PRACTITIONER: "Practitioner",
        Role.MANAGER: "Manager",
        Role.LEAD: "Prevent or safeguarding lead",
        Role.GUARDIAN: "Caldicott Guardian",
        Role.IG: "Information governance",
        Role.HR: "Human resources",
        Role.SUPERVISOR: "Supervisor",
        Role.KEEPER: "Keeper of the directory",
        Role.POLICE: "Police officer",
        Role.POLICE_LEAD: "Police Prevent lead",
        Role.ADULTS_LEAD: "Lead for adults",
        Role.FAMILIES_LEAD: "Lead for children and families",
        Role.COORDINATOR: "Panel coordinator",
        Role.CHAIR: "Panel chair",
        Role.MEMBER: "Panel member",
        Role.AUDITOR: "Auditor",
        Role.ASSURANCE: "Assurance",
        Role.ADMINISTRATOR: "Administrator",
        Role.OPERATOR: "Operator",
        Role.CLIENT: "System of a partner",
    }
)

STANDS: Mapping[State, str] = MappingProxyType(
    {
        State.DECIDED: "On its way",
        State.REFERRED: "Your Guardian decides",
        State.ASKED: "Your Guardian asks you something",
        State.REFUSED: "It cannot go as it stands",
        State.SEALED: "On its way",
        State.SENDING: "On its way",
        State.SENT: "It was sent. Ring them",
        State.REJECTED: "It could not be delivered",
        State.DEFERRED: "On its way, and late",
        State.UNKNOWN: "Nobody knows if it arrived. Ring them",
        State.TOLD: "They have the words. Ask if it opens",
        State.ACKNOWLEDGED: "It has opened",
        State.RECALLED: "Stopped",
        State.EXPIRED: "The words are gone",
        State.ERASED: "Its time is over",
    }
)
"""Where a referral stands, as whoever sent it reads it."""


STANDS_BY_PAGE: Mapping[State, str] = MappingProxyType(
    {
        **STANDS,
        State.SENT: "A page waits for them. Ring them",
        State.TOLD: "They were told a code. Ask if it opens",
        State.EXPIRED: "The page has ended",
    }
)
"""Where a referral stands that is fetched from a page, as whoever sent it reads it."""


GUARDIAN_STANDS: Mapping[State, str] = MappingProxyType(
    {
        **STANDS,
        State.DECIDED: "It may go, and is on its way",
        State.REFERRED: "It waits for your decision",
        State.ASKED: "The sender was asked. You may decide without the answer",
        State.REFUSED: "It was refused",
        State.SENT: "It was sent",
        State.UNKNOWN: "Nobody knows if it arrived",
        State.TOLD: "They have the words",
    }
)
"""Where a referral stands, as a Guardian reads it."""


COLLEAGUES_STANDS: Mapping[State, str] = MappingProxyType(
    {
        **STANDS,
        State.REFERRED: "A Guardian decides",
        State.ASKED: "The Guardian asked the sender something",
        State.SENT: "It was sent. Its sender rings them",
        State.UNKNOWN: "Nobody knows if it arrived",
        State.TOLD: "They have the words. Its sender asks if it opens",
    }
)
"""Where a referral stands, as a colleague of whoever sent it reads it."""


CONCERN_STANDS: Mapping[ConcernStage | Ending, str] = MappingProxyType(
    {
        ConcernStage.NOTED: "Somebody here did not want it sent. Whoever wrote it decides",
        ConcernStage.CHECKING: "It waits for an answer",
        ConcernStage.SHARING: "It may be sent, and nobody has sent it yet",
        Ending.LEFT: "It was left, and nobody sent it",
        Ending.TAKEN_ON: "A lead took it on",
        Ending.SENT: "It was sent",
    }
)
"""Where a concern stands, as whoever finds it as an earlier one reads it."""


def _and_unsent(stands: Mapping[State, str]) -> Mapping[str, str]:
    unsent = {stage.value: words for stage, words in CONCERN_STANDS.items()}
    sent = {state.value: words for state, words in stands.items()}
    return MappingProxyType({**unsent, **sent})


EARLIER_AT_A_GUARDIANS = _and_unsent(GUARDIAN_STANDS)
EARLIER_AT_A_COLLEAGUES = _and_unsent(COLLEAGUES_STANDS)
"""Where an earlier concern stands, sent or not, as either of those who see a list reads it."""


LIKENESS: Mapping[MarkKind, str] = MappingProxyType(
    {
        MarkKind.EXACT: "The same number or reference",
        MarkKind.ALIKE: "A name that may be the same; it counts only once somebody says so",
    }
)
"""Why an earlier concern was found."""

LIKENESS_TO_A_DRAFT: Mapping[MarkKind, str] = MappingProxyType(
    {**LIKENESS, MarkKind.ALIKE: "A name that may be the same"}
)
"""The same before anything was sent: nobody has said yet whether the two are one person."""

SAID_OF_TWO: Mapping[Call, str] = MappingProxyType(
    {Call.SAME: "They are one person", Call.ANOTHER: "They are two people"}
)
"""What somebody says of the people of two concerns."""


def title_of(role: Role) -> str:
    """Return the title of a role, as it stands before the name of a body."""
    return _TITLES[role]

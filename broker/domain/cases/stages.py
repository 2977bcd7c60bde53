"""Where a case can stand and go: one rail of stages for each kind of case, the one table.

>>> require_step(CaseKind.CONCERN, Stage.NOTED, Stage.CHECKING)
>>> require_step(CaseKind.CONCERN, Stage.CLOSED, Stage.NOTED)
Traceback (most recent call last):
broker.domain.errors.WrongStateError: This case is closed. A new concern opens a new, linked case.
"""

from collections.abc import Mapping
from enum import StrEnum, unique
from typing import Final

from broker.domain.errors import WrongStateError


@unique
class CaseKind(StrEnum):
    """What a case is about, in the word of the ledger."""

    CONCERN = "concern"
    COLLEAGUE = "colleague"
    CHANNEL = "channel"


KINDS_IN_WORDS: Final[Mapping[CaseKind, str]] = {
    CaseKind.CONCERN: "a concern about a patient, client, pupil or member of the public",
    CaseKind.COLLEAGUE: "a concern about a colleague",
    CaseKind.CHANNEL: "a case of the police and the Channel panel",
}
"""What each kind is, in a phrase that people read."""


@unique
class Stage(StrEnum):
    """Where a case stands, in the word of the ledger."""

    NOTED = "noted"
    CHECKING = "checking"
    ASSESSING = "assessing"
    SHARING = "sharing"
    RECEIVED = "received"
    SCREENED = "screened"
    GATHERING = "gathering"
    ASSESSED = "assessed"
    POLICE_LED = "police-led"
    WITH_LEAD = "with-lead"
    REQUESTING = "requesting"
    RETURNED = "returned"
    REASSESSED = "reassessed"
    AGREED = "agreed"
    LISTED = "listed"
    HEARD = "heard"
    PLANNED = "planned"
    SUPPORTED = "supported"
    EXITED = "exited"
    CLOSED = "closed"


_S = Stage

RAILS: Final[Mapping[CaseKind, Mapping[Stage, frozenset[Stage]]]] = {
    CaseKind.CONCERN: {
        _S.NOTED: frozenset({_S.CHECKING, _S.SHARING, _S.CLOSED}),
        _S.CHECKING: frozenset({_S.SHARING, _S.CLOSED}),
        # What has changed since is put to the lead again.
        _S.SHARING: frozenset({_S.CHECKING, _S.CLOSED}),
        _S.CLOSED: frozenset(),
    },
    CaseKind.COLLEAGUE: {
        _S.NOTED: frozenset({_S.CHECKING, _S.SHARING, _S.CLOSED}),
        _S.CHECKING: frozenset({_S.ASSESSING, _S.SHARING, _S.CLOSED}),
        _S.ASSESSING: frozenset({_S.SHARING, _S.CLOSED}),
        _S.SHARING: frozenset({_S.ASSESSING, _S.CLOSED}),
        _S.CLOSED: frozenset(),
    },
    CaseKind.CHANNEL: {
        _S.RECEIVED: frozenset({_S.SCREENED, _S.CLOSED}),
        _S.SCREENED: frozenset({_S.GATHERING, _S.CLOSED}),
        _S.GATHERING: frozenset({_S.ASSESSED, _S.CLOSED}),
        _S.ASSESSED: frozenset({_S.POLICE_LED, _S.WITH_LEAD, _S.CLOSED}),
        _S.POLICE_LED: frozenset({_S.ASSESSED, _S.CLOSED}),
        _S.WITH_LEAD: frozenset({_S.REQUESTING, _S.CLOSED}),
        _S.REQUESTING: frozenset({_S.RETURNED, _S.CLOSED}),
        _S.RETURNED: frozenset({_S.REQUESTING, _S.REASSESSED, _S.CLOSED}),
        _S.REASSESSED: frozenset({_S.POLICE_LED, _S.AGREED, _S.CLOSED}),
        _S.AGREED: frozenset({_S.LISTED, _S.CLOSED}),
        _S.LISTED: frozenset({_S.HEARD, _S.CLOSED}),
        _S.HEARD: frozenset({_S.LISTED, _S.PLANNED, _S.CLOSED}),
        _S.PLANNED: frozenset({_S.LISTED, _S.SUPPORTED, _S.CLOSED}),
        _S.SUPPORTED: frozenset({_S.LISTED, _S.PLANNED, _S.EXITED, _S.CLOSED}),
        _S.EXITED: frozenset({_S.CLOSED}),
        _S.CLOSED: frozenset(),
    },
}
"""Every step of every kind; whatever moves a case asks here first. The first stage begins it."""


@unique
class LinkKind(StrEnum):
    """Why two cases know each other; each keeps its own key and its own clock."""

    SAME_PERSON = "same-person"
    SAME_CONCERN = "same-concern"
    REOPENED = "reopened"
    TRANSFERRED = "transferred"


@unique
class CaseEnd(StrEnum):
    """How a case ended, in the word of the ledger."""

    NO_FURTHER_ACTION = "no-further-action"
    SHARED = "shared"
    SAFEGUARDING = "safeguarding"
    EARLY_HELP = "early-help"
    HUMAN_RESOURCES = "human-resources"
    SUPPORT_ENDED = "support-ended"
    POLICE_LED = "police-led"
    MOVED = "moved"
    ERASED = "erased"


ENDS_IN_WORDS: Final[Mapping[CaseEnd, str]] = {
    CaseEnd.NO_FURTHER_ACTION: "nothing more was needed",
    CaseEnd.SHARED: "it was shared, and nothing more is to be done here",
    CaseEnd.SAFEGUARDING: "it went on as another safeguarding concern",
    CaseEnd.EARLY_HELP: "it went on as Early Help",
    CaseEnd.HUMAN_RESOURCES: "it went on with human resources",
    CaseEnd.SUPPORT_ENDED: "support through Channel ended",
    CaseEnd.POLICE_LED: "the police lead it alone",
    CaseEnd.MOVED: "it moved to another area",
    CaseEnd.ERASED: "its words were erased",
}
"""How each end is told, in a phrase that people read."""


def first_stage(kind: CaseKind) -> Stage:
    """Return the stage in which a case of a kind begins."""
    return next(iter(RAILS[kind]))


def require_open(stage: Stage) -> None:
    """Return if a case at this stage is not closed; else raise `WrongStateError`."""
    if stage is Stage.CLOSED:
        raise WrongStateError("This case is closed. A new concern opens a new, linked case.")


def require_step(kind: CaseKind, before: Stage, after: Stage) -> None:
    """Return if the rail of a kind has this step; else raise `WrongStateError`."""
    rail = RAILS[kind]
    if after in rail.get(before, frozenset()):
        return
    require_open(before)
    steps = ", ".join(stage.value for stage in rail if stage in rail[before])
    raise WrongStateError(
        f"This case is {before.value}, so it does not come to {after.value} now. "
        f"From here: {steps}."
    )

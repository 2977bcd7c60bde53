"""What people read of a check: who was asked, and what was said, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from broker.domain.concerns.concerns import (
    Advice,
    Also,
    Check,
    Concern,
    ConcernStage,
    Ending,
    OpenConcern,
)
from broker.domain.roles import Role
from broker.registers.people import PeopleRegister
from broker.web.titles import title_of

WHOSE: Mapping[Role, str] = MappingProxyType(
    {Role.LEAD: "your lead", Role.MANAGER: "your manager", Role.GUARDIAN: "your Guardian"}
)
"""Who was asked, as the writer speaks of them; no name stands in a title."""

ADVICE: Mapping[Advice, str] = MappingProxyType(
    {
        Advice.REFER: "Refer to Prevent",
        Advice.SOCIAL_CARE: "Refer to social care instead",
        Advice.EARLY_HELP: "Offer Early Help",
        Advice.NOTHING_MORE: "Nothing more under Prevent",
        Advice.TELL_ME_MORE: "I need to know more",
    }
)
"""What a checker can say, in the order in which it is asked."""

ALSO: Mapping[Also, str] = MappingProxyType({Also.HR: "HR", Also.EARLY_HELP: "Early Help"})
"""What a checker can say beside it."""

_STANDS: Mapping[ConcernStage, str] = MappingProxyType(
    {
        ConcernStage.NOTED: "With whoever wrote it",
        ConcernStage.CHECKING: "Waits for an answer",
        ConcernStage.SHARING: "To be sent",
    }
)
_ENDED: Mapping[Ending, str] = MappingProxyType(
    {
        Ending.SENT: "Sent",
        Ending.LEFT: "Left, not sent",
        Ending.TAKEN_ON: "Taken on by the lead",
    }
)


def stands(concern: Concern) -> str:
    """Return where a concern stands, in words that say nothing of what is in it."""
    if concern.closed_as is not None:
        return _ENDED[concern.closed_as]
    return _STANDS[concern.stage]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInWords:
    """A question and its answer as people of the body read them; empty where none was given."""

    who: str
    title: str
    check: Check
    advice: str
    also: str
    words: str
    waits: bool


def in_words(asked: OpenConcern, people: PeopleRegister) -> tuple[CheckInWords, ...]:
    """Return what was asked of whom and answered, the newest first."""
    return tuple(_in_words(check, asked, people) for check in reversed(asked.concern.checks))


def _in_words(check: Check, asked: OpenConcern, people: PeopleRegister) -> CheckInWords:
    answer, title = check.answer, title_of(check.role)
    record = people.record(check.asked_of if answer is None else answer.by)
    return CheckInWords(
        who=title if record is None else record.name,
        title=title,
        check=check,
        advice="" if answer is None else ADVICE[answer.advice],
        also="" if answer is None else "; ".join(ALSO[one] for one in sorted(answer.also)),
        words=asked.words.get(check.number, ""),
        waits=answer is None and check is asked.concern.newest,
    )

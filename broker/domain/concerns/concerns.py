"""A concern: a draft that somebody was asked to check, and what they answered.

What a checker answers is advice on the record and no veto. Whatever it is, the rules then hear
that the lead was asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique
from typing import Final

from broker.domain.concerns.drafts import Draft, DraftId
from broker.domain.errors import (
    BrokerError,
    NotAllowedError,
    UnknownReferenceError,
    WrongStateError,
)
from broker.domain.references import Reference
from broker.domain.roles import Role
from keys import AgencyId, CaseId, PersonId


@unique
class ConcernStage(StrEnum):
    """Where a concern stands: with its writer, with a checker, ready to be shared, or over."""

    NOTED = "noted"
    CHECKING = "checking"
    SHARING = "sharing"
    CLOSED = "closed"


@unique
class About(StrEnum):
    """What a worry is about, which decides its path."""

    PERSON = "person"
    COLLEAGUE = "colleague"


@unique
class Advice(StrEnum):
    """What a checker says should happen."""

    REFER = "refer"
    SOCIAL_CARE = "social-care"
    EARLY_HELP = "early-help"
    NOTHING_MORE = "nothing-more"
    TELL_ME_MORE = "tell-me-more"

    @property
    def ends_it(self) -> bool:
        """Say whether the concern ends with it under Prevent, or goes elsewhere."""
        return self not in {Advice.REFER, Advice.TELL_ME_MORE}


@unique
class Also(StrEnum):
    """What a checker says should happen beside it."""

    HR = "hr"
    EARLY_HELP = "early-help"


@unique
class Ending(StrEnum):
    """How a concern ended."""

    SENT = "sent"
    LEFT = "left"
    TAKEN_ON = "taken-on"


CHECKERS: Final = (Role.LEAD, Role.MANAGER)
"""Whom somebody who writes may ask; the Guardian is asked where the lead does not want it sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a checker answered: codes, and their words apart, sealed under the case's key."""

    by: PersonId
    at: datetime
    advice: Advice
    also: frozenset[Also]
    words: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A question that was put to somebody, counted from 1; `answer` is None until they answer."""

    number: int
    asked_of: PersonId
    role: Role
    asked_at: datetime
    due_on: date
    answer: Answer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A concern as the database holds it: codes, days and identifiers, the words sealed.

    `why` is what its writer wrote to send it without a checker's word or against it, sealed.
    `told_late_on` is the day on which the others were told that an answer is late. `look_back_on`
    is by when a Guardian looks back at a concern that chance chose when it was left.
    """

    reference: Reference
    case: CaseId
    draft: DraftId
    agency: AgencyId
    about: About
    owner: PersonId
    noted_at: datetime
    checks: tuple[Check, ...]
    why: bytes | None = None
    carried_on_at: datetime | None = None
    told_late_on: date | None = None
    closed_at: datetime | None = None
    closed_as: Ending | None = None
    look_back_on: date | None = None

    @property
    def newest(self) -> Check:
        """The question that counts: the one that was put last."""
        return self.checks[-1]

    @property
    def advice(self) -> Check | None:
        """The newest question that was answered with more than a question back, or None."""
        answered = (
            check
            for check in reversed(self.checks)
            if check.answer is not None and check.answer.advice is not Advice.TELL_ME_MORE
        )
        return next(answered, None)

    @property
    def stage(self) -> ConcernStage:
        """Where it stands, as everything in it says."""
        if self.closed_as is not None:
            return ConcernStage.CLOSED
        if self.carried_on_at is not None:
            return ConcernStage.SHARING
        answer = self.newest.answer
        if answer is None:
            return ConcernStage.CHECKING
        return ConcernStage.SHARING if answer.advice is Advice.REFER else ConcernStage.NOTED

    @property
    def check_status(self) -> str:
        """What the rules hear, in the word of the contract: whatever was answered, it is done."""
        if self.advice is not None:
            return "done"
        return "cannot-wait" if self.carried_on_at is not None else "not-asked"

    @property
    def is_against_advice(self) -> bool:
        """Say whether its writer carries on although a checker does not want it sent."""
        answer = None if self.advice is None else self.advice.answer
        is_wanted = answer is None or answer.advice is Advice.REFER
        return self.carried_on_at is not None and not is_wanted

    def is_late(self, today: date) -> bool:
        """Say whether an answer is owed whose day has passed."""
        return self.stage is ConcernStage.CHECKING and today > self.newest.due_on


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConcern:
    """A concern that somebody opened: its draft, None once that is gone, and everybody's words.

    `words` holds each answer's by the number of its question; `why` is empty where there is none.
    """

    concern: Concern
    draft: Draft | None
    words: Mapping[int, str]
    why: str


class UnknownConcernError(UnknownReferenceError):
    """Raised alike for a concern that does not exist and one that is not theirs."""

    def __init__(self) -> None:
        """Say where the person finds what is theirs."""
        BrokerError.__init__(
            self,
            "There is no such concern for you. Your list shows what waits for you.",
        )


class AnsweredAlreadyError(WrongStateError):
    """Raised where a check was answered, or put to somebody else, meanwhile."""


class SomeoneElseChecksError(NotAllowedError):
    """Raised where somebody is to check what they wrote, or what is about them."""

    def __init__(self) -> None:
        """Say who must look instead."""
        super().__init__("Someone else must check this. Ask another lead, or your deputy.")

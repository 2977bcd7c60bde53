"""A concern about sharing: one side of a request says that it went wrong, and why (SOM 8.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum, unique
from typing import Final, Self

from broker.domain.errors import UnknownReferenceError, WrongStateError
from broker.domain.partner_requests.copies import AnswerKind, Copy, CopyName, CopyState
from keys import AgencyId, PersonId


@unique
class Wrong(StrEnum):
    """What went wrong with sharing, in the word of the ledger."""

    REFUSED = "refused"
    LATE = "late"
    TOO_LITTLE = "too-little"
    TOO_BROAD = "too-broad"


WRONG_IN_WORDS: Final[Mapping[Wrong, str]] = {
    Wrong.REFUSED: "They refused to share",
    Wrong.LATE: "The day has passed without an answer",
    Wrong.TOO_LITTLE: "They shared too little",
    Wrong.TOO_BROAD: "It asks for too much",
}
"""What each is, as people read it."""


@unique
class Outcome(StrEnum):
    """How a concern about sharing was settled, in the word of the ledger."""

    ANSWER_STANDS = "answer-stands"
    ANSWERED_ANEW = "answered-anew"
    ASKED_ANEW = "asked-anew"
    WITHDRAWN = "withdrawn"


OUTCOMES_IN_WORDS: Final[Mapping[Outcome, str]] = {
    Outcome.ANSWER_STANDS: "The answer stands as it is",
    Outcome.ANSWERED_ANEW: "A fact has changed, and it is answered anew",
    Outcome.ASKED_ANEW: "The question is narrowed, and asked anew",
    Outcome.WITHDRAWN: "Whoever raised it takes it back",
}
"""What each is, as people read it."""

_OF_ANSWER: Final[Mapping[Wrong, frozenset[AnswerKind]]] = {
    Wrong.REFUSED: frozenset({AnswerKind.DECLINED, AnswerKind.CANNOT_SAY}),
    Wrong.TOO_LITTLE: frozenset({AnswerKind.PART, AnswerKind.NIL}),
}


class UnknownSharingConcernError(UnknownReferenceError):
    """Raised alike for a concern about sharing that is not there and one that is not theirs."""

    def __init__(self) -> None:
        """Say the same of both."""
        super(UnknownReferenceError, self).__init__(
            "There is no concern about sharing of yours here. Yours are listed by: broker dispute "
            "list"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingConcern:
    """A concern about one copy of a request: codes and moments; its words are with the question.

    `asking` and `asked` are the two bodies; `raised_for` is the one that raises it.
    """

    copy: CopyName
    number: int
    wrong: Wrong
    asking: AgencyId
    asked: AgencyId
    raised_for: AgencyId
    raised_by: PersonId
    raised_at: datetime
    outcome: Outcome | None = None
    closed_by: PersonId | None = None
    closed_at: datetime | None = None
    version: int = 1

    @property
    def name(self) -> str:
        """What it is called: the copy that it is about, and its number from 1."""
        return f"{self.copy}.{self.number}"

    def closed(self, outcome: Outcome, by: PersonId, at: datetime) -> Self:
        """Return it closed; raises `WrongStateError` once it was, and for whoever raised it.

        Whoever raised it takes it back, and closes it in no other way.
        """
        if self.outcome is not None:
            raise WrongStateError("This concern about sharing is closed already.")
        if (by == self.raised_by) != (outcome is Outcome.WITHDRAWN):
            raise WrongStateError(
                "Whoever raised a concern takes it back; somebody else says how it is settled."
            )
        return replace(self, outcome=outcome, closed_by=by, closed_at=at, version=self.version + 1)


def can_be_raised(copy: Copy, today: date, *, asks: bool) -> tuple[Wrong, ...]:
    """Return what can be wrong with a copy for the side that asks, or the one that is asked; pure.

    What was withdrawn is settled, and nothing is raised about it.
    """
    if copy.state is CopyState.WITHDRAWN:
        return ()
    if not asks:
        return (Wrong.TOO_BROAD,)
    if copy.waits:
        return (Wrong.LATE,) if today > copy.due_on else ()
    return tuple(wrong for wrong, answers in _OF_ANSWER.items() if copy.answer in answers)

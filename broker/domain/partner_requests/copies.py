"""One body's copy of a request: where it stands, by when it is answered, and how it was."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum, unique
from typing import Final

from broker.domain.errors import UnknownReferenceError, WrongStateError
from broker.domain.model import MailboxId
from broker.domain.references import MalformedReferenceError, Prefix, Reference, parse_reference
from broker.domain.states import NOT_NOW, WAITING_FOR_A_GUARDIAN, State
from broker.domain.times import rfc3339
from keys import AgencyId, PersonId

MOST_COPIES: Final = 20
"""How many bodies one request is put to at most."""

QUESTION: Final = "partner-request"
"""The purpose of a disclosure that asks another body."""

_READER: Final = "page-"


@unique
class CopyState(StrEnum):
    """Where a copy stands, in the words of rows and pages."""

    ISSUED = "issued"
    OPENED = "opened"
    RETURNED = "returned"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@unique
class AnswerKind(StrEnum):
    """What an answer was; each of them is an answer on time."""

    FULL = "full"
    PART = "part"
    NIL = "nil"
    CANNOT_SAY = "cannot-say"
    DECLINED = "declined"
    REFERRED = "referred"


OWN_WORD: Final = frozenset({AnswerKind.NIL, AnswerKind.CANNOT_SAY, AnswerKind.DECLINED})
"""The answers that share nothing, and so are no disclosure that the rules judge."""


@unique
class Lateness(StrEnum):
    """How far an unanswered copy has climbed; nothing is sent or closed by any of it."""

    NONE = "none"
    DUE_SOON = "due-soon"
    LATE = "late"
    LATER = "later"


ANSWERS_IN_WORDS: Final[Mapping[AnswerKind, str]] = {
    AnswerKind.FULL: "Answered: all of it is shared",
    AnswerKind.PART: "Answered: part of it is shared",
    AnswerKind.NIL: "Answered: they hold nothing",
    AnswerKind.CANNOT_SAY: "Answered: they cannot say",
    AnswerKind.DECLINED: "Answered: not shared, with reasons",
    AnswerKind.REFERRED: "Answered: their Guardian decides what is shared",
}
"""What an answer was, as people read it."""

_GUARDIAN_SAID: Final[Mapping[bool, str]] = {
    True: "Answered: their Guardian shares none of it",
    False: "Answered: their Guardian has decided what is shared",
}


def answer_stands(answer: AnswerKind, goes: State | None) -> str:
    """Return where an answer stands as people read it; `goes` is where what it shares stands.

    >>> answer_stands(AnswerKind.REFERRED, State.REFERRED)
    'Answered: their Guardian decides what is shared'
    >>> answer_stands(AnswerKind.REFERRED, State.REFUSED)
    'Answered: their Guardian shares none of it'
    """
    if answer is not AnswerKind.REFERRED or goes in {None, *WAITING_FOR_A_GUARDIAN}:
        return ANSWERS_IN_WORDS[answer]
    return _GUARDIAN_SAID[goes is State.REFUSED]


LATE_IN_WORDS: Final[Mapping[Lateness, str]] = {
    Lateness.NONE: "",
    Lateness.DUE_SOON: "Due soon",
    Lateness.LATE: "Late",
    Lateness.LATER: "Late for days",
}
"""How far it has climbed, as people read it."""

WAITS: Final = (CopyState.ISSUED, CopyState.OPENED)
"""Where a copy stands that the body asked still has to answer."""

CAN_BE_WITHDRAWN: Final = (CopyState.ISSUED, CopyState.OPENED, CopyState.RETURNED)

_STANDS: Final[Mapping[CopyState, str]] = {
    CopyState.ISSUED: "It waits to be opened by the body that is asked.",
    CopyState.OPENED: "It waits for the answer of the body that is asked.",
    CopyState.RETURNED: "It was sent back. Ask anew, with what was missing.",
    CopyState.ANSWERED: "It was answered. Whoever asked confirms it; that closes it.",
    CopyState.WITHDRAWN: "They no longer ask this. Nothing of yours was sent.",
    CopyState.CLOSED: "It was answered and closed; nothing more is to be done.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyName:
    """What a copy is called: the reference of its request, and its number from 1."""

    request: Reference
    number: int

    def __str__(self) -> str:
        return f"{self.request}.{self.number}"

    @classmethod
    def read(cls, text: str) -> "CopyName":
        """Return the copy that `text` names, such as REQ-7Q4K-M2XH.1.

        Raises `UnknownReferenceError`.
        """
        reference, _, number = text.partition(".")
        if not (number.isascii() and number.isdecimal() and len(number) <= len(str(MOST_COPIES))):
            raise MalformedReferenceError(Prefix.REQUEST)
        return cls(request=parse_reference(reference, Prefix.REQUEST), number=int(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One body's copy: codes and days, nothing about the person whom it asks about.

    `asking` and `asker` put the question, `asked` is to answer at `answer_to` of the former.
    `disclosure` holds the question as it was judged, `answer_disclosure` what was let go in
    answer to it. `set_by` set the day in the function of `function`. `owner` is who has taken it.
    `wanted_until` is a later day that was asked for and not granted yet. `repeats` names an
    earlier copy with the same questions to the same body about the same person.
    """

    name: CopyName
    asking: AgencyId
    asker: PersonId
    purpose: str
    answer_to: MailboxId
    function: str
    set_by: PersonId
    asked: AgencyId
    mailbox: MailboxId
    disclosure: Reference
    state: CopyState
    due_on: date
    created_at: datetime
    changed_at: datetime
    wanted_until: date | None = None
    owner: PersonId | None = None
    answer: AnswerKind | None = None
    answer_disclosure: Reference | None = None
    answered_by: PersonId | None = None
    answered_at: datetime | None = None
    lateness: Lateness = Lateness.NONE
    repeats: str | None = None
    version: int = 1

    def must_be(self, *states: CopyState) -> None:
        """Return if the copy is in one of `states`; else raise `WrongStateError`.

        The error says who answered and when, where somebody did, and what comes next.
        """
        if self.state in states:
            return
        said = [NOT_NOW, _STANDS[self.state]]
        if self.answered_by is not None and self.answered_at is not None:
            by = "its page, without an account," if self.answered_on_a_page else self.answered_by
            said.insert(1, f"Answered by {by} at {rfc3339(self.answered_at)}.")
        raise WrongStateError(" ".join(said))

    @property
    def answered_on_a_page(self) -> bool:
        """Whether somebody without an account answered it, on the page that put it."""
        return self.answered_by is not None and self.answered_by.startswith(_READER)

    @property
    def waits(self) -> bool:
        """Whether the body asked still has to answer it."""
        return self.state in WAITS


def reader_id(question: Reference, number: int) -> PersonId:
    """Return as whom the reader of a page answers: of this question, and told a code there.

    >>> reader_id(parse_reference("PRV-7Q4K-M2XH"), 2)
    'page-prv-7q4k-m2xh-2'
    """
    return PersonId(f"{_READER}{question}-{number}".lower())


def changed(copy: Copy, now: datetime, **changes: object) -> Copy:
    """Return the next version of a copy; `changes` name fields of it."""
    after: Copy = replace(
        copy,
        **changes,  # type: ignore[arg-type]  # each caller names fields of Copy
        changed_at=now,
        version=copy.version + 1,
    )
    return after


class UnknownCopyError(UnknownReferenceError):
    """Raised alike for a request that is not there and for one that is not the person's."""

    def __init__(self) -> None:
        """Say the same of both."""
        super(UnknownReferenceError, self).__init__(
            "There is no request of yours with this reference. It starts with REQ, and the copy "
            "of a body has a full stop and a number after it."
        )

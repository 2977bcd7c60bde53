"""A partner's answer as it was written: field by field, each statement with its source; pure."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from typing import Final

from broker.domain.errors import BrokerError, Fault
from broker.domain.times import spelled_day

NAME, BIRTHDAY = "individual.name", "individual.date_of_birth"

_WITHIN_WORDS: Final = frozenset("'`-\u2019")


ANSWER_PURPOSE: Final = "partner-response"
"""For which what is shared in an answer is disclosed."""


@unique
class Held(StrEnum):
    """Whether a body holds anything of what it is asked."""

    YES = "yes"
    NO = "no"
    CANNOT_SAY = "cannot-say"


@unique
class Share(StrEnum):
    """What a body does with one field that it is asked for."""

    ALL = "all"
    PART = "part"
    NO = "no"


SHARES_IN_WORDS: Mapping[Share, str] = {
    Share.ALL: "Shared",
    Share.PART: "Shared in part",
    Share.NO: "Not shared",
}
"""What is done with a field, as pages and commands say it."""

_KEPT_BACK: Final = "Not shared: a Guardian or the rules kept it back"
_UNDECIDED: Final = "A Guardian decides"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo:
    """Which fields of an answer go by the decision on it; None where that is not known any more.

    `waits` says that a Guardian still decides.
    """

    fields: frozenset[str] | None
    waits: bool = False

    def became(self, field: str, share: Share, why: str) -> tuple[str, str]:
        """Return what became of a field that was answered, in words, and the reason for it.

        What its body would share and does not is told without their reason for sharing it.

        >>> LetGo(fields=frozenset()).became("needs.health", Share.ALL, "It shows his illness.")
        ('Not shared: a Guardian or the rules kept it back', '')
        >>> LetGo(fields=None, waits=True).became("needs.health", Share.NO, "It is his sister's.")
        ('Not shared', "It is his sister's.")
        """
        if share is Share.NO:
            return SHARES_IN_WORDS[share], why
        if self.waits:
            return _UNDECIDED, ""
        if self.fields is not None and field not in self.fields:
            return _KEPT_BACK, ""
        return SHARES_IN_WORDS[share], why


@unique
class Known(StrEnum):
    """How whoever holds a statement knows it."""

    SEEN = "seen"
    TOLD = "told"
    OPINION = "opinion"


_MARKS: Final[Mapping[Known, str]] = {
    Known.SEEN: "Seen by",
    Known.TOLD: "Told by",
    Known.OPINION: "Opinion of",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Some sentences with where they come from: who saw, told or thinks it, and on which day."""

    known: Known
    source: str
    on: date
    words: str

    def text(self) -> str:
        """Return the statement as its reader gets it, its mark before its words.

        >>> from datetime import date
        >>> print(Statement(
        ...     known=Known.TOLD, source="his teacher", on=date(2026, 3, 9), words="He left early."
        ... ).text())
        [Told by his teacher, 9 March 2026] He left early.
        """
        return f"[{_MARKS[self.known]} {self.source}, {spelled_day(self.on)}] {self.words}"

    def document(self) -> dict[str, object]:
        """Return the statement as JSON."""
        return {
            "known": self.known.value,
            "source": self.source,
            "on": self.on.isoformat(),
            "words": self.words,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAnswer:
    """What is said to one question: all, part or nothing of it, and why."""

    field: str
    share: Share
    why: str
    statements: tuple[Statement, ...] = ()

    def text(self) -> str:
        """Return what goes, statement by statement."""
        return "\n".join(statement.text() for statement in self.statements)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """An answer: whether anything is held, of whom, and field by field what is said.

    `why` says why it cannot be said whether anything is held. `person` is who is held, by name and
    birthday, `rung` that the asker was rung because these differ and it is the same person all the
    same. `questions` answer what the rules ask of whoever shares.
    """

    held: Held
    why: str = ""
    person: Mapping[str, str]
    rung: bool = False
    fields: tuple[FieldAnswer, ...] = ()
    questions: Mapping[str, object]
    confirmed: frozenset[str] = frozenset()

    @property
    def shared(self) -> tuple[FieldAnswer, ...]:
        """The fields of which something goes."""
        return tuple(one for one in self.fields if one.share is not Share.NO)


class OtherPersonError(BrokerError):
    """Raised where what a body holds names another person than the request does."""

    def __init__(self, telephone: str) -> None:
        """Say whom to ring first; no name is repeated."""
        super().__init__(
            "What you hold and what they ask about differ in name or birthday, so nothing was "
            f"sent. Ring {telephone}, the directory's number, before you answer. If it is the "
            "same person all the same, say that you rang; if not, answer that you hold nothing."
        )


def answer_faults(given: GivenAnswer, asked: tuple[str, ...], today: date) -> Iterator[Fault]:
    """Yield what an answer lacks: every question has its answer, every answer its reason."""
    if given.held is Held.CANNOT_SAY and not given.why.strip():
        yield Fault(place="why", problem="is missing; say why you cannot say")
    if given.held is Held.YES:
        yield from _answers_faults(given, asked, today)
    elif given.fields:
        yield Fault(place="fields", problem="must be empty where you hold nothing or cannot say")


def _answers_faults(given: GivenAnswer, asked: tuple[str, ...], today: date) -> Iterator[Fault]:
    said = [one.field for one in given.fields]
    for field in asked:
        if field not in said:
            problem = f"has no answer for {field}; share it, share part or say why not"
            yield Fault(place="fields", problem=problem)
    for number, one in enumerate(given.fields):
        here = f"fields[{number}]"
        if one.field not in asked:
            yield Fault(place=f"{here}.field", problem="was not asked for")
        if said.count(one.field) > 1:
            yield Fault(place=f"{here}.field", problem="is answered twice")
        yield from _field_faults(here, one, today)
    if given.shared and not given.person.get(NAME, "").strip():
        yield Fault(place=f"person.{NAME}", problem="is missing; say whom you hold")


def _field_faults(here: str, one: FieldAnswer, today: date) -> Iterator[Fault]:
    if not one.why.strip():
        yield Fault(place=f"{here}.why", problem="is missing; say why")
    if one.share is Share.NO:
        if one.statements:
            yield Fault(place=f"{here}.statements", problem="must be empty where nothing goes")
        return
    if not one.statements:
        yield Fault(place=f"{here}.statements", problem="is empty; say what you share")
    for number, statement in enumerate(one.statements):
        place = f"{here}.statements[{number}]"
        if not statement.words.strip():
            yield Fault(place=f"{place}.words", problem="is empty")
        if not statement.source.strip():
            problem = "is missing; say whose it is by role, not by name"
            yield Fault(place=f"{place}.source", problem=problem)
        if statement.on > today:
            yield Fault(place=f"{place}.on", problem="is in the future")


def is_same_person(held: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """Say whether what is held names the person of a request: every word of the name, the day.

    Accents, capitals and the order of the words do not matter. A day that was not asked by is not
    compared.

    >>> asked = {"individual.name": "Siân O'Neill", "individual.date_of_birth": "2009-01-02"}
    >>> is_same_person({**asked, "individual.name": "ONeill, Sian"}, asked)
    True
    >>> is_same_person({**asked, "individual.date_of_birth": "2009-02-01"}, asked)
    False
    """
    born = asked.get(BIRTHDAY)
    return _words(held.get(NAME, "")) == _words(asked.get(NAME, "")) and (
        born is None or held.get(BIRTHDAY) == born
    )


def _words(name: str) -> list[str]:
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", name.casefold())
        if not unicodedata.combining(letter) and letter not in _WITHIN_WORDS
    )
    return sorted("".join(sign if sign.isalnum() else " " for sign in plain).split())

"""Reading a posted page: every fault named at its part, and nothing typed is lost.

Parts of one answer have names of their own: `first-day`, `first-month`, `first-year`. Blank is
empty, and text that only looks blank is blank.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from broker.intake.question_checks import holds_no_word, says_nothing
from broker.packs.visible import never_text
from broker.web.journeys.answers import Answered, Answers, Circumstances, Value
from broker.web.journeys.shapes import Days, Kind, Page, Problem, Question

Posted = Mapping[str, Sequence[str]]
"""A form as it came: the values of each name, in their order."""

DATE_PARTS = ("day", "month", "year")
_LENGTH_OF_A_YEAR = 4
_MOST_DIGITS = 9
_AGES = {"from": "Youngest age", "to": "Oldest age"}
_TIME = re.compile(r"([0-9]{1,2})[:.]?([0-9]{2})", re.ASCII)
_MONTHS = tuple(f"{date(2000, month, 1):%B}".casefold() for month in range(1, 13))
_SHORTEST_MONTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a posted page said: answers that could be read, what is wrong, and all that was typed.

    `typed` is shown again beside the faults; `answers` may be kept only where there are none.
    """

    answers: Mapping[str, Value]
    problems: tuple[Problem, ...]
    typed: Mapping[str, tuple[str, ...]]


def read_page(
    page: Page,
    posted: Posted,
    answers: Answers,
    known: Circumstances,
    *,
    to_go_on: bool = True,
) -> Reading:
    """Read what was posted to a page, as it reads for the answers before it.

    Who only saves, to come back later, may leave out what must be answered to go on.
    """
    typed = {name: tuple(values) for name, values in posted.items()}
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for question in page.questions:
        value, problem = _Part(question, posted, known.today).read()
        values[question.id] = value
        if problem is not None:
            problems.append(problem)
    answered = Answered({**answers, page.id: values}, known)
    faulty = {problem.question for problem in problems}
    for question in page.questions:
        if question.id not in faulty:
            problems.extend(_against_the_rest(question, page, answered, to_go_on=to_go_on))
    if not problems and to_go_on:
        problems.extend(problem for check in page.checks for problem in check(answered))
    order = {question.id: number for number, question in enumerate(page.questions)}
    problems.sort(key=lambda problem: order.get(problem.question, len(order)))
    return Reading(answers=values, problems=tuple(problems), typed=typed)


def first_of(posted: Posted, name: str) -> str:
    """Return what stands first in a field of a form, nothing where it has none."""
    return next(iter(posted.get(name, ())), "")


def looks_blank(text: str) -> bool:
    """Say whether nobody could see anything in a text: spaces, and signs of no width or ink."""
    return all(_has_no_ink(character) for character in text)


# Letters of other scripts that are drawn as nothing (Hangul fillers, the blank of Braille).
_NO_INK = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def _has_no_ink(character: str) -> bool:
    is_outline = unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me"}
    return is_outline or character in _NO_INK


def tidy(text: str) -> str:
    """Return a text in composed form with line feeds, empty where it only looks blank."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "" if looks_blank(composed) else composed.strip()


class _Part:
    """Reads the answer to one question."""

    def __init__(self, question: Question, posted: Posted, today: date) -> None:
        self._question = question
        self._posted = posted
        self._today = today
        self._label = question.label or "Your answer"

    def read(self) -> tuple[Value, Problem | None]:
        """Return the answer, None where there is none, and what is wrong with it."""
        readers = {
            Kind.RADIOS: self._choice,
            Kind.CHECKBOXES: self._choices,
            Kind.LINE: self._text,
            Kind.TEXT: self._text,
            Kind.FILE: self._text,
            Kind.DATE: self._date,
            Kind.NUMBER: self._number,
            Kind.TIME: self._time,
        }
        return readers[self._question.kind]()

    def _values(self, part: str = "") -> list[str]:
        name = f"{self._question.id}-{part}" if part else self._question.id
        return [text for value in self._posted.get(name, ()) if (text := tidy(value))]

    def _one(self, part: str = "") -> str:
        return next(iter(self._values(part)), "")

    def _wrong(self, message: str, part: str = "") -> Problem:
        return Problem(question=self._question.id, message=message, part=part)

    def _choice(self) -> tuple[Value, Problem | None]:
        chosen = self._one()
        if chosen and chosen not in {option.code for option in self._question.options}:
            return None, self._wrong(f"{self._label} must be one of the answers shown")
        return chosen or None, None

    def _choices(self) -> tuple[Value, Problem | None]:
        chosen = list(dict.fromkeys(self._values()))
        if not {option.code for option in self._question.options}.issuperset(chosen):
            return None, self._wrong(f"{self._label} must be among the answers shown")
        return chosen or None, None

    def _text(self) -> tuple[Value, Problem | None]:
        text = self._one()
        limit = self._question.limit
        if limit and len(text) > limit:
            message = f"{self._label} must be {limit:,} characters or less"
            return text, self._wrong(message)
        if never_text(text) is not None:
            message = f"{self._label} holds a sign that cannot be shown. Type the words again"
            return text, self._wrong(message)
        if self._question.kind is Kind.LINE and "\n" in text:
            return text, self._wrong(f"{self._label} must be on one line")
        if text and (holds_no_word(text) or (self._question.facts and says_nothing(text))):
            return text, self._wrong(f"{self._label} must be said in words, or left empty")
        return text or None, None

    def _number(self) -> tuple[Value, Problem | None]:
        text = self._one()
        if not text:
            return None, None
        most = self._question.limit
        within = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
        if not within or int(text) > most:
            name = _AGES.get(self._question.id, self._label)
            return None, self._wrong(f"{name} must be 0 to {most:,}")
        return int(text), None

    def _time(self) -> tuple[Value, Problem | None]:
        text = self._one()
        if not text:
            return None, None
        written = _TIME.fullmatch(text)
        hour, minute = map(int, written.groups()) if written else (24, 0)
        if hour > 23 or minute > 59:  # noqa: PLR2004 - the last hour and minute of a day
            return None, self._wrong(f"{self._label} must be a time, such as 09:45")
        return f"{hour:02}:{minute:02}", None

    def _date(self) -> tuple[Value, Problem | None]:
        parts = {part: self._one(part) for part in DATE_PARTS}
        if not any(parts.values()):
            return None, None
        absent = [part for part in DATE_PARTS if not parts[part]]
        if absent:
            wanted = " and ".join(f"a {part}" for part in absent)
            return None, self._wrong(f"{self._label} must include {wanted}", absent[0])
        if len(parts["year"]) != _LENGTH_OF_A_YEAR:
            return None, self._wrong(f"{self._label} must have a year of 4 figures", "year")
        day = _calendar_day(parts)
        if day is None:
            return None, self._wrong(f"{self._label} must be a real date", "day")
        return day.isoformat(), self._out_of_range(day)

    def _out_of_range(self, day: date) -> Problem | None:
        match self._question.days:
            case Days.TO_TODAY if day > self._today:
                return self._wrong(f"{self._label} must be today or in the past", "day")
            case Days.FROM_TODAY if day < self._today:
                return self._wrong(f"{self._label} must be today or later", "day")
            case _:
                return None


def _calendar_day(parts: Mapping[str, str]) -> date | None:
    month = parts["month"]
    named = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(month.casefold())]
    if named and len(month) >= _SHORTEST_MONTH:
        month = str(named[0])
    figures = (parts["year"], month, parts["day"])
    if not all(figure.isascii() and figure.isdigit() for figure in figures):
        return None
    try:
        return date(*map(int, figures))
    except (ValueError, OverflowError):
        return None


def _against_the_rest(
    question: Question, page: Page, answered: Answered, *, to_go_on: bool
) -> tuple[Problem, ...]:
    """Return what is wrong with an answer beside the others: missing, or before the birth."""
    value = answered.value(page.id, question.id)
    if value is None:
        if to_go_on and question.must(answered):
            return (Problem(question=question.id, message=question.missing),)
        return ()
    born = answered.day("age", "dob")
    day = answered.day(page.id, question.id) if question.kind is Kind.DATE else None
    if question.not_before_birth and born is not None and day is not None and day < born:
        message = f"{question.label} must be after the date of birth"
        return (Problem(question=question.id, message=message, part="day"),)
    return ()

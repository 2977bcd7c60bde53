"""What is typed on the pages of breach records, into what it means or what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from broker.disclosures.breaches.opening import Noticed
from broker.domain.breaches.record import CHOICES, TAKES_A_MOMENT, Breach, Cause, Kind, Said, Step
from broker.domain.grounds import is_a_reason
from broker.domain.references import Reference
from broker.domain.times import uk_time, written_moment
from broker.web.forms.days import day_in, day_problem, day_typed, typed_of_day
from broker.web.forms.problems import Problem

LONGEST = 4_000
_TOO_SHORT = "Write it out, so that somebody who was not there understands it"

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepForm:
    """What was typed for a step: what it means, None while something is wrong with it."""

    said: Said | None
    problems: tuple[Problem, ...]


def typed_now(now: datetime) -> dict[str, str]:
    """Return a moment as it stands in the fields of a day and a time."""
    here = uk_time(now)
    return {**typed_of_day("on", here.date()), "time": f"{here:%H:%M}"}


def moment_typed(form: Form) -> dict[str, str]:
    """Return what was typed in the fields of a day and a time."""
    return {**day_typed(form, "on"), "time": form.get("time", "").strip()}


def step_typed(form: Form, step: Step, breach: Breach, now: datetime) -> StepForm:
    """Return what was typed for a step of a record."""
    choice, words, late = (form.get(name, "").strip() for name in ("choice", "words", "late"))
    problems: list[Problem] = []
    if step in CHOICES and choice not in CHOICES[step]:
        problems.append(Problem(field="choice", message="Select an answer"))
    at = _moment(form, now, problems) if step in TAKES_A_MOMENT else None
    _check_words("words", words, problems)
    if step is Step.REGULATOR and at is not None and breach.is_late_report(at):
        _check_words("late", late, problems)
    said = Said(step=step, choice=choice or None, at=at, words=words, late=late)
    return StepForm(said=None if problems else said, problems=tuple(problems))


def noticed_typed(form: Form, about: Reference | None) -> tuple[Noticed | None, list[Problem]]:
    """Return what somebody noticed, None while something is wrong with what was typed."""
    kind, cause, words = (form.get(name, "").strip() for name in ("kind", "cause", "words"))
    problems: list[Problem] = []
    if kind not in set(Kind):
        problems.append(Problem(field="kind", message="Select whether anything was lost"))
    if cause not in set(Cause):
        problems.append(Problem(field="cause", message="Select what happened"))
    _check_words("words", words, problems)
    if problems:
        return None, problems
    return Noticed(kind=Kind(kind), cause=Cause(cause), words=words, about=about), []


def _moment(form: Form, now: datetime, problems: list[Problem]) -> datetime | None:
    typed = moment_typed(form)
    day, wrong = day_in(typed, "on"), day_problem(typed, "on", "When it was")
    at = None if day is None else written_moment(day, typed["time"])
    if day is None:
        missing = Problem(field="on-day", message="Enter the day, such as 27 3 2027")
        problems.append(wrong or missing)
    elif at is None:
        problems.append(Problem(field="time", message="Enter the time, such as 14:30"))
    elif at > now:
        problems.append(Problem(field="on-day", message="That moment has not come yet"))
    return at


def _check_words(field: str, words: str, problems: list[Problem]) -> None:
    if len(words) > LONGEST:
        message = f"This must be {LONGEST:,} characters or less"
        problems.append(Problem(field=field, message=message))
    elif not is_a_reason(words):
        problems.append(Problem(field=field, message=_TOO_SHORT))

"""What form, questions and attachments of a pack must satisfy beyond their shape."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from audit.format.plurals import counted
from broker.domain.errors import Fault
from broker.domain.form import FIELD_BY_ID, LIMITS, Kind
from broker.domain.json_values import is_array, is_object
from broker.domain.times import written_day
from broker.intake.near_names import NearNames, looks_like_a_field
from broker.intake.question_checks import (
    NOT_WRITTEN,
    holds_no_word,
    question_faults,
    says_nothing,
)
from policies import FIELDS, Vocabulary

OLDEST = 110
"""A birthday further back, in years, is a slip of the pen."""

_LISTED = 20
_BIRTHDAY = "individual.date_of_birth"
_NOT_TO_COME = (_BIRTHDAY, "dates.noticed")
_NHS_NUMBER = re.compile(r"(\d{3})[ -]?(\d{3})[ -]?(\d{4})", re.ASCII)


def pack_faults(
    document: Mapping[str, object], vocabulary: Vocabulary, today: date
) -> Iterable[Fault]:
    """Yield every fault that the shape does not show; parts of another shape are passed over.

    `today` is the day in the United Kingdom. The work is bounded, however much is misspelt.
    """
    near = NearNames()
    form, questions = document.get("form"), document.get("questions")
    if is_object(form):
        yield from _form_faults(form, today, near)
    if is_object(questions):
        yield from question_faults(questions, vocabulary, near)
        yield from _day_faults(questions, today)
    if is_object(form) and is_object(questions):
        yield from _birthday_faults(form, questions)
    again = document.get("again")
    if isinstance(again, str) and again and says_nothing(again):
        yield Fault(place="again", problem=NOT_WRITTEN)
    attachments = document.get("attachments")
    if is_array(attachments):
        yield from _attachment_faults(attachments, near)


def _form_faults(form: Mapping[str, object], today: date, near: NearNames) -> Iterator[Fault]:
    if not form:
        yield Fault(place="form", problem="is empty; fill in at least one field")
    strangers = 0
    for position, (name, value) in enumerate(form.items(), start=1):
        field = FIELD_BY_ID.get(name)
        if field is None:
            strangers += 1
            if strangers <= _LISTED:
                yield _stranger(name, position, near)
        elif isinstance(value, str):
            problem = _problem_with(value, field.kind) or _misfit(name, value, today)
            if problem is not None:
                yield Fault(place=f"form.{name}", problem=problem)
    if strangers > _LISTED:
        more = f"has {counted(strangers - _LISTED, 'more field')} outside the form"
        yield Fault(place="form", problem=more)


def _stranger(name: str, position: int, near: NearNames) -> Fault:
    """Name a field that the form does not have: by its name if that is spelt as ours are."""
    meant = near.field(name)
    hint = "; docs/formats/pack.md lists them" if meant is None else f"; the nearest is {meant}"
    if looks_like_a_field(name):
        return Fault(place=f"form.{name}", problem=f"is not a field of the form{hint}")
    problem = f"has a field that is not in the form, the {position}. of them{hint}"
    return Fault(place="form", problem=problem)


def _problem_with(value: str, kind: Kind) -> str | None:
    if not value.strip():
        return "is empty; leave the field out instead"
    if holds_no_word(value):
        return "holds marks and no word; write it out, or leave the field out"
    if len(value) > LIMITS[kind]:
        return f"is longer than {LIMITS[kind]:,} characters"
    if kind is Kind.DATE and written_day(value) is None:
        return "must be a day in the calendar such as 2009-03-14"
    if kind is Kind.LINE and ("\n" in value or "\r" in value):
        return "must stand on one line"
    return None


def _misfit(field: str, value: str, today: date) -> str | None:
    day = written_day(value) if field in _NOT_TO_COME else None
    if day is not None and day > today:
        return "lies in the future; look at the year"
    if field == _BIRTHDAY and day is not None and _is_too_long_ago(day, today):
        return _TOO_OLD
    if field == "individual.nhs_number" and not _fits(value):
        return "is not an NHS number: its last digit does not fit the others; read it once more"
    return None


_TOO_OLD = f"is more than {OLDEST} years ago; look at the year"


def _fits(value: str) -> bool:
    """Say whether a number written as an NHS number has the check digit of one (modulus 11)."""
    written = _NHS_NUMBER.fullmatch(value.strip())
    if written is None:
        return True
    *digits, check = map(int, "".join(written.groups()))
    total = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True))
    return -total % 11 == check


def _is_too_long_ago(day: date, today: date) -> bool:
    return (today.year - day.year, today.month, today.day) > (OLDEST, day.month, day.day)


def _day_faults(questions: Mapping[str, object], today: date) -> Iterator[Fault]:
    for place in ("subject.date_of_birth", "concern.observed_on"):
        day = _answered_day(questions, place)
        if day is not None and day > today:
            problem = "lies in the future; look at the year"
            yield Fault(place=f"questions.{place}", problem=problem)
    born = _answered_day(questions, "subject.date_of_birth")
    if born is not None and _is_too_long_ago(born, today):
        yield Fault(place="questions.subject.date_of_birth", problem=_TOO_OLD)
    tell_by = _answered_day(questions, "told.tell_by")
    if tell_by is not None and tell_by < today:
        problem = "is over; give a day to come on which to tell them or to look at it again"
        yield Fault(place="questions.told.tell_by", problem=problem)


def _answered_day(questions: Mapping[str, object], place: str) -> date | None:
    group, _, name = place.partition(".")
    members = questions.get(group)
    value = members.get(name) if is_object(members) else None
    return written_day(value) if isinstance(value, str) else None


def _birthday_faults(
    form: Mapping[str, object], questions: Mapping[str, object]
) -> Iterator[Fault]:
    subject = questions.get("subject")
    written = form.get(_BIRTHDAY)
    differs = is_object(subject) and subject.get("date_of_birth") != written
    if differs and written is not None:
        yield Fault(
            place="questions.subject.date_of_birth",
            problem="differs from form.individual.date_of_birth; make them the same",
        )


def _attachment_faults(attachments: list[object], near: NearNames) -> Iterator[Fault]:
    for index, note in enumerate(attachments):
        if not is_object(note):
            continue
        carries, why = note.get("carries"), note.get("why")
        for name in carries if is_array(carries) else ():
            if isinstance(name, str) and name not in FIELDS:
                meant = near.field(name)
                hint = "" if meant is None else f"; the nearest is {meant}"
                yield Fault(
                    place=f"attachments[{index}].carries",
                    problem=f"names a field that is not in the contract{hint}",
                )
        if isinstance(why, str) and why and says_nothing(why):
            yield Fault(place=f"attachments[{index}].why", problem=NOT_WRITTEN)

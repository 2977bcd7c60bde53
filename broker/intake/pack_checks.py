"""What form, questions and attachments of a pack must satisfy beyond their shape."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches

from broker.domain.errors import Fault
from broker.domain.facts import ANSWERED_BY_PEOPLE
from broker.domain.form import FIELD_BY_ID, LIMITS, Kind
from broker.domain.json_values import is_array, is_object
from broker.domain.obligations import CONFIRMED_BY_THE_SENDER
from policies import FIELDS, Vocabulary, faults_in_subset


def pack_faults(document: Mapping[str, object], vocabulary: Vocabulary) -> Iterable[Fault]:
    """Yield every fault that the shape does not show; parts of another shape are passed over."""
    form, questions = document.get("form"), document.get("questions")
    if is_object(form):
        yield from _form_faults(form)
    if is_object(questions):
        yield from _question_faults(questions, vocabulary)
    if is_object(form) and is_object(questions):
        yield from _birthday_faults(form, questions)
    attachments = document.get("attachments")
    if is_array(attachments):
        yield from _attachment_faults(attachments)


def _form_faults(form: Mapping[str, object]) -> Iterable[Fault]:
    if not form:
        yield Fault(place="form", problem="is empty; fill in at least one field")
    for name, value in form.items():
        field = FIELD_BY_ID.get(name)
        if field is None:
            yield Fault(place="form", problem=f"has a field that is not in the form{_near(name)}")
        elif isinstance(value, str) and (problem := _problem_with(value, field.kind)):
            yield Fault(place=f"form.{name}", problem=problem)


def _problem_with(value: str, kind: Kind) -> str | None:
    if not value.strip():
        return "is empty; leave the field out instead"
    if len(value) > LIMITS[kind]:
        return f"is longer than {LIMITS[kind]:,} characters"
    if kind is Kind.DATE and not _is_day(value):
        return "must be a day such as 2009-03-14"
    if kind is Kind.LINE and ("\n" in value or "\r" in value):
        return "must stand on one line"
    return None


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _question_faults(questions: Mapping[str, object], vocabulary: Vocabulary) -> Iterable[Fault]:
    judged = {name: value for name, value in questions.items() if name != "confirmed"}
    for fault in faults_in_subset(judged, vocabulary, under=ANSWERED_BY_PEOPLE):
        hint = "" if fault.nearest is None else f" Did you mean {fault.nearest}?"
        yield Fault(place=f"questions.{fault.place}", problem=f"{fault.say}{hint}")
    confirmed = questions.get("confirmed", [])
    if not is_array(confirmed) or not set(map(str, confirmed)) <= set(CONFIRMED_BY_THE_SENDER):
        known = ", ".join(sorted(CONFIRMED_BY_THE_SENDER))
        yield Fault(place="questions.confirmed", problem=f"must be a list; it may hold: {known}")


def _birthday_faults(
    form: Mapping[str, object], questions: Mapping[str, object]
) -> Iterable[Fault]:
    subject = questions.get("subject")
    written = form.get("individual.date_of_birth")
    differs = is_object(subject) and subject.get("date_of_birth") != written
    if differs and written is not None:
        yield Fault(
            place="questions.subject.date_of_birth",
            problem="differs from form.individual.date_of_birth; make them the same",
        )


def _attachment_faults(attachments: list[object]) -> Iterable[Fault]:
    for index, note in enumerate(attachments):
        carries = note.get("carries") if is_object(note) else None
        for name in carries if is_array(carries) else ():
            if isinstance(name, str) and name not in FIELDS:
                yield Fault(
                    place=f"attachments[{index}].carries",
                    problem=f"names a field that is not in the contract{_near(name)}",
                )


def _near(name: str) -> str:
    close = get_close_matches(name, FIELDS, n=1)
    return f"; the nearest is {close[0]}" if close else ""

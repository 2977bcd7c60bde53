"""A question of a journey, and what was typed, into the parameters of one macro: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from broker.web.forms import problems as faults
from broker.web.journeys.answers import Value
from broker.web.journeys.reading import DATE_PARTS, first_of
from broker.web.journeys.shapes import LINE_LIMIT, Kind, Page, Question
from broker.web.journeys.shapes import Problem as JourneyProblem

Typed = Mapping[str, Sequence[str]]
"""What stands in the fields of a page: the values of each name, as a browser sends them."""

Params = dict[str, object]

_WIDTHS = {"day": "2", "month": "2", "year": "4"}
_LONG = 1_000
_HEADING = {"isPageHeading": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a page: the macro that draws it, and its parameters."""

    macro: str
    params: Params


def fields_of(page: Page, typed: Typed, wrong: Sequence[JourneyProblem]) -> tuple[Field, ...]:
    """Return the fields of a page in their order, filled with what was typed."""
    heads = title_is_asked_by(page)
    return tuple(
        _field(
            question,
            page,
            typed,
            [one for one in wrong if one.question == question.id],
            is_heading=question is heads,
        )
        for question in page.questions
    )


def title_is_asked_by(page: Page) -> Question | None:
    """Return the question whose label is the heading of the page, None where it stands apart."""
    words_come_first = page.lead_in or page.insets or page.paragraphs
    if words_come_first or not page.questions or page.questions[0].label:
        return None
    return page.questions[0]


def problems_of(page: Page, wrong: Sequence[JourneyProblem]) -> tuple[faults.Problem, ...]:
    """Return what is wrong with a page, each with the id of the field that its link leads to."""
    dates = {question.id for question in page.questions if question.kind is Kind.DATE}
    return tuple(
        faults.Problem(
            field=f"{one.question}-{one.part or 'day'}" if one.question in dates else one.question,
            message=one.message,
        )
        for one in wrong
    )


def typed_of(
    page: Page, answers: Mapping[str, Value], *, is_answered: bool
) -> dict[str, list[str]]:
    """Return answers as they stand in the fields; before the first time, what is filled in."""
    typed: dict[str, list[str]] = {}
    for question in page.questions:
        value = answers.get(question.id)
        if value is None and not is_answered and question.prefilled:
            value = question.prefilled
        if question.kind is Kind.DATE and isinstance(value, str):
            day = date.fromisoformat(value)
            for part in DATE_PARTS:
                typed[f"{question.id}-{part}"] = [str(getattr(day, part))]
        elif isinstance(value, list):
            typed[question.id] = [*value]
        elif value is not None:
            typed[question.id] = [str(value)]
    return typed


def _field(
    question: Question,
    page: Page,
    typed: Typed,
    wrong: Sequence[JourneyProblem],
    *,
    is_heading: bool,
) -> Field:
    values = [*typed.get(question.id, ())]
    common: Params = {"errorMessage": {"text": wrong[0].message} if wrong else None}
    if question.hint:
        common["hint"] = {"text": question.hint}
    label = question.label or page.title
    match question.kind:
        case Kind.RADIOS | Kind.CHECKBOXES:
            is_one = question.kind is Kind.RADIOS
            return Field(
                macro="radios" if is_one else "checkboxes",
                params={
                    **common,
                    "name": question.id,
                    "idPrefix": question.id,
                    "items": _items(question, values),
                    "fieldset": _fieldset(label, question, is_heading=is_heading),
                },
            )
        case Kind.DATE:
            return Field(
                macro="date",
                params={
                    **common,
                    "id": question.id,
                    "namePrefix": question.id,
                    "items": _parts(question, typed, wrong),
                    "fieldset": _fieldset(label, question, is_heading=is_heading),
                },
            )
        case Kind.TEXT | Kind.LINE | Kind.NUMBER | Kind.TIME | Kind.FILE:
            named = {
                **common,
                "id": question.id,
                "name": question.id,
                "value": values[0] if values else "",
                "label": _label(label, is_heading=is_heading, is_apart=not question.label),
            }
            return _text_field(question, named)


def _text_field(question: Question, named: Params) -> Field:
    match question.kind:
        case Kind.TEXT if question.limit >= _LONG:
            counted = {**named, "maxlength": str(question.limit), "threshold": "75"}
            return Field(macro="counted", params={**counted, "rows": "6", "spellcheck": True})
        case Kind.TEXT:
            return Field(macro="text", params={**named, "rows": "4", "spellcheck": True})
        case Kind.FILE:
            return Field(macro="file", params={k: v for k, v in named.items() if k != "value"})
        case Kind.NUMBER:
            narrow = {"inputmode": "numeric", "classes": "govuk-input--width-3"}
            return Field(macro="line", params={**named, **narrow, "spellcheck": False})
        case Kind.TIME:
            return Field(macro="line", params={**named, "classes": "govuk-input--width-5"})
        case _:
            wide = question.limit == 0 or question.limit >= LINE_LIMIT
            width = "" if wide else "govuk-input--width-20"
            return Field(macro="line", params={**named, "classes": width, "autocomplete": "off"})


def _items(question: Question, chosen: Sequence[str]) -> list[Params]:
    items: list[Params] = []
    for number, option in enumerate(question.options):
        if option.heading:
            items.append({"divider": option.heading})
        item: Params = {
            "value": option.code,
            "text": option.label,
            "checked": option.code in chosen,
        }
        if number == 0 and option.heading:
            # Where a fault's link leads; the macro counts the heading, so this were the second.
            item["id"] = question.id
        if option.hint:
            item["hint"] = {"text": option.hint}
        items.append(item)
    return items


def _parts(question: Question, typed: Typed, wrong: Sequence[JourneyProblem]) -> list[Params]:
    bad = {one.part for one in wrong}
    return [
        {
            "name": part,
            "label": part.capitalize(),
            "value": first_of(typed, f"{question.id}-{part}"),
            "classes": f"govuk-input--width-{_WIDTHS[part]}"
            + (" govuk-input--error" if bad & {part, ""} else ""),
        }
        for part in DATE_PARTS
    ]


def _fieldset(label: str, question: Question, *, is_heading: bool) -> Params:
    size = "l" if is_heading else "s"
    legend: Params = {"text": label, "classes": f"govuk-fieldset__legend--{size}"}
    if is_heading:
        legend |= _HEADING
    elif not question.label:
        # The heading of the page asks already; who hears the page hears it with the choices.
        legend["classes"] = "govuk-visually-hidden"
    return {"legend": legend}


def _label(label: str, *, is_heading: bool, is_apart: bool) -> Params:
    if is_heading:
        return {"text": label, "classes": "govuk-label--l", **_HEADING}
    return {"text": label, "classes": "govuk-visually-hidden" if is_apart else "govuk-label--s"}

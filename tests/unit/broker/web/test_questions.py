"""Every question of a journey becomes a field that a browser can show and send."""

from datetime import date

import pytest

from broker.web.forms.questions import fields_of, problems_of, title_is_asked_by, typed_of
from broker.web.journeys.order import BY_ID
from broker.web.journeys.shapes import Days, Kind, Option, Page, Problem, Question

PAGES = [pytest.param(page, id=page.id) for page in BY_ID.values()]
A_DAY = Question(id="first", kind=Kind.DATE, label="The day", days=Days.TO_TODAY)
CHOICES = Question(
    id="choice",
    kind=Kind.RADIOS,
    options=(
        Option(code="a", label="A", hint="the first"),
        Option(code="b", label="B", heading="Or"),
    ),
)


def a_page(*questions: Question, lead_in: str = "") -> Page:
    return Page(id="page", title="A title?", questions=questions, lead_in=lead_in)


@pytest.mark.parametrize("page", PAGES)
def test_no_question_bears_a_name_that_the_pages_use_themselves(page: Page) -> None:
    assert [question.id for question in page.questions if question.id.startswith("_")] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_becomes_one_field_a_question(page: Page) -> None:
    fields = fields_of(page, {}, ())

    assert len(fields) == len(page.questions)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(a_page(CHOICES), id="alone"),
        pytest.param(a_page(CHOICES, A_DAY), id="before another"),
    ],
)
def test_a_first_question_without_a_label_is_asked_by_the_heading(page: Page) -> None:
    field, *_ = fields_of(page, {}, ())

    assert field.params["fieldset"] == {
        "legend": {
            "text": "A title?",
            "classes": "govuk-fieldset__legend--l",
            "isPageHeading": True,
        }
    }


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(a_page(), id="no question"),
        pytest.param(a_page(CHOICES, lead_in="First read this."), id="words before it"),
        pytest.param(a_page(A_DAY), id="a label of its own"),
    ],
)
def test_else_the_heading_stands_apart(page: Page) -> None:
    assert title_is_asked_by(page) is None


def test_choices_keep_their_order_and_what_was_chosen() -> None:
    (field,) = fields_of(a_page(CHOICES), {"choice": ["b"]}, ())

    assert field.params["items"] == [
        {"value": "a", "text": "A", "checked": False, "hint": {"text": "the first"}},
        {"divider": "Or"},
        {"value": "b", "text": "B", "checked": True},
    ]


@pytest.mark.parametrize(
    ("part", "link", "marked"),
    [
        pytest.param("year", "first-year", [False, False, True], id="one part"),
        pytest.param("", "first-day", [True, True, True], id="the whole"),
    ],
)
def test_the_bad_part_of_a_day_is_marked_and_linked(
    part: str, link: str, marked: list[bool]
) -> None:
    page, wrong = a_page(A_DAY), (Problem(question="first", message="Bad", part=part),)

    (field,) = fields_of(page, {}, wrong)

    assert [one.field for one in problems_of(page, wrong)] == [link]
    assert field.params["errorMessage"] == {"text": "Bad"}
    items = field.params["items"]
    assert isinstance(items, list)
    assert ["govuk-input--error" in item["classes"] for item in items] == marked


@pytest.mark.parametrize(
    ("question", "value", "typed"),
    [
        pytest.param(A_DAY, "2026-03-09", ["9", "3", "2026"], id="a day in parts"),
        pytest.param(CHOICES, "a", ["a"], id="a choice"),
        pytest.param(Question(id="n", kind=Kind.NUMBER), 0, ["0"], id="nought"),
        pytest.param(Question(id="n", kind=Kind.CHECKBOXES), ["a", "b"], ["a", "b"], id="several"),
        pytest.param(Question(id="n", kind=Kind.TEXT), None, [], id="nothing"),
    ],
)
def test_an_answer_stands_in_its_fields_as_it_was_typed(
    question: Question, value: str | int | list[str] | None, typed: list[str]
) -> None:
    found = typed_of(a_page(question), {question.id: value}, is_answered=True)

    assert [one for values in found.values() for one in values] == typed


def test_what_is_filled_in_beforehand_stands_there_the_first_time_alone() -> None:
    page = a_page(Question(id="ask", kind=Kind.LINE, prefilled="Find them"))

    assert typed_of(page, {}, is_answered=False) == {"ask": ["Find them"]}
    assert typed_of(page, {}, is_answered=True) == {}


def test_a_day_of_one_figure_has_no_nought_before_it() -> None:
    typed = typed_of(a_page(A_DAY), {"first": date(2026, 1, 2).isoformat()}, is_answered=True)

    assert typed == {"first-day": ["2"], "first-month": ["1"], "first-year": ["2026"]}

"""A Guardian hands their list to a deputy for named days."""

from datetime import date

from flask import Response, request

from broker.domain.errors import FaultyDocumentError
from broker.web import access
from broker.web.forms.questions import fields_of, problems_of
from broker.web.journeys.reading import Reading
from broker.web.journeys.shapes import Page, Problem
from broker.web.menu import GUARDIANS
from broker.web.reviewing.pages import cover_page
from broker.web.site import see_other
from broker.web.views.answers import show
from broker.web.views.hiding import hidden_with_words
from broker.web.views.reviews.blueprint import guardian, name_of, reviews, services
from broker.web.views.reviews.steps import action_of, read_posted
from broker.web.views.step_up import spend_code
from keys import PersonId


@reviews.route("/reviews/cover", methods=["GET", "POST"])
@access.requires(*GUARDIANS)
def cover() -> Response:
    """Ask for a deputy and the days; setting them takes a code of this moment."""
    if request.method == "POST" and action_of() != "continue":
        return hidden_with_words() if action_of() == "hide" else see_other("/reviews")
    deputies = [
        (str(one), name_of(one)) for one in services().advising.covers.deputies(guardian())
    ]
    page = cover_page(deputies)
    if request.method == "GET":
        return _page(page)
    reading = read_posted(page)
    if reading.problems:
        return _page(page, reading)
    if (to_code := spend_code(back=request.path)) is not None:
        return to_code
    chosen = {name: str(value) for name, value in reading.answers.items()}
    try:
        services().advising.covers.set(
            guardian(),
            PersonId(chosen["deputy"]),
            date.fromisoformat(chosen["first"]),
            date.fromisoformat(chosen["last"]),
        )
    except FaultyDocumentError as error:
        wrong = tuple(
            Problem(question=fault.place, message=f"{_LABELS[fault.place]} {fault.problem}")
            for fault in error.faults
        )
        return _page(page, Reading(answers={}, problems=wrong, typed=reading.typed))
    return see_other("/reviews/cover")


_LABELS = {"deputy": "The deputy", "first": "The first day", "last": "The last day"}


def _page(page: Page, reading: Reading | None = None) -> Response:
    wrong = reading.problems if reading else ()
    return show(
        "reviews/cover.html",
        title=page.title,
        page=page,
        fields=fields_of(page, reading.typed if reading else {}, wrong),
        problems=problems_of(page, wrong),
        has_deputies=bool(page.questions[0].options),
        covers=services().advising.covers.standing(guardian()),
        name_of=name_of,
        record=services().explorer.standings.now(),
        back="/reviews",
        form_id="page",
        go_on=page.go_on,
    )

"""A Guardian asks for advice, and whoever is asked answers; the answer is filed with the case."""

from flask import Response, request

from broker.domain.errors import FaultyDocumentError
from broker.domain.guardians.advice import TITLES, AdviceId, Adviser
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.guardian.before_opening import must_be_open_to_advice
from broker.ledger.readings import Entrance
from broker.web import access
from broker.web.forms.questions import fields_of, problems_of
from broker.web.journeys.reading import Reading
from broker.web.journeys.shapes import Page, Problem
from broker.web.menu import ADVISERS, GUARDIANS
from broker.web.reviewing.notes import Notes
from broker.web.reviewing.pages import ADVISE, advice_answer_page
from broker.web.site import see_other
from broker.web.views.answers import show
from broker.web.views.hiding import hidden_with_words
from broker.web.views.reviews.blueprint import (
    guardian,
    name_of,
    reviews,
    services,
    to_open,
    with_notes,
)
from broker.web.views.reviews.steps import action_of, read_posted, show_step, take_step
from broker.web.visitors import visitor


@reviews.route("/reviews/<reference>/advice", methods=["GET", "POST"])
@access.requires(*GUARDIANS)
@with_notes
def advise(notes: Notes) -> Response:
    """Ask for advice on what waits for a decision."""
    if request.method == "GET":
        must_be_open_to_advice(to_open(notes.reference))
        return show_step(notes, ADVISE)
    return take_step(notes, ADVISE, _ask)


def _ask(notes: Notes) -> Response:
    adviser = Adviser(notes.text(ADVISE.id, "adviser"))
    if adviser is Adviser.POLICE_LEAD and notes.text(ADVISE.id, "guess") == "yes":
        return _refused(notes, "Change your question until they could not guess who it is about")
    question = notes.text(ADVISE.id, "question")
    try:
        services().advising.advices.ask(notes.reference, guardian(), adviser, question)
    except FaultyDocumentError:
        return _refused(
            notes, "Take out every name, day, number and place of the case. They do not need it"
        )
    notes.keep(ADVISE.id, {}, seen=notes.version)
    return see_other("/advised")


def _refused(notes: Notes, message: str) -> Response:
    wrong = (Problem(question="question", message=message),)
    return show_step(notes, ADVISE, reading=Reading(answers={}, problems=wrong, typed={}))


@reviews.get("/advised")
@access.requires(*GUARDIANS, *ADVISERS)
def advice_list() -> Response:
    """List what was asked, the first due first; no words of it."""
    person = visitor().person
    listed = services().advising.advices.listed(person)
    return show(
        "reviews/advice_list.html",
        title="Advice",
        waiting=[one for one in listed if one.answered_on is None],
        answered=[one for one in listed if one.answered_on is not None],
        titles=TITLES,
        today=uk_day(services().clock()),
        is_guardian=person.role is Role.GUARDIAN,
        name_of=name_of,
    )


@reviews.route("/advised/<advice>", methods=["GET", "POST"])
@access.requires(*GUARDIANS, *ADVISERS)
def answer_advice(advice: str) -> Response:
    """Show a question, and file the answer to it."""
    person, id_ = visitor().person, AdviceId(advice)
    if request.method == "POST" and action_of() != "continue":
        return hidden_with_words() if action_of() == "hide" else see_other("/advised")
    found = services().advising.advices.read(id_, person, Entrance.PAGE)
    page = advice_answer_page(found.question)
    if found.advice.answered_on is not None:
        return show(
            "reviews/advice_answered.html",
            title="A Guardian's question, answered",
            found=found,
            by=name_of(found.advice.answered_by or ""),
            back="/advised",
        )
    if request.method == "GET":
        return _question_page(page)
    reading = read_posted(page)
    if reading.problems:
        return _question_page(page, reading)
    services().advising.advices.answer(id_, person, str(reading.answers["answer"]))
    return see_other(f"/advised/{advice}")


def _question_page(page: Page, reading: Reading | None = None) -> Response:
    wrong = reading.problems if reading else ()
    return show(
        "reviews/step.html",
        title=page.title,
        page=page,
        fields=fields_of(page, reading.typed if reading else {}, wrong),
        problems=problems_of(page, wrong),
        heading_in_field=False,
        version=0,
        is_sent_once=True,
        record=services().explorer.standings.now(),
        back="/advised",
        form_id="page",
        go_on=page.go_on,
    )

"""A Guardian asks the sender, and looks back at what was decided."""

from flask import Response, request

from broker.domain.errors import NotAllowedError
from broker.domain.grounds import Grounds, Opinion
from broker.domain.references import parse_reference
from broker.guardian.before_opening import must_be_open_to_a_question
from broker.web import access
from broker.web.journeys.reading import Reading
from broker.web.journeys.shapes import Problem
from broker.web.menu import GUARDIANS
from broker.web.reviewing.notes import Notes, principles_of
from broker.web.reviewing.pages import ASK, LOOK_BACK
from broker.web.site import see_other
from broker.web.views.answers import show
from broker.web.views.reviews.blueprint import (
    guardian,
    reviews,
    services,
    to_open,
    with_notes,
)
from broker.web.views.reviews.steps import show_step, take_step


@reviews.route("/reviews/<reference>/ask", methods=["GET", "POST"])
@access.requires(*GUARDIANS)
@with_notes
def ask(notes: Notes) -> Response:
    """Ask the sender for more before deciding."""
    if request.method == "GET":
        must_be_open_to_a_question(to_open(notes.reference))
        return show_step(notes, ASK)
    return take_step(notes, ASK, _ask)


def _ask(notes: Notes) -> Response:
    question = Grounds(
        reason=notes.text(ASK.id, "question"),
        relation=notes.relation,
        principles=principles_of(notes.chosen(ASK.id, "principles")),
    )
    services().referrals.ask(notes.reference, guardian(), question)
    notes.keep(ASK.id, {}, seen=notes.version)
    return see_other(f"{notes.base}/asked")


@reviews.get("/reviews/<reference>/asked")
@access.requires(*GUARDIANS)
def asked(reference: str) -> Response:
    """Say that the sender was asked, and by when they answer."""
    about = parse_reference(reference)
    disclosure = to_open(about)
    return show(
        "reviews/asked.html",
        title="The sender was asked",
        disclosure=disclosure,
        base=f"/reviews/{about}",
        back="/reviews",
    )


@reviews.route("/reviews/<reference>/look-back", methods=["GET", "POST"])
@access.requires(*GUARDIANS)
@with_notes
def look_back(notes: Notes) -> Response:
    """Ask whether a decision was right."""
    if request.method == "GET":
        owed = services().retrospective.must_be_owed(notes.reference, guardian())
        return see_other(notes.base) if owed.is_own else show_step(notes, LOOK_BACK)
    return take_step(notes, LOOK_BACK, _look_back)


def _look_back(notes: Notes) -> Response:
    opinion = Opinion(
        view=notes.text(LOOK_BACK.id, "opinion"),
        reason=notes.text(LOOK_BACK.id, "reason"),
        relation=notes.relation,
        principles=principles_of(notes.chosen(LOOK_BACK.id, "principles")),
        learning=notes.text(LOOK_BACK.id, "learning"),
    )
    try:
        services().retrospective.look_back(notes.reference, guardian(), opinion)
    except NotAllowedError as error:
        problem = Problem(question="reason", message=str(error))
        reading = Reading(answers={}, problems=(problem,), typed={})
        return show_step(notes, LOOK_BACK, reading=reading)
    notes.forget()
    return see_other(f"{notes.base}/looked-back")


@reviews.get("/reviews/<reference>/looked-back")
@access.requires(*GUARDIANS)
def looked_back(reference: str) -> Response:
    """Say what was recorded, and what a Guardian who does not agree can do."""
    about = parse_reference(reference)
    to_open(about)
    return show(
        "reviews/looked_back.html",
        title="Recorded",
        base=f"/reviews/{about}",
        back="/reviews",
    )

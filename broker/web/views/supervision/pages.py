"""A supervisor's pages: the team's references, stages and late duties; notes, prompt by prompt."""

from flask import Blueprint, Response, request

from broker.disclosures.supervision import LONGEST_ANSWER
from broker.domain.oversight.records import PROMPTS
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.web import access
from broker.web.forms.days import day_params, day_typed, later_day
from broker.web.forms.problems import Problem
from broker.web.site import current_site, see_other
from broker.web.titles import COLLEAGUES_STANDS
from broker.web.views.answers import show
from broker.web.visitors import visitor

supervision = Blueprint("supervision", __name__)


@supervision.get("/supervision")
@access.requires(Role.SUPERVISOR)
def index() -> Response:
    """Show what the team has in hand: codes and days alone."""
    services, person = current_site().services, visitor().person
    return show(
        "supervision/index.html",
        title="Your team's work",
        view=services.oversight.supervision.team(person),
        next_on=services.oversight.supervision.next_meeting(person),
        today=uk_day(services.clock()),
        states=COLLEAGUES_STANDS,
        record=services.explorer.standings.now(),
        wide=True,
    )


@supervision.get("/supervision/new")
@access.requires(Role.SUPERVISOR)
def note_page() -> Response:
    """Ask what was said in supervision, prompt by prompt."""
    return _note_page()


@supervision.post("/supervision/new")
@access.requires(Role.SUPERVISOR)
def note() -> Response:
    """Keep a note, sealed, and the day on which they meet again."""
    services = current_site().services
    typed, today = day_typed(request.form, "next"), uk_day(services.clock())
    next_on = later_day(typed, "next", today, "Enter when you meet again")
    words = {name: request.form.get(name, "").strip() for name in PROMPTS}
    problems = [
        Problem(field=name, message=f"Say it in {LONGEST_ANSWER:,} characters or less")
        for name, text in words.items()
        if len(text) > LONGEST_ANSWER
    ]
    if not any(words.values()):
        problems.append(Problem(field="trust", message="Enter what was said, for one at least"))
    if isinstance(next_on, Problem):
        return _note_page([*problems, next_on])
    if problems:
        return _note_page(problems)
    services.oversight.supervision.note(words, next_on, visitor().person)
    return see_other("/supervision")


@supervision.get("/supervision/notes")
@access.requires(Role.SUPERVISOR)
def notes() -> Response:
    """Show the supervisor's own notes; that they are read is recorded."""
    return show(
        "supervision/notes.html",
        title="Your notes",
        notes=current_site().services.oversight.supervision.notes(visitor().person),
        prompts=PROMPTS,
        back="/supervision",
    )


def _note_page(problems: list[Problem] | None = None) -> Response:
    return show(
        "supervision/new.html",
        title="A note of supervision",
        prompts=PROMPTS,
        record=current_site().services.explorer.standings.now(),
        longest=LONGEST_ANSWER,
        typed=request.form,
        on=day_params(day_typed(request.form, "next"), "next", problems or []),
        problems=problems or [],
        back="/supervision",
    )

"""The one page for a member of the public, and the reports as the leads of the body read them."""

from flask import Blueprint, Response, request

from broker.concerns.public_reports import LONGEST, PAGE, PublicReports
from broker.domain.concerns.drafts import DraftId, DraftText
from broker.domain.json_values import as_object
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.ledger.readings import Entrance
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.journeys.answers import Kind as JourneyKind
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.views.failures import count_failure
from broker.web.visitors import visitor
from broker.web.writing.drafts import FORMS

reporting = Blueprint("reporting", __name__)

_TITLE = "Tell us what worries you"


@reporting.get("/report")
@access.public
def report_page() -> Response:
    """Ask what was seen or heard; where nobody reads it, lead to whom to ring."""
    return see_other("/channels") if _reports().body is None else _report_page([])


@reporting.post("/report")
@access.public
def report() -> Response:
    """Keep a report; everybody is answered alike."""
    if _reports().body is None:
        return see_other("/channels")
    words, contact = request.form.get("words", "").strip(), request.form.get("contact", "").strip()
    problems: list[Problem] = []
    if not words:
        problems.append(Problem(field="words", message="Enter what you saw or heard"))
    for name, text in (("words", words), ("contact", contact)):
        if len(text) > LONGEST:
            message = f"This must be {LONGEST:,} characters or less"
            problems.append(Problem(field=name, message=message))
    if problems:
        return _report_page(problems)
    count_failure()  # each that comes is counted, so that nobody floods those who read
    _reports().take(words, contact)
    return see_other("/report/sent")


@reporting.get("/report/sent")
@access.public
def sent() -> Response:
    """Say that it came, the same to everybody."""
    return show("reporting/sent.html", title="We have it", back="/start")


@reporting.get("/reports")
@access.requires(Role.LEAD)
def waiting() -> Response:
    """List the reports that wait for a lead; no content."""
    return show(
        "reporting/waiting.html",
        title="Reports from the public",
        found=_reports().waiting(visitor().person),
        today=uk_day(current_site().services.clock()),
        back="/checks",
    )


@reporting.get("/reports/<name>")
@access.requires(Role.LEAD)
def read(name: str) -> Response:
    """Show a report to a lead; that they read it is recorded first."""
    draft = _reports().open(visitor().person, DraftId(name), Entrance.PAGE)
    return show(
        "reporting/read.html",
        title="A report from the public",
        said=as_object(draft.text.answers[PAGE]),
        came_on=draft.row.saved_on,
        back="/reports",
    )


@reporting.post("/reports/<name>")
@access.requires(Role.LEAD)
def settle(name: str) -> Response:
    """Make a draft of the lead's own from a report, or let it go; either way the report ends."""
    person, reports = visitor().person, _reports()
    draft = reports.open(person, DraftId(name), Entrance.PAGE)
    following = "/reports"
    if request.form.get("_action") == "take":
        said = as_object(draft.text.answers[PAGE])
        text = DraftText(
            answers={"about": {"about": "person"}},
            typed={
                "seen": {"story": [str(said["words"])]},
                "source": {"source": ["reported"]},
                "told-by": {"who": ["A member of the public"]},
            },
        )
        form = FORMS[JourneyKind.REFERRAL]
        begun = current_site().services.concerns.drafts.begin(person, form, text)
        following = f"/r/{begun.row.id}"
    reports.end(person, DraftId(name))
    return see_other(following)


def _report_page(problems: list[Problem]) -> Response:
    return show(
        "reporting/report.html",
        title=_TITLE,
        words=request.form.get("words", ""),
        contact=request.form.get("contact", ""),
        longest=LONGEST,
        problems=problems,
        back="/start",
    )


def _reports() -> PublicReports:
    return current_site().services.concerns.reports

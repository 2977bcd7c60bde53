"""Bring a filled-in printed form in, confirm its boxes, and print a draft as such a form."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from broker.domain.errors import FaultyDocumentError
from broker.domain.form import FIELD_BY_ID
from broker.domain.printed_forms import Paper, printed_form, printed_forms
from broker.intake.paper import read_paper
from broker.packs.attachments import AttachmentRefusedError
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.journeys.answers import Answered
from broker.web.journeys.answers import Kind as JourneyKind
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.views.drafts import own_draft
from broker.web.views.uploads import uploaded
from broker.web.visitors import visitor
from broker.web.writing.drafts import FORMS
from broker.web.writing.from_paper import draft_of, not_on_a_page, to_confirm

paper = Blueprint("paper", __name__)


@paper.get("/referrals/from-paper")
@access.requires(*WRITERS)
def bring_in_page() -> Response:
    """Ask for the file, and which form it is."""
    return _bring_in_page([])


@paper.post("/referrals/from-paper")
@access.requires(*WRITERS)
def bring_in() -> Response:
    """Read a filled-in form in the sandbox and keep what it says as a draft; nothing is sent."""
    which = next((one for one in Paper if one.value == request.form.get("form")), None)
    upload, problems = uploaded(), list[Problem]()
    if which is None:
        problems.append(Problem(field="form", message="Select which form it is"))
    if upload is None:
        problems.append(Problem(field="file", message="Select a file"))
    if which is None or upload is None:
        return _bring_in_page(problems)
    services = current_site().services
    try:
        text = services.sandbox.written_in(upload.name, upload.content)
        draft = draft_of(read_paper(printed_form(which), text))
    except AttachmentRefusedError as error:
        return _bring_in_page([Problem(field="file", message=str(error))])
    except FaultyDocumentError as error:
        said = (f"The file {fault.problem}" for fault in error.faults)
        return _bring_in_page([Problem(field="file", message=one) for one in said])
    form = FORMS[JourneyKind.REFERRAL]
    kept = services.concerns.drafts.begin(visitor().person, form, draft)
    return see_other(f"/r/{kept.row.id}/from-paper")


@paper.get("/r/<draft>/from-paper")
@access.requires(*WRITERS)
def boxes(draft: str) -> Response:
    """Show each box of the form beside the page that confirms it, and all that is on no page."""
    opened = own_draft(draft)
    answered = Answered(opened.answers, opened.journey.circumstances)
    return show(
        "paper/boxes.html",
        title="What your form says",
        boxes=[
            (FIELD_BY_ID[one.field].label, one, answered.is_answered(one.page))
            for one in to_confirm(opened.draft.text)
        ],
        rest=not_on_a_page(opened.draft.text),
        base=opened.base,
        back=opened.base,
    )


@paper.get("/r/<draft>/printed/<form>")
@access.requires(*WRITERS)
def printed(draft: str, form: str) -> Response:
    """Show a draft under the headings of a printed form, to be printed."""
    if form not in set(Paper):
        raise NotFound
    opened = own_draft(draft)
    document = opened.journey.packs_of(opened.answers)[0].form
    values = {name: document[name] for name in FIELD_BY_ID if document.get(name)}
    sheet = printed_form(form)
    return show(
        "paper/printed.html",
        title="To print",
        sheet=sheet,
        sections=[
            (section, [(_label(label), words) for label, words in filled])
            for section, filled in sheet.under_its_headings(values)
        ],
        base=opened.base,
        back=opened.base,
    )


def _bring_in_page(problems: list[Problem]) -> Response:
    return show(
        "paper/bring_in.html",
        title="Bring in a form that you filled in",
        forms=[{"value": one.value, "text": form.title} for one, form in printed_forms().items()],
        chosen=request.form.get("form"),
        problems=problems,
        back="/referrals",
    )


def _label(label: str) -> str:
    """Return a label as printed; what the form has no box for goes under our own."""
    known = FIELD_BY_ID.get(label)
    return label if known is None else known.label

"""Your referrals: what you began, what you sent, the task list, and what comes next."""

from flask import Blueprint, Response, request

from broker.disclosures.views import view_of
from broker.domain.concerns.drafts import DraftId
from broker.domain.references import parse_reference
from broker.domain.times import uk_day
from broker.web import access
from broker.web.journeys.answers import Kind as JourneyKind
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.titles import STANDS
from broker.web.views.answers import show
from broker.web.visitors import visitor
from broker.web.writing.drafts import OpenDraft

referrals = Blueprint("referrals", __name__)


@referrals.get("/referrals")
@access.requires(*WRITERS)
def index() -> Response:
    """List what somebody began and what they sent, the newest first."""
    services, person = current_site().services, visitor().person
    today = uk_day(services.clock())
    return show(
        "referrals/index.html",
        title="Your referrals",
        drafts=services.drafts.mine(person),
        sent=services.disclosures.own(person),
        states=STANDS,
        today=today,
        wide=True,
    )


@referrals.get("/r/<draft>")
@access.requires(*WRITERS)
def tasks(draft: str) -> Response:
    """Show how far a draft has come."""
    opened = OpenDraft.of(current_site().services, visitor().person, draft)
    journey = opened.journey
    return show(
        "referrals/tasks.html",
        title="Your draft",
        tasks=journey.task_list(opened.answers),
        pages=journey.pages(opened.answers),
        is_emergency=journey.circumstances.kind is JourneyKind.EMERGENCY,
        base=opened.base,
        expires_on=opened.draft.row.expires_on,
        back="/referrals",
    )


@referrals.get("/r/<draft>/delete")
@access.requires(*WRITERS)
def delete_page(draft: str) -> Response:
    """Ask before a draft goes: what a link does must change nothing."""
    opened = OpenDraft.of(current_site().services, visitor().person, draft)
    return show(
        "referrals/delete.html", title="Delete this draft?", base=opened.base, back=opened.base
    )


@referrals.post("/r/<draft>/delete")
@access.requires(*WRITERS)
def delete(draft: str) -> Response:
    """Destroy a draft with its key."""
    current_site().services.drafts.delete(visitor().person, DraftId(draft))
    return see_other("/referrals")


@referrals.get("/referrals/<reference>")
@referrals.get("/referrals/<reference>/sent")
@access.requires(*WRITERS)
def record(reference: str) -> Response:
    """Show where a referral stands, and what is theirs to do."""
    services = current_site().services
    about = parse_reference(reference)
    view = view_of(services.disclosures, services.receipts, about, visitor().person)
    return show(
        "referrals/record.html",
        title=f"Referral {view.disclosure.reference}",
        view=view,
        stands=STANDS[view.disclosure.state],
        is_new=request.path.endswith("/sent"),
        back="/referrals",
    )

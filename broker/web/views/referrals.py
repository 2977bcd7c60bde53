"""Your referrals: what waits for you, what you began, what you sent, and the task list."""

from flask import Blueprint, Response

from broker.disclosures.afterwards.mine import mine_of
from broker.domain.concerns.drafts import DraftId
from broker.domain.times import uk_day
from broker.web import access
from broker.web.journeys.answers import Kind as JourneyKind
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.titles import STANDS, STANDS_BY_PAGE
from broker.web.views.afterwards.to_do import to_do
from broker.web.views.answers import show
from broker.web.views.drafts import own_draft
from broker.web.visitors import visitor
from broker.web.writing.from_paper import to_confirm

referrals = Blueprint("referrals", __name__)

_KINDS = {
    JourneyKind.EMERGENCY.value: "Emergency",
    JourneyKind.COLLEAGUE.value: "About a colleague",
    JourneyKind.OTHER.value: "Sharing for another reason",
    JourneyKind.REQUEST.value: "Request",
    JourneyKind.ANSWER.value: "Answer to a request",
}
"""What a draft is called on the list of its owner; any other is a referral."""


@referrals.get("/referrals")
@access.requires(*WRITERS)
def index() -> Response:
    """List what waits for somebody, what they began, and what they sent, the newest first."""
    services, person = current_site().services, visitor().person
    today = uk_day(services.clock())
    mine = mine_of(services.transaction, person)
    return show(
        "referrals/index.html",
        title="Your referrals",
        standing=services.explorer.standings.now(),
        drafts=services.concerns.drafts.mine(person),
        asked=services.concerns.asking.asked_about(person),
        to_do=to_do(mine, today),
        sent=mine.sent,
        states=STANDS,
        states_by_page=STANDS_BY_PAGE,
        by_page=mine.by_page,
        kinds=_KINDS,
        today=today,
        wide=True,
    )


@referrals.get("/r/<draft>")
@access.requires(*WRITERS)
def tasks(draft: str) -> Response:
    """Show how far a draft has come."""
    opened = own_draft(draft)
    journey = opened.journey
    return show(
        "referrals/tasks.html",
        title="Your draft",
        tasks=journey.task_list(opened.answers),
        pages=journey.pages(opened.answers),
        is_emergency=journey.circumstances.kind is JourneyKind.EMERGENCY,
        base=opened.base,
        expires_on=opened.draft.row.expires_on,
        asked=opened.asked,
        from_paper=bool(to_confirm(opened.draft.text)),
        prints=journey.circumstances.kind is not JourneyKind.COLLEAGUE,
        completes_here=journey.circumstances.completes_here,
        back="/referrals",
    )


@referrals.get("/r/<draft>/delete")
@access.requires(*WRITERS)
def delete_page(draft: str) -> Response:
    """Ask before a draft goes: what a link does must change nothing."""
    opened = own_draft(draft)
    return show(
        "referrals/delete.html", title="Delete this draft?", base=opened.base, back=opened.base
    )


@referrals.post("/r/<draft>/delete")
@access.requires(*WRITERS)
def delete(draft: str) -> Response:
    """Destroy a draft with its key."""
    current_site().services.concerns.drafts.delete(visitor().person, DraftId(draft))
    return see_other("/referrals")

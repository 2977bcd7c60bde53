"""Going on with what was typed into a form that could not be taken: code, conditions, there."""

from flask import Blueprint, Response

from broker.domain.portal.pages import Page
from broker.web.portal.answering import taken_up
from broker.web.portal.late import carried, is_typed
from broker.web.portal.shown import conditions_page, document_page, ended_page
from broker.web.portal.site import current_portal, keep_visit, see_other, visit_to
from broker.web.portal.visits import Visit

again = Blueprint("again", __name__)


@again.post("/portal/<token>/again")
def go_on_again(token: str) -> Response:
    """Take up what a form carries, or ask first for what is owed before it."""
    page = current_portal().front.page(token)
    return came_back(token, page, visit_to(page))


def came_back(token: str, page: Page, visit: Visit | None) -> Response:
    """Return the page on which somebody goes on who came back to what they typed."""
    if visit is None or visit.asker is None:
        return ended_page(page) if is_typed() else see_other(f"/portal/{token}/code")
    if not visit.accepted:
        return conditions_page(page)
    late = carried(page.id, visit)
    if late is not None and late.view != "pages.reply":
        return taken_up(token, page, visit, late)
    if late is None:
        response = see_other(f"/portal/{token}/document")
    else:
        response = document_page(page, words=late.first("reply"), visit=visit)
    keep_visit(response, page, visit)
    return response

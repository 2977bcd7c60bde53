"""The pages of the portal that more than one view answers with."""

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus

from flask import Response, request

from broker.domain.portal.pages import DELETE_WITHIN, LONGEST_REPLY, Page
from broker.domain.times import uk_day
from broker.web.forms.problems import Problem
from broker.web.portal.late import held
from broker.web.portal.site import current_portal, keep_visit, new_form, show, visit_to
from broker.web.portal.visits import Visit


def code_page(page: Page, problems: Sequence[Problem] = ()) -> Response:
    """Ask for the code; what was typed before it is carried along."""
    return _on_the_way(page, "code.html", "Enter the code", problems)


def ended_page(page: Page) -> Response:
    """Ask for the code again, of somebody whose visit ended while they typed."""
    response = _on_the_way(page, "code.html", "Enter the code to go on")
    response.status_code = HTTPStatus.UNAUTHORIZED
    keep_visit(response, page, Visit(at=current_portal().front.clock()))
    return response


def conditions_page(page: Page, problems: Sequence[Problem] = ()) -> Response:
    """Show on which conditions the document is given; what was typed before is carried along."""
    return _on_the_way(page, "conditions.html", "On these conditions", problems)


def document_page(
    page: Page,
    problems: Sequence[Problem] = (),
    words: str = "",
    visit: Visit | None = None,
) -> Response:
    """Show the button that fetches, what can be done with a question, and the box for a reply.

    `visit` is the one that the browser is about to keep; without it, the one that it keeps counts.
    """
    now = visit or visit_to(page)
    return show(
        "document.html",
        title="Your document",
        page=page,
        token=_token(),
        form=new_form(),
        words=words,
        asks=now is not None and now.asks,
        longest=LONGEST_REPLY,
        problems=problems,
    )


def _on_the_way(
    page: Page, template: str, title: str, problems: Sequence[Problem] = ()
) -> Response:
    today = uk_day(current_portal().front.clock())
    return show(
        template,
        title=title,
        problems=problems,
        page=page,
        token=_token(),
        form=new_form(),
        held=held(),
        delete_by=today + timedelta(days=DELETE_WITHIN.days),
    )


def _token() -> str:
    return str((request.view_args or {})["token"])

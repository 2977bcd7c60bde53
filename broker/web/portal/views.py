"""A page: button, code, conditions, document, reply; only what is sent by a form does anything."""

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, request

from audit.format.plurals import counted
from broker.domain.portal.asking import Asker, Refused
from broker.domain.portal.errors import AskRefusedError, WrongCodeError
from broker.domain.portal.pages import LONGEST_REPLY, MOST_FETCHES, Page
from broker.web.forms.problems import Problem
from broker.web.portal.again import came_back
from broker.web.portal.late import is_typed
from broker.web.portal.shown import code_page, conditions_page, document_page, ended_page
from broker.web.portal.site import (
    current_portal,
    form_sent,
    keep_visit,
    see_other,
    show,
    visit_to,
    with_headers,
)
from broker.web.portal.visits import Visit

pages = Blueprint("pages", __name__)

_LONGEST_CODE: Final = 40


@pages.get("/portal/<token>")
def first(token: str) -> Response:
    """Show that a document waits; looking spends nothing."""
    page = current_portal().front.page(token)
    return show("first.html", title="A document waits for you", page=page)


@pages.post("/portal/<token>")
def begin(token: str) -> Response:
    """Go on to the code; a program that only follows links does not come here."""
    page = current_portal().front.page(token)
    response = see_other(f"/portal/{token}/code")
    keep_visit(response, page, Visit(at=current_portal().front.clock()))
    return response


@pages.get("/portal/<token>/code")
def ask_for_code(token: str) -> Response:
    """Ask for the code."""
    page = current_portal().front.page(token)
    if visit_to(page) is None:
        return see_other(f"/portal/{token}")
    return code_page(page)


@pages.post("/portal/<token>/code")
def try_code(token: str) -> Response:
    """Go on where the code is right; a wrong one counts."""
    portal = current_portal()
    page = portal.front.page(token)
    if visit_to(page) is None and not is_typed():
        return see_other(f"/portal/{token}")
    typed = request.form.get("code", "").strip()
    if not typed:
        return code_page(page, [Problem(field="code", message="Enter the code")])
    try:
        asker = portal.front.enter(token, typed[:_LONGEST_CODE])
    except WrongCodeError as error:
        return code_page(page, [Problem(field="code", message=_wrong(error.left))])
    response = conditions_page(page) if is_typed() else see_other(f"/portal/{token}/conditions")
    keep_visit(response, page, Visit(at=portal.front.clock(), asker=asker))
    return response


@pages.get("/portal/<token>/conditions")
def show_conditions(token: str) -> Response:
    """Show on which conditions the document is given."""
    page, visit = _entered(token)
    return see_other(f"/portal/{token}/code") if visit is None else conditions_page(page)


@pages.post("/portal/<token>/conditions")
def accept(token: str) -> Response:
    """Go on where the conditions are accepted; it is recorded first."""
    page, visit = _entered(token)
    if visit is None or visit.asker is None:
        return came_back(token, page, None)
    if request.form.get("accepted") != "yes":
        message = "Tick the box if you accept. If you do not, ring whoever sent it"
        return conditions_page(page, [Problem(field="accepted", message=message)])
    asks = current_portal().front.accept(page, visit.asker, form_sent())
    after = replace(visit, accepted=True, asks=asks)
    if is_typed():
        return came_back(token, page, after)
    response = see_other(f"/portal/{token}/document")
    keep_visit(response, page, after)
    return response


@pages.get("/portal/<token>/document")
def document_first(token: str) -> Response:
    """Show the button that fetches, and the box for a reply."""
    page, visit = _entered(token)
    if visit is None or not visit.accepted:
        return see_other(f"/portal/{token}/conditions")
    return document_page(page)


@pages.post("/portal/<token>/document")
def fetch(token: str) -> Response:
    """Give the document; it is recorded first, and the same form fetches it once."""
    page, asker = _accepted(token)
    if asker is None:
        return see_other(f"/portal/{token}/conditions")
    try:
        content = current_portal().front.fetch(page, asker, form_sent())
    except AskRefusedError as error:
        if error.refused is Refused.CONDITIONS_FIRST:
            return see_other(f"/portal/{token}/conditions")
        return document_page(page, [Problem(field="fetch", message=_NO_MORE)])
    response = with_headers(Response(content, mimetype="application/pdf"))
    name = f"document-{page.reference}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@pages.post("/portal/<token>/reply")
def reply(token: str) -> Response:
    """Keep what somebody writes to the sender."""
    page, asker = _accepted(token)
    if asker is None:
        return ended_page(page)
    words = request.form.get("reply", "").replace("\r\n", "\n")
    if problem := _fault_of(words):
        return document_page(page, [problem], words)
    try:
        current_portal().front.reply(page, asker, form_sent(), words)
    except AskRefusedError:
        message = "No more replies are taken here. Ring whoever sent it"
        return document_page(page, [Problem(field="reply", message=message)], words)
    return see_other(f"/portal/{token}/replied")


@pages.get("/portal/<token>/replied")
def replied(token: str) -> Response:
    """Say that the reply is with the sender."""
    page = current_portal().front.page(token)
    return show("replied.html", title="Your reply was left", page=page, token=token)


_NO_MORE: Final = (
    f"You have fetched it {MOST_FETCHES} times. Ring whoever sent it if you need it once more"
)


def _wrong(left: int) -> str:
    return f"That is not the code. Check it letter by letter: {counted(left, 'try')} left"


def _fault_of(words: str) -> Problem | None:
    if not words.strip():
        return Problem(field="reply", message="Enter your reply")
    if len(words) > LONGEST_REPLY:
        message = f"Your reply must be {LONGEST_REPLY:,} characters or less"
        return Problem(field="reply", message=message)
    return None


def _entered(token: str) -> tuple[Page, Visit | None]:
    page = current_portal().front.page(token)
    visit = visit_to(page)
    return page, visit if visit is not None and visit.asker is not None else None


def _accepted(token: str) -> tuple[Page, Asker | None]:
    page, visit = _entered(token)
    return page, visit.asker if visit is not None and visit.accepted else None

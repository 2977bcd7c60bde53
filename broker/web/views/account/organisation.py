"""Signing in at one's own organisation, and joining such an account to one's own here."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from broker.access.openid.answered import Answered
from broker.domain.errors import BrokerError
from broker.domain.people.errors import (
    ElsewhereAwayError,
    ElsewhereRefusedError,
    StepUpNeededError,
    UnknownElsewhereError,
    WeakElsewhereError,
)
from broker.web import access
from broker.web.problems import page_of
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.views.failures import count_failure
from broker.web.views.sign_in import go_on
from broker.web.views.step_up import code_first, code_page, spend_code
from broker.web.visitors import visit_of_browser, visitor

if TYPE_CHECKING:
    from broker.access.openid.elsewhere import Elsewhere

organisation = Blueprint("organisation", __name__)

_HOME = "/account"
_STATUSES: Mapping[type[BrokerError], HTTPStatus] = {
    ElsewhereRefusedError: HTTPStatus.BAD_REQUEST,
    WeakElsewhereError: HTTPStatus.FORBIDDEN,
    UnknownElsewhereError: HTTPStatus.FORBIDDEN,
    ElsewhereAwayError: HTTPStatus.SERVICE_UNAVAILABLE,
}
_TITLE = "You are not signed in"
_LINK_TITLE = "The account was not joined"


@organisation.get("/sign-in/organisation")
@access.public
def begin() -> Response:
    """Lead to the organisation's own sign-in; what was begun counts for ten minutes."""
    binder = visit_of_browser()
    if not binder:
        return see_other("/sign-in")
    return _or_why(_TITLE, lambda: see_other(_elsewhere().begin(binder)))


@organisation.get("/sign-in/organisation/back")
@access.public
def come_back() -> Response:
    """Let somebody in whom their organisation signed in; nothing else is told."""
    answered = _answered()
    return _or_why(_TITLE, lambda: go_on(_elsewhere().finish(visit_of_browser(), answered), ""))


@organisation.get("/account/organisation/join")
@access.signed_in
def begin_join() -> Response:
    """Lead to the organisation's own sign-in, to join what answers there to this account."""
    try:
        return _or_why(_LINK_TITLE, lambda: see_other(_elsewhere().begin_link(visitor().token)))
    except StepUpNeededError:
        return code_page("/account/organisation/join")


@organisation.get("/account/organisation/back")
@access.signed_in
def join() -> Response:
    """Join the account that signed in there."""
    answered = _answered()

    def joined() -> Response:
        _elsewhere().finish_link(visitor().token, answered)
        return see_other(_HOME)

    return _or_why(_LINK_TITLE, joined)


@organisation.get("/account/organisation/leave")
@access.signed_in
def leaving_page() -> Response:
    """Ask whether the joined account is to sign nobody in any more."""
    _elsewhere()
    return code_first() or show(
        "account/leave.html", title="Stop signing in at your organisation?", back=_HOME
    )


@organisation.post("/account/organisation/leave")
@access.signed_in
def leave() -> Response:
    """Let the joined account sign nobody in any more."""
    if (to_code := spend_code()) is not None:
        return to_code
    _elsewhere().unlink(visitor().token)
    return see_other(_HOME)


def _answered() -> Answered:
    given = request.args
    return Answered(
        state=given.get("state", ""), code=given.get("code", ""), issuer=given.get("iss")
    )


def _or_why(title: str, act: Callable[[], Response]) -> Response:
    """Answer, or say why not; whoever is refused is counted as at every way in."""
    try:
        return act()
    except tuple(_STATUSES) as error:
        if not isinstance(error, ElsewhereAwayError):
            count_failure()
        return _told(title, error)


def _told(title: str, error: BrokerError) -> Response:
    return page_of(_STATUSES[type(error)], title=title, detail=str(error))


def _elsewhere() -> "Elsewhere":
    found = current_site().services.access.elsewhere
    if found is None:
        raise NotFound
    return found

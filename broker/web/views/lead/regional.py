"""Notices to the regional Prevent team: what happened proposes them, a lead decides."""

from flask import Blueprint, Response, request

from broker.domain.errors import WrongStateError
from broker.domain.partner_requests.notices import KINDS_IN_WORDS, PANELS_IN_WORDS, NoticeKind
from broker.domain.references import parse_reference
from broker.partner_requests.noticing import APPROVERS
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.visitors import visitor

regional = Blueprint("regional", __name__)

_DECIDES = tuple(sorted(APPROVERS))


@regional.get("/notices")
@access.requires(*_DECIDES)
def notices() -> Response:
    """List what waits to be decided, and what was."""
    return _page([])


@regional.post("/notices")
@access.requires(*_DECIDES)
def decide() -> Response:
    """Tell the region, or leave it out."""
    noticing, person = current_site().services.partner_requests.noticing, visitor().person
    kind = {one.value: one for one in NoticeKind}.get(request.form.get("kind", ""))
    about = parse_reference(request.form.get("about", ""))
    told = {"tell": True, "leave-out": False}.get(request.form.get("_action", ""))
    if kind is None or told is None:
        return _page([Problem(field="waiting", message="Say whether the region is told")])
    try:
        (noticing.approve if told else noticing.leave_out)(about, kind, person)
    except WrongStateError as error:
        return _page([Problem(field="waiting", message=str(error))])
    return see_other("/notices")


def _page(problems: list[Problem]) -> Response:
    return show(
        "notices/index.html",
        title="Regional notices",
        shown=current_site().services.partner_requests.noticing.shown(visitor().person),
        kinds=KINDS_IN_WORDS,
        panels=PANELS_IN_WORDS,
        problems=problems,
    )

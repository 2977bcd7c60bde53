"""What needs a code of this moment: asked for once, on a page of its own, before it is done."""

from flask import Response, request

from broker.domain.people.errors import StepUpNeededError
from broker.web.site import current_site, see_other
from broker.web.visitors import visitor


def code_first() -> Response | None:
    """Lead to the page "Your code" and back here, where this page would need a fresh code."""
    if current_site().services.access.sessions.is_fresh(visitor().token):
        return None
    return see_other(f"/code?to={request.path}")


def spend_code() -> Response | None:
    """Use up the step-up for what is done now; lead to the page for one where there is none."""
    try:
        current_site().services.access.sessions.spend_step_up(visitor().token)
    except StepUpNeededError:
        return see_other(f"/code?to={request.path}")
    return None

"""What needs a code of this moment: asked for once, on a page of its own, before it is done."""

from flask import Response, request

from broker.domain.people.errors import StepUpNeededError
from broker.web.site import current_site, see_other
from broker.web.visitors import leading_to, visitor


def code_first(after: str | None = None) -> Response | None:
    """Lead to the page "Your code" and on to `after`, by default here, where a code is needed."""
    if current_site().services.access.sessions.is_fresh(visitor().token):
        return None
    return see_other(leading_to("/code", after or request.path))


def spend_code(after: str | None = None) -> Response | None:
    """Use up the step-up for what is done now; lead to the page for one where there is none.

    From there it goes on to `after`, by default to this page.
    """
    try:
        current_site().services.access.sessions.spend_step_up(visitor().token)
    except StepUpNeededError:
        return see_other(leading_to("/code", after or request.path))
    return None

"""What needs a code of this moment: asked for once, on a page of its own, before it is done."""

from urllib.parse import quote

from flask import Response, current_app, request

from broker.domain.people.errors import StepUpNeededError
from broker.web.site import current_site, see_other
from broker.web.visitors import FIRST_PAGE, keep_words, leading_to, visitor


def code_first(after: str | None = None) -> Response | None:
    """Lead to the page "Your code" and on to `after`, by default here, where a code is needed."""
    if current_site().services.access.sessions.is_fresh(visitor().token):
        return None
    return code_page(after or request.path)


def spend_code(after: str | None = None, *, back: str = "") -> Response | None:
    """Use up the step-up for what is done now; lead to the page for one where there is none.

    From there it goes on to `after`, by default to this page, and back to `back`, by default to
    the page above: this one may ask for a code itself. Words that were sent wait meanwhile.
    """
    try:
        current_site().services.access.sessions.spend_step_up(visitor().token)
    except StepUpNeededError:
        keep_words()
        return code_page(after or request.path, back=back)
    return None


def code_page(after: str, *, back: str = "") -> Response:
    """Lead to the page "Your code", on to `after`, and back to `back` or the page above it."""
    asking, before = leading_to("/code", after), back or _above(after)
    # By default it goes back to where it goes on to.
    return see_other(asking if before == after else f"{asking}&back={quote(before)}")


def _above(address: str) -> str:
    """Return the nearest page whose address this one's goes on from; the first page without one.

    An address of three parts at least, such as that of a step of a referral, goes on from its.
    """
    adapter = current_app.create_url_adapter(request)
    path = address.partition("?")[0]
    while adapter is not None and (path := path.rpartition("/")[0]):
        if adapter.test(path, "GET"):
            return path
    return FIRST_PAGE

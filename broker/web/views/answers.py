"""How views answer: a page in the look of the site, with what every page shows."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import Response, g, request

from broker.web.forms.problems import Problem
from broker.web.menu import links_of
from broker.web.site import as_page, current_site
from broker.web.views.naming import named
from broker.web.visitors import TYPED_PAGE, form_token, visitor, with_visit


def show(
    template: str, /, *, title: str, problems: Sequence[Problem] = (), **shown: object
) -> Response:
    """Return a page; with problems it is 422, says so in its title, and lists them."""
    is_known = "visitor" in g
    caller = visitor().caller if is_known else None
    site = current_site()
    late = None if caller is None else site.late.of(caller.id, site.services.clock())
    html = site.templates.page(
        template,
        title=title,
        problems=problems,
        csrf=form_token(),
        signed_in=is_known,
        menu=() if caller is None else links_of(caller.role),
        here=request.path,
        typed_waits=late is not None and request.path != TYPED_PAGE,
        named=named,
        idle_minutes=_idle_minutes() if is_known else 0,
        **{"marked": is_known, **shown},
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    response = as_page(html, status)
    return response if is_known else with_visit(response)


def _idle_minutes() -> int:
    return int(current_site().services.access.sessions.idle.total_seconds()) // 60


_MOST_DIGITS = 9


def seen_version() -> int:
    """Return the version that the page was shown for; as `version_in`."""
    return version_in(request.form.get("_version", ""))


def version_in(text: str) -> int:
    """Return the version that a page sent back; 0, which is none, where it is no such number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else 0

"""Hiding the screen: the session ends on the server, so that going back shows signing in."""

from flask import Response, request

from broker.web.site import current_site, see_other
from broker.web.visitors import keep_typed, visitor, without_session


def hidden() -> Response:
    """Lock the screen of a page that has kept what was typed, or has nothing to type."""
    current_site().services.access.sessions.end(visitor().token)
    return without_session(see_other("/hidden"))


def hidden_with_words() -> Response:
    """Lock the screen of a page that saves nothing, and keep what was typed there for an hour."""
    keep_typed(request.path)
    return hidden()

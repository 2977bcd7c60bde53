"""Who asks for a page: nobody known, or somebody who has signed in."""

from flask import Response, current_app, request

from broker.domain.errors import NotAllowedError
from broker.web import access
from broker.web.site import see_other


def check() -> Response | None:
    """Before a page: let in whom it lets in, and lead everybody else to signing in.

    Raises `NotAllowedError` for a page that says nothing of who may see it.
    """
    if request.endpoint is None:
        return None
    door = access.declared(current_app.view_functions[request.endpoint])
    if door is None:
        raise NotAllowedError("This page is closed.")
    if door.session:
        return see_other("/sign-in")
    return None

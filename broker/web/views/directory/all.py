"""Every page of the directory."""

from http import HTTPStatus

from flask import Response, current_app, request

from broker.web.site import renew_public_pages
from broker.web.views.directory.bodies import bodies
from broker.web.views.directory.contacts import contacts
from broker.web.views.directory.files import files
from broker.web.views.directory.listing import listing
from broker.web.views.directory.presets import printed
from broker.web.views.directory.profiles import profiles
from broker.web.views.directory.trying import trying

DIRECTORY = (listing, contacts, bodies, printed, files, trying, profiles)
"""Their blueprints."""


def renewed(response: Response) -> Response:
    """Show the channels as they are now, after somebody changed the directory."""
    if request.method == "POST" and response.status_code == HTTPStatus.SEE_OTHER:
        renew_public_pages(current_app)
    return response


for blueprint in DIRECTORY:
    blueprint.after_request(renewed)

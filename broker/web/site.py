"""What the views of an application work with, and how they answer."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, current_app

from broker.web import security
from broker.web.public import PublicPages
from broker.web.rendering import Templates
from broker.wiring import Services

_KEY = "broker-pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The pages of one application."""

    services: Services
    templates: Templates
    public: PublicPages


def keep(app: Flask, services: Services) -> Site:
    """Make the site over `services` and keep it with an application."""
    public = PublicPages.of(services.settings)
    site = Site(
        services=services,
        templates=Templates(public.look),
        public=public,
    )
    app.extensions[_KEY] = site
    return site


def current_site() -> Site:
    """Return the site of the current application."""
    site = current_app.extensions[_KEY]
    if not isinstance(site, Site):
        raise TypeError(_KEY)
    return site


def as_page(html: str | bytes, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Return a page as an answer."""
    response = Response(html, status=status, mimetype="text/html")
    response.headers.update(security.HEADERS)
    return response


def see_other(address: str) -> Response:
    """Return the answer that has a browser get another page of ours."""
    response = Response(status=HTTPStatus.SEE_OTHER)
    response.headers.update(security.HEADERS)
    response.headers["Location"] = address
    return response

"""What the views of an application work with, and how they answer."""

from dataclasses import dataclass, replace
from http import HTTPStatus

import structlog
from flask import Flask, Response, current_app

from audit.errors import LedgerError
from broker.domain.errors import BrokerError
from broker.domain.times import uk_day
from broker.web import security
from broker.web.channels import Channel, local_channels
from broker.web.forms.late import LateForms
from broker.web.public import PublicPages
from broker.web.rendering import Templates
from broker.wiring import Services
from keys import KeyManagementError

_log = structlog.get_logger()

_KEY = "broker-pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The pages of one application."""

    services: Services
    templates: Templates
    public: PublicPages
    late: LateForms


def keep(app: Flask, services: Services) -> Site:
    """Make the site over `services` and keep it with an application."""
    public = PublicPages.of(services.settings, channels_of(services))
    site = Site(
        services=services,
        templates=Templates(public.look),
        public=public,
        late=LateForms(),
    )
    app.extensions[_KEY] = site
    return site


def renew_public_pages(app: Flask) -> PublicPages | None:
    """Show the pages that need nothing as the directory is now; None where nothing changed."""
    site = app.extensions[_KEY]
    local = channels_of(site.services)
    if local == site.public.local:
        return None
    public = PublicPages.of(site.services.settings, local)
    app.extensions[_KEY] = replace(site, public=public)
    return public


def channels_of(services: Services) -> tuple[Channel, ...]:
    """Return whom the directory says that people can ring; nobody while it cannot be read."""
    try:
        return local_channels(services.directory.entries(), uk_day(services.clock()))
    except (BrokerError, LedgerError, KeyManagementError) as error:
        _log.warning("channels-not-read", error=type(error).__name__)
        return ()


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

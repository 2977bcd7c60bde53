"""Serve the portal with gunicorn: a process that has the pages' three tables and nothing else."""

import secrets
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

from gunicorn.app.base import BaseApplication

from broker.delivery.portal.front import front_of
from broker.http_edge import host_of, set_up
from broker.packs.sealing.apart import checked_apart
from broker.settings import LOOPBACK_NAMES, Settings, host_name
from broker.web.portal.app import create_portal
from broker.web.portal.site import Portal
from broker.web.portal.visits import Visits
from broker.web.rendering import Look, Templates

_SECRET_BYTES: Final = 32


class PortalServer(BaseApplication):
    """gunicorn with one threaded worker; on loopback unless a proxy stands before it."""

    def __init__(self, settings: Settings, on_serving: Callable[[], None]) -> None:
        """Prepare to serve the portal of `settings`; call `on_serving` once it does."""
        self._settings = settings
        self._on_serving = on_serving
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn up; nothing of its own configuration files is read."""

        def began(_worker: object) -> None:
            self._on_serving()

        set_up(
            self.cfg,
            bind=f"{host_of(self._settings)}:{self._settings.portal_port}",
            threads=self._settings.threads,
            limit_request_line=1024,
            post_worker_init=began,
        )

    def load(self) -> WSGIApplication:  # type: ignore[override]  # the stub knows no wsgiref
        """Make the application after the fork: its connections and secret are the worker's own."""
        return create_portal(portal_of(self._settings))


def portal_of(settings: Settings) -> Portal:
    """Return the portal of an installation; no keystore is looked for."""
    look = Look(service_name=settings.service_name, colour=settings.brand_colour)
    own = host_name(urlsplit(settings.portal_url or "http://localhost").netloc)
    return Portal(
        front=front_of(settings),
        look=look,
        templates=Templates(look),
        visits=Visits(secret=secrets.token_bytes(_SECRET_BYTES)),
        check=checked_apart,
        hosts=LOOPBACK_NAMES | {own},
    )

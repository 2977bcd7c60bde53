"""Applications over many installations; what is the same in all of them is made once."""

from copy import copy
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from flask import Flask

from broker.app import over, routed
from broker.settings import Settings
from broker.web import site
from broker.web.channels import Channel
from broker.web.public import PublicPages
from broker.wiring import Services


def gateway(services: Services, of: Flask | None = None) -> Flask:
    """Return an application as `create_app` makes it, `of` one with routes of its own beside."""
    app = copy(of or _routed())
    app.extensions = {}
    with patch.object(site, "PublicPages", SimpleNamespace(of=_public_pages)):
        return over(services, app)


@cache
def _routed() -> Flask:
    """Return an application without services: compiling its routes is most of the cost."""
    return routed()


def _public_pages(settings: Settings, local: tuple[Channel, ...]) -> PublicPages:
    """Return the pages that need nothing, rendered once for settings that differ in no more."""
    return _rendered(replace(settings, home=Path("/nowhere"), database_url=""), local)


@lru_cache(maxsize=64)
def _rendered(settings: Settings, local: tuple[Channel, ...]) -> PublicPages:
    return PublicPages.of(settings, local)

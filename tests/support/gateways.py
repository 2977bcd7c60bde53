"""Applications over many installations; their routes, most of the cost, are compiled once."""

from copy import copy
from functools import cache

from flask import Flask

from broker.app import over, routed
from broker.wiring import Services


def gateway(services: Services) -> Flask:
    """Return an application as `create_app` makes it."""
    app = copy(_routed())
    app.extensions = {}
    return over(services, app)


@cache
def _routed() -> Flask:
    return routed()

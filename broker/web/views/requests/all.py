"""Every page about requests, put into their blueprint."""

from broker.web.views.requests import disputes, reading, steps, writing
from broker.web.views.requests.blueprint import requests

MODULES = (disputes, reading, steps, writing)
"""The modules whose views the blueprint holds."""

__all__ = ["MODULES", "requests"]

"""Whether the process lives, and whether it can take work; no detail for strangers."""

import shutil
from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from broker.api import access
from broker.api.services import current_services
from keys import Purpose

health = Blueprint("health", __name__)

MIN_FREE = 0.05
"""The least share of the disk that must be free."""


@health.get("/healthz")
@access.public
def alive() -> Response:
    """Answer while the process lives."""
    return jsonify({"status": "alive"})


@health.get("/readyz")
@access.public
def ready() -> Response:
    """Answer 200 if a submission could be taken now: database, keystore, ledger, disk."""
    services = current_services()
    with services.transaction() as tx:
        tx.ledger.head()
    services.keystore.public_keys(Purpose.LEDGER)
    usage = shutil.disk_usage(services.home.path)
    has_room = usage.free >= usage.total * MIN_FREE
    response = jsonify({"status": "ready" if has_room else "no room on the disk"})
    response.status_code = HTTPStatus.OK if has_room else HTTPStatus.SERVICE_UNAVAILABLE
    return response

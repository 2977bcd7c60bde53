"""Whether the process lives, and whether it can take work and deliver it; figures alone."""

from dataclasses import asdict
from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from broker.api.services import current_services
from broker.condition import condition
from keys import Purpose

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """Answer while the process lives."""
    return jsonify({"status": "alive"})


@health.get("/readyz")
def ready() -> Response:
    """Answer 200 if a submission could be taken now and would be delivered, else 503 and why."""
    services = current_services()
    services.keystore.public_keys(Purpose.LEDGER)
    found = condition(services)
    faults = found.faults(serving=True)
    response = jsonify(
        {"status": "not ready" if faults else "ready", "faults": faults, **asdict(found)}
    )
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE if faults else HTTPStatus.OK
    return response

"""The routes of agreements between bodies, workers and clearances: parse, one call, answer."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from broker.api import access
from broker.api.bodies import json_body
from broker.api.services import current_services
from broker.domain.directory.sharing import SharingAgreement
from broker.domain.times import uk_day
from broker.intake.documents import read_nothing
from broker.intake.registers.between_documents import read_clearance, read_sharing, read_worker
from broker.registers.bodies.assembled import Between
from broker.registers.bodies.between_views import (
    agreement_document,
    agreements_document,
    clearance_document,
    clearances_document,
    matrix_document,
    worker_document,
    workers_document,
)
from broker.registers.bodies.sharing import purposes_of

between = Blueprint("between", __name__, url_prefix="/api/v1")


@between.get("/sharing-agreements")
def agreements() -> Response:
    """Return the agreements of the caller's body, and with whom it may share today for what."""
    services, person = current_services(), access.person()
    sharing, today = services.keeping.between.sharing, uk_day(services.clock())
    matrix = sharing.matrix(person, purposes_of(services.rulebooks.in_force()))
    listed = agreements_document(sharing.listed(person), today)
    return jsonify({**listed, **matrix_document(matrix)})


@between.post("/sharing-agreements")
def enter() -> Response:
    """Enter an agreement that was signed; it counts once somebody else confirms it."""
    services, signed = current_services(), read_sharing(json_body())
    purposes = purposes_of(services.rulebooks.in_force())
    return _agreement(
        services.keeping.between.sharing.enter(access.person(), signed, purposes),
        HTTPStatus.CREATED,
    )


@between.post("/sharing-agreements/<agreement>/confirmation")
def confirm(agreement: str) -> Response:
    """Say that one saw the signed paper that somebody else entered."""
    read_nothing(json_body())
    return _agreement(_between().sharing.confirm(access.person(), agreement))


@between.post("/sharing-agreements/<agreement>/end")
def end(agreement: str) -> Response:
    """End an agreement at once."""
    read_nothing(json_body())
    return _agreement(_between().sharing.end(access.person(), agreement))


@between.get("/workers")
def workers() -> Response:
    """Return the named workers of providers, whose checks end first at the top."""
    today = uk_day(current_services().clock())
    return jsonify(workers_document(_between().vetting.workers(), today))


@between.post("/workers")
def check() -> Response:
    """Enter what was checked of a worker, or renew it."""
    checked = _between().vetting.check(read_worker(json_body(), access.person()))
    return jsonify(worker_document(checked, uk_day(current_services().clock())))


@between.get("/clearances")
def clearances() -> Response:
    """Return the clearances of the people of the caller's body."""
    today = uk_day(current_services().clock())
    return jsonify(clearances_document(_between().vetting.clearances(access.person()), today))


@between.post("/clearances")
def see() -> Response:
    """Record that the caller saw a clearance of somebody else of their body."""
    person = access.person()
    seen = _between().vetting.see(read_clearance(json_body(), person), person)
    return jsonify(clearance_document(seen, uk_day(current_services().clock())))


def _between() -> Between:
    return current_services().keeping.between


def _agreement(one: SharingAgreement, status: HTTPStatus = HTTPStatus.OK) -> Response:
    response = jsonify(agreement_document(one, uk_day(current_services().clock())))
    response.status_code = status
    return response

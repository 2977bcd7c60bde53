"""The routes of concerns about sharing: parse, one call, answer."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from broker.api import access
from broker.api.bodies import json_body
from broker.api.services import current_services
from broker.domain.partner_requests.copies import CopyName
from broker.domain.references import Prefix, parse_reference
from broker.intake.request_documents import read_sharing_concern, read_sharing_outcome
from broker.ledger.readings import Entrance
from broker.partner_requests.disputing import Disputing, concern_document

sharing = Blueprint("sharing_concerns", __name__, url_prefix="/api/v1")


@sharing.post("/requests/<reference>/copies/<int:number>/concern")
def raise_one(reference: str, number: int) -> Response:
    """Raise a concern about a copy; both Guardians and the ICB lead hear of it."""
    wrong, why = read_sharing_concern(json_body())
    name = CopyName(request=parse_reference(reference, Prefix.REQUEST), number=number)
    response = jsonify(concern_document(_disputing().raise_one(name, access.person(), wrong, why)))
    response.status_code = HTTPStatus.CREATED
    return response


@sharing.get("/sharing-concerns")
def index() -> Response:
    """List the concerns about sharing that are the caller's to see; codes alone."""
    found = _disputing().listed(access.person())
    return jsonify({"concerns": [concern_document(one) for one in found]})


@sharing.get("/sharing-concerns/<named>")
def show(named: str) -> Response:
    """Return a concern with its words; recorded before they are given."""
    return jsonify(_disputing().show(named, access.person(), Entrance.API).document())


@sharing.post("/sharing-concerns/<named>/outcome")
def close(named: str) -> Response:
    """Settle a concern, or take back one's own."""
    outcome, why = read_sharing_outcome(json_body())
    return jsonify(concern_document(_disputing().close(named, access.person(), outcome, why)))


def _disputing() -> Disputing:
    return current_services().partner_requests.disputing

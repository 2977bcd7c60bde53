"""The routes of concerns, for whoever is asked to check one: parse, one call, answer."""

from flask import Blueprint, Response, jsonify

from broker.api import access
from broker.api.bodies import json_body
from broker.api.services import current_services
from broker.concerns.checking import Checking
from broker.concerns.views import concern_document, concerns_document, open_document
from broker.domain.references import Prefix, Reference, parse_reference
from broker.intake.concern_documents import read_check
from broker.ledger.readings import Entrance

concerns = Blueprint("concerns", __name__, url_prefix="/api/v1/concerns")


@concerns.get("")
def index() -> Response:
    """List what waits for the caller, and where the concerns of their body stand."""
    person = access.person()
    return jsonify(concerns_document(_checking().waiting(person), _checking().of_body(person)))


@concerns.get("/<reference>")
def show(reference: str) -> Response:
    """Return a concern to whoever was asked, with the earlier ones they may see; recorded."""
    person = access.person()
    opened = _checking().open(_concern(reference), person, Entrance.API)
    earlier = current_services().concerns.earlier.beside(person, opened)
    return jsonify(open_document(opened, earlier))


@concerns.post("/<reference>/check")
def check(reference: str) -> Response:
    """Take what somebody answers who was asked; the same again is recorded once."""
    about, said = _concern(reference), read_check(json_body())
    return jsonify(concern_document(_checking().answer(about, access.person(), said)))


def _concern(reference: str) -> Reference:
    return parse_reference(reference, Prefix.CONCERN)


def _checking() -> Checking:
    return current_services().concerns.checking

"""The routes of earlier concerns: for lead and Guardian, and for whoever received one."""

from flask import Blueprint, Response, jsonify

from broker.api import access
from broker.api.bodies import json_body
from broker.api.services import current_services
from broker.cases.earlier.lists import EarlierLists
from broker.cases.earlier.views import (
    list_document,
    opened_document,
    owed_document,
    received_document,
)
from broker.domain.references import parse_any_reference, parse_reference
from broker.intake.case_documents import read_call
from broker.ledger.readings import Entrance

earlier = Blueprint("earlier", __name__, url_prefix="/api/v1/earlier")


@earlier.get("")
def owed() -> Response:
    """List what has earlier concerns that nobody of the caller's body has opened."""
    return jsonify(owed_document(_lists().owed(access.person())))


@earlier.get("/<reference>")
def before(reference: str) -> Response:
    """List the earlier concerns that the body knows; recorded."""
    about = parse_any_reference(reference)
    found = current_services().earlier_before(about).before(access.person(), about)
    return jsonify(list_document(about, found))


@earlier.get("/<reference>/received")
def received(reference: str) -> Response:
    """List the earlier references about the same person that came to the caller's body."""
    about = parse_reference(reference)
    return jsonify(received_document(about, _lists().received_before(access.person(), about)))


@earlier.get("/<reference>/<other>")
def show(reference: str, other: str) -> Response:
    """Return an earlier concern to be read; recorded before it is given."""
    about, one = parse_any_reference(reference), parse_any_reference(other)
    lists = current_services().earlier_before(about)
    opened = lists.open(access.person(), about, one, Entrance.API)
    return jsonify(opened_document(opened))


@earlier.post("/<reference>/<other>/call")
def call(reference: str, other: str) -> Response:
    """Say whether two concerns are about one person."""
    about, word = parse_any_reference(reference), read_call(json_body())
    lists, person = current_services().earlier_before(about), access.person()
    lists.call(person, about, parse_any_reference(other), word)
    return jsonify(list_document(about, lists.before(person, about)))


def _lists() -> EarlierLists:
    return current_services().earlier

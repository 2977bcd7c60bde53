"""The routes of cases: parse, one call, answer. A case is named by itself or by a reference."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from broker.api import access
from broker.api.bodies import idempotency_key, json_body
from broker.api.services import current_services
from broker.cases.register import Cases
from broker.cases.views import (
    case_document,
    cases_document,
    opened_from_document,
    shown_document,
)
from broker.disclosures.received_by import received_by
from broker.disclosures.step_keys import case_by_key
from broker.domain.cases.cases import Case
from broker.domain.references import parse_reference
from broker.intake.case_documents import (
    read_case,
    read_case_end,
    read_case_link,
    read_case_member,
    read_case_stage,
    read_identifiers,
)
from broker.intake.documents import read_nothing
from broker.ledger.readings import Entrance
from keys import CaseId, PersonId

cases = Blueprint("cases", __name__, url_prefix="/api/v1/cases")


@cases.get("")
def index() -> Response:
    """List the newest cases of the caller; for a lead or Guardian those of their body."""
    return jsonify(cases_document(_cases().of_body(access.person())))


@cases.post("")
def open_case() -> Response:
    """Open a case of the caller's body."""
    return _created(_cases().open(access.person(), read_case(json_body()), _case_of_call()))


@cases.post("/from/<reference>")
def open_from(reference: str) -> Response:
    """Open the recipient's own case of what was sent to their body about whom they name."""
    typed = read_identifiers(json_body())
    about = parse_reference(reference)
    opened = _cases().open_from(access.person(), about, typed, _case_of_call())
    response = jsonify(opened_from_document(opened))
    response.status_code = HTTPStatus.CREATED
    return response


@cases.get("/<reference>")
def show(reference: str) -> Response:
    """Tell where a case stands, what belongs to it, and who works on it."""
    return jsonify(shown_document(_cases().show(access.person(), reference)))


@cases.get("/<reference>/received-by")
def received(reference: str) -> Response:
    """Tell who received what in a case, naming nobody who worked on it; recorded before."""
    services = current_services()
    found = received_by(services.transaction, access.person(), reference, Entrance.API)
    return jsonify({"received": [one.document() for one in found]})


@cases.post("/<reference>/links")
def link(reference: str) -> Response:
    """Let a case know another one."""
    other, kind = read_case_link(json_body())
    return _told(_cases().link(access.person(), reference, other, kind))


@cases.post("/<reference>/members")
def add_member(reference: str) -> Response:
    """Let somebody work on a case."""
    member, role = read_case_member(json_body())
    return _told(_cases().add_member(access.person(), reference, member, role))


@cases.post("/<reference>/members/<person>/end")
def end_member(reference: str, person: str) -> Response:
    """Let somebody work on a case no longer."""
    read_nothing(json_body())
    return _told(_cases().end_member(access.person(), reference, PersonId(person)))


@cases.post("/<reference>/stage")
def move(reference: str) -> Response:
    """Move a case to the next stage of its rail."""
    return _told(_cases().move(access.person(), reference, read_case_stage(json_body())))


@cases.post("/<reference>/close")
def close(reference: str) -> Response:
    """Close a case."""
    return _told(_cases().close(access.person(), reference, read_case_end(json_body())))


def _case_of_call() -> CaseId:
    """Return the case that this call opens by its key."""
    return case_by_key(current_services().idempotency, idempotency_key(), access.person())


def _cases() -> Cases:
    return current_services().cases


def _told(case: Case) -> Response:
    """Return a case after a change, which no trouble with a list now undoes."""
    return jsonify(case_document(case))


def _created(case: Case) -> Response:
    response = _told(case)
    response.status_code = HTTPStatus.CREATED
    return response

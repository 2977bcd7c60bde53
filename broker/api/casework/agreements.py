"""The routes of agreements: what somebody was told, agreed to and took back, of a case."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from broker.api import access
from broker.api.bodies import json_body
from broker.api.services import current_services
from broker.disclosures.afterwards.agreement_views import (
    agreement_document,
    shown_document,
    withdrawal_document,
)
from broker.disclosures.afterwards.agreements import Agreements
from broker.domain.cases.agreements import AgreementKind
from broker.domain.cases.cases import UnknownCaseError
from broker.intake.registers.agreement_documents import read_said, read_withdrawal

agreements = Blueprint("agreements", __name__, url_prefix="/api/v1/cases/<reference>/agreements")


@agreements.get("")
def index(reference: str) -> Response:
    """Return the records of a case as they stand, and everybody who got something of it."""
    return jsonify(shown_document(_agreements().show(access.person(), reference)))


@agreements.post("")
def record(reference: str) -> Response:
    """Record what somebody answered, over the version that was seen."""
    kept = _agreements().record(access.person(), reference, read_said(json_body()))
    response = jsonify(agreement_document(kept))
    response.status_code = HTTPStatus.CREATED
    return response


@agreements.post("/<kind>/withdrawal")
def withdraw(reference: str, kind: str) -> Response:
    """Record that what was agreed to was taken back; prepares a notice to each past recipient."""
    seen, giver = read_withdrawal(json_body())
    if kind not in list(AgreementKind):
        raise UnknownCaseError
    which = AgreementKind(kind)
    done = _agreements().withdraw(access.person(), reference, which, seen, giver)
    return jsonify(withdrawal_document(done))


def _agreements() -> Agreements:
    return current_services().afterwards.agreements

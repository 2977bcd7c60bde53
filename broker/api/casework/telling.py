"""The routes by which changes are told to past readers, and notices to a region."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from broker.api import access
from broker.api.bodies import idempotency_key, json_body
from broker.api.services import current_services
from broker.disclosures.step_keys import key_of_step
from broker.domain.references import parse_reference
from broker.domain.times import uk_day
from broker.intake.change_documents import read_change, read_notice
from broker.partner_requests.noticing import notice_document
from broker.partner_requests.telling import readers_document, told_document

telling = Blueprint("telling_partners", __name__, url_prefix="/api/v1")


@telling.get("/disclosures/<reference>/readers")
def readers(reference: str) -> Response:
    """Return who has something of the case now, each by the first that they got."""
    changing = current_services().partner_requests.changing
    return jsonify(readers_document(changing.readers(parse_reference(reference), access.person())))


@telling.post("/disclosures/<reference>/changes")
def change(reference: str) -> Response:
    """Tell the readers of a case what has changed, or see what each would read."""
    services, body, about = current_services(), json_body(), parse_reference(reference)
    vocabulary = services.rulebooks.in_force().vocabulary
    read = read_change(about, body, vocabulary, uk_day(services.clock()))
    changing, person = services.partner_requests.changing, access.person()
    if read.preview:
        would = changing.preview(read.notice, person)
        return jsonify({"kept": False, "told": [one.document() for one in would]})
    key = key_of_step(services.idempotency, idempotency_key(), "change", str(about), body.hex())
    response = jsonify(told_document(changing.notify(read.notice, person, key)))
    response.status_code = HTTPStatus.CREATED
    return response


@telling.get("/regional-notices")
def notices() -> Response:
    """List the notices to the region that wait for a lead of the body, and what was decided."""
    noticing = current_services().partner_requests.noticing
    return jsonify(noticing.shown(access.person()).document())


@telling.post("/regional-notices/<reference>")
def decide(reference: str) -> Response:
    """Tell the region, or leave it out."""
    kind, told = read_notice(json_body())
    noticing, about = current_services().partner_requests.noticing, parse_reference(reference)
    do = noticing.approve if told else noticing.leave_out
    return jsonify(notice_document(do(about, kind, access.person())))

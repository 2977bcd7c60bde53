"""The routes for a delivery that stands still: it arrived, send it again, carried by hand."""

from flask import Blueprint, Response, jsonify

from broker.api import access
from broker.api.bodies import json_body
from broker.api.services import current_services
from broker.disclosures import views
from broker.domain.references import Reference, parse_reference
from broker.intake.documents import (
    read_anew,
    read_code,
    read_handover,
    read_nothing,
    read_receipt,
    read_resend,
)
from broker.ledger.readings import Entrance
from broker.packs.file_kinds import file_name, media_type

deliveries = Blueprint("deliveries", __name__, url_prefix="/api/v1/disclosures/<reference>")


@deliveries.post("/arrival")
def confirm_arrival(reference: str) -> Response:
    """Record that the recipient said that it has arrived."""
    read_nothing(json_body())
    about = parse_reference(reference)
    current_services().deliveries.confirm_arrival(about, access.person())
    return _told(about)


@deliveries.post("/resend")
def resend(reference: str) -> Response:
    """Have the same bytes sent once more."""
    reason = read_resend(json_body())
    about = parse_reference(reference)
    current_services().deliveries.resend(about, access.person(), reason)
    return _told(about)


@deliveries.post("/anew")
def send_anew(reference: str) -> Response:
    """Send again what has ended, or see to whom it would go today and what of it."""
    given = read_anew(json_body())
    about, sending = parse_reference(reference), current_services().deliveries.anew
    if given is None:
        would = sending.look(about, access.person(), Entrance.API)
        return jsonify({"kept": False, **would.document()})
    after = sending.send(about, access.person(), given.reason, given.seen)
    return _told(after.reference)


@deliveries.post("/fetch")
def fetch(reference: str) -> Response:
    """Give the sealed document out, to be carried by hand; recorded before it is given."""
    reason = read_handover(json_body())
    about = parse_reference(reference)
    sealed = current_services().deliveries.fetch(about, access.person(), Entrance.API, reason)
    response = Response(sealed, mimetype=media_type(sealed))
    name = file_name(str(about), sealed)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@deliveries.post("/code")
def tell_code(reference: str) -> Response:
    """Reveal a code for the page, to be told by telephone; recorded before it is shown."""
    function, reason = read_code(json_body())
    told = current_services().deliveries.pages.tell_code(
        parse_reference(reference), access.person(), function, reason
    )
    return jsonify(told.document())


@deliveries.get("/replies")
def replies(reference: str) -> Response:
    """Give what readers of the page wrote to the sender; recorded before."""
    about = parse_reference(reference)
    found = current_services().deliveries.pages.replies(about, access.person(), Entrance.API)
    return jsonify({"reference": str(about), "replies": [one.document() for one in found]})


@deliveries.post("/sent-by-hand")
def sent_by_hand(reference: str) -> Response:
    """Record by which way it was carried, and the receipt."""
    given = read_receipt(json_body())
    about = parse_reference(reference)
    current_services().deliveries.sent_by_hand(about, access.person(), given)
    return _told(about)


def _told(reference: Reference) -> Response:
    services = current_services()
    return jsonify(
        views.told_after(services.disclosures, services.receipts, reference, access.person())
    )

"""The routes of a panel's meetings, their packs and one's own copy: parse, one call, answer."""

from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, url_for

from broker.api import access
from broker.api.bodies import idempotency_key, json_body
from broker.api.services import current_services
from broker.disclosures.step_keys import key_of_step, reference_by_key
from broker.domain.errors import FaultyDocumentError
from broker.domain.people.errors import UnknownPersonError
from broker.domain.references import Prefix, Reference, parse_reference
from broker.intake.documents import read_nothing
from broker.intake.panels import read_panel_pack
from broker.intake.panels.meetings import (
    read_asked,
    read_comes,
    read_delegate,
    read_meeting,
    read_noted,
    read_seen,
)
from broker.ledger.readings import Entrance
from broker.panels.assembled import Panels
from broker.panels.views import meeting_document

meetings = Blueprint("meetings_kept", __name__, url_prefix="/api/v1")

_ONE = "/meetings/<reference>"


@meetings.get("/meetings")
def index() -> Response:
    """List the meetings that the caller keeps or is asked to, the latest day first."""
    views, person = _panels().views, access.person()
    found, waits = views.listed(person), views.waited_for(person)
    listed = [{**meeting_document(one), "pack_asked_for": one.reference in waits} for one in found]
    return jsonify({"meetings": listed})


@meetings.post("/meetings")
def call() -> Response:
    """Call a meeting about a case; its chair is asked with it."""
    services, person = current_services(), access.person()
    reference = reference_by_key(services.idempotency, idempotency_key(), person, Prefix.MEETING)
    called = services.panels.meetings.call(read_meeting(json_body()), person, reference)
    response = _shown(called.reference)
    response.status_code = HTTPStatus.CREATED
    response.headers["Location"] = url_for("meetings_kept.show", reference=str(called.reference))
    return response


@meetings.get(_ONE)
def show(reference: str) -> Response:
    """Tell who is asked, whether the panel is valid, and where the pack stands."""
    return _shown(_named(reference))


@meetings.post(f"{_ONE}/asked")
def ask(reference: str) -> Response:
    """Ask somebody, which makes them a member of the case."""
    whom, asked_as = read_asked(json_body())
    with _of_somebody():
        _panels().meetings.ask(_named(reference), access.person(), whom, asked_as)
    return _shown(_named(reference))


@meetings.post(f"{_ONE}/answer")
def answer(reference: str) -> Response:
    """Say that one comes, or send apologies."""
    comes = read_comes(json_body())
    _panels().meetings.answer(_named(reference), access.person(), comes=comes)
    return _shown(_named(reference))


@meetings.post(f"{_ONE}/delegate")
def delegate(reference: str) -> Response:
    """Send apologies, and somebody of one's own body instead."""
    whom = read_delegate(json_body())
    with _of_somebody():
        _panels().meetings.send_delegate(_named(reference), access.person(), whom)
    return _shown(_named(reference))


@meetings.post(f"{_ONE}/note")
def note(reference: str) -> Response:
    """Note that somebody comes, sent apologies, was there or was not."""
    whom, attends = read_noted(json_body())
    with _of_somebody():
        _panels().meetings.note(_named(reference), access.person(), whom, attends)
    return _shown(_named(reference))


@meetings.post(f"{_ONE}/holding")
def hold(reference: str) -> Response:
    """Open a meeting on its day, as its chair."""
    read_nothing(json_body())
    _panels().meetings.hold(_named(reference), access.person())
    return _shown(_named(reference))


@meetings.post(f"{_ONE}/closing")
def close(reference: str) -> Response:
    """Close a meeting that was held."""
    read_nothing(json_body())
    _panels().meetings.close(_named(reference), access.person())
    return _shown(_named(reference))


@meetings.post(f"{_ONE}/cancellation")
def cancel(reference: str) -> Response:
    """Cancel a meeting; no copy of its pack opens any more."""
    read_nothing(json_body())
    _panels().meetings.cancel(_named(reference), access.person())
    return _shown(_named(reference))


@meetings.get(f"{_ONE}/released")
def released(reference: str) -> Response:
    """Return what can be picked for the pack, with its words; recorded before it is given."""
    found = _panels().packs.released(_named(reference), access.person(), Entrance.API)
    return jsonify({"released": [{"pick": one.key, **one.document()} for one in found]})


@meetings.post(f"{_ONE}/pack-judgement")
def preview(reference: str) -> Response:
    """Say what the rules would let the panel read; nothing is kept."""
    wanted = read_panel_pack(json_body())
    what = _panels().packs.preview(_named(reference), access.person(), wanted)
    return jsonify({"kept": False, "what_goes": what.document()})


@meetings.post(f"{_ONE}/pack")
def build(reference: str) -> Response:
    """Build the pack of a meeting, which replaces the one before."""
    body, idempotency = json_body(), current_services().idempotency
    about, wanted = _named(reference), read_panel_pack(body)
    key = key_of_step(idempotency, idempotency_key(), "pack", str(about), body.hex())
    _panels().packs.build(about, access.person(), wanted, key)
    response = _shown(about)
    response.status_code = HTTPStatus.CREATED
    return response


@meetings.get(f"{_ONE}/pack")
def read_pack(reference: str) -> Response:
    """Return what stands in the pack, for whoever keeps the meeting; recorded before."""
    read = _panels().reading.read(_named(reference), access.person(), Entrance.API)
    return jsonify(read.document())


@meetings.post(f"{_ONE}/pack/asking")
def ask_for_pack(reference: str) -> Response:
    """Ask for the pack, as somebody who is asked to the meeting; whoever keeps it is told."""
    read_nothing(json_body())
    _panels().asking.ask_for(_named(reference), access.person())
    return _shown(_named(reference))


@meetings.post(f"{_ONE}/pack/approval")
def approve(reference: str) -> Response:
    """Approve the pack that was read, as the meeting's chair; copies open from then on."""
    seen = read_seen(json_body())
    _panels().approving.approve(_named(reference), access.person(), seen)
    return _shown(_named(reference))


@meetings.post(f"{_ONE}/pack/withdrawal")
def withdraw(reference: str) -> Response:
    """Withdraw the pack; no copy opens any more."""
    read_nothing(json_body())
    _panels().packs.withdraw(_named(reference), access.person())
    return _shown(_named(reference))


@meetings.get(f"{_ONE}/copy")
def copy(reference: str) -> Response:
    """Return the caller's own copy of the pack; recorded before it is given."""
    opened = _panels().copies.open(_named(reference), access.person(), Entrance.API)
    return jsonify(opened.document())


@contextmanager
def _of_somebody() -> Generator[None]:
    """Name the place of a person in a document who is nobody that could come."""
    try:
        yield
    except UnknownPersonError as error:
        problem = "is nobody who is asked, or could be"
        raise FaultyDocumentError.at("person", problem) from error


def _panels() -> Panels:
    return current_services().panels


def _named(reference: str) -> Reference:
    return parse_reference(reference, Prefix.MEETING)


def _shown(reference: Reference) -> Response:
    return jsonify(_panels().views.show(reference, access.person()).document())

"""The routes of requests to partners and their answers: parse, one call, answer."""

from collections.abc import Iterable
from datetime import date
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request, url_for

from broker.api import access
from broker.api.bodies import idempotency_key, json_body
from broker.api.errors import QueryError
from broker.api.services import current_services
from broker.disclosures.step_keys import key_of_step
from broker.domain.model import SubmissionKey
from broker.domain.partner_requests.copies import Copy, CopyName, UnknownCopyError
from broker.domain.partner_requests.wanted import WantedRequest
from broker.domain.references import Prefix, Reference, parse_reference
from broker.domain.times import uk_day, written_day
from broker.intake.documents import read_nothing, read_opinion
from broker.intake.request_documents import (
    read_answer,
    read_pass,
    read_request,
    read_return,
    read_settled,
    read_time,
)
from broker.ledger.readings import Entrance
from broker.partner_requests.shown.lines import Line

partner_requests = Blueprint("partner_requests", __name__, url_prefix="/api/v1")

_COPY = "/requests/<reference>/copies/<int:number>"


@partner_requests.get("/requests")
def index() -> Response:
    """List what waits for the caller's body, what it answered, and what it asked.

    With `due`, what is unanswered and due by that day alone.
    """
    views, person = current_services().partner_requests.views, access.person()
    if "due" in request.args:
        to_answer, asked = views.due(person, _day("due"))
        return jsonify(
            {
                "to_answer": [line.document() for line in to_answer],
                "answered": [],
                "asked": [line.to_asker() for line in asked],
            }
        )
    return jsonify(
        {
            "to_answer": [line.document() for line in views.inbox(person)],
            "answered": [line.document() for line in views.answered(person)],
            "asked": [line.to_asker() for line in views.put_by_us(person)],
        }
    )


@partner_requests.post("/request-judgements")
def judge() -> Response:
    """Say what the rules would say to each copy of a request; nothing is kept or sent."""
    wanted = _wanted(json_body())
    judged = current_services().partner_requests.asking.preview(wanted, access.person())
    return jsonify(
        {
            "kept": False,
            "bodies": [
                {"mailbox": body.mailbox, "decision": judgement.document()}
                for body, judgement in zip(wanted.bodies, judged, strict=True)
            ],
        }
    )


@partner_requests.post("/requests")
def issue() -> Response:
    """Issue a request to every body that it names, or to none."""
    services, body = current_services(), json_body()
    key = key_of_step(services.idempotency, idempotency_key(), "request", body.hex())
    reference = services.partner_requests.asking.issue(_wanted(body), access.person(), key)
    response = _shown(reference)
    response.status_code = HTTPStatus.CREATED
    response.headers["Location"] = url_for("partner_requests.show", reference=str(reference))
    return response


@partner_requests.get("/requests/<reference>")
def show(reference: str) -> Response:
    """Tell where each copy stands that is the caller's to see; no words."""
    return _shown(parse_reference(reference, Prefix.REQUEST))


@partner_requests.get(_COPY)
def read(reference: str, number: int) -> Response:
    """Return what a copy says; recorded before it is given."""
    views = current_services().partner_requests.views
    content = views.content(_name(reference, number), access.person(), Entrance.API)
    return jsonify(content.document())


@partner_requests.post(f"{_COPY}/taking")
def take(reference: str, number: int) -> Response:
    """Take a copy in hand."""
    read_nothing(json_body())
    answering = current_services().partner_requests.answering
    return _standing(answering.take(_name(reference, number), access.person()))


@partner_requests.post(f"{_COPY}/passing")
def pass_on(reference: str, number: int) -> Response:
    """Pass a copy to somebody else of the body."""
    body = json_body()
    to, why = read_pass(body)
    answering, name = current_services().partner_requests.answering, _name(reference, number)
    return _standing(
        answering.pass_on(name, access.person(), to, why, _key("passing", name, body))
    )


@partner_requests.post(f"{_COPY}/return")
def give_back(reference: str, number: int) -> Response:
    """Send a copy back because it cannot be answered as it stands."""
    body = json_body()
    said = read_return(body)
    answering, name = current_services().partner_requests.answering, _name(reference, number)
    key = _key("return", name, body)
    return _standing(answering.give_back(name, access.person(), said.reason, said.why, key))


@partner_requests.post(f"{_COPY}/extension")
def extend(reference: str, number: int) -> Response:
    """Ask for a later day."""
    body = json_body()
    until, why = read_time(body)
    answering, name = current_services().partner_requests.answering, _name(reference, number)
    key = _key("extension", name, body)
    return _standing(answering.ask_for_time(name, access.person(), until, why, key))


@partner_requests.post(f"{_COPY}/extension/settlement")
def settle(reference: str, number: int) -> Response:
    """Grant the later day that was asked for, or do not."""
    body = json_body()
    granted = read_settled(body)
    answering, name = current_services().partner_requests.answering, _name(reference, number)
    key = _key("settlement", name, body)
    return _standing(answering.settle_time(name, access.person(), granted=granted, key=key))


@partner_requests.post(f"{_COPY}/answer")
def answer(reference: str, number: int) -> Response:
    """Answer a copy, or see what would be read of the answer."""
    services, name, body = current_services(), _name(reference, number), json_body()
    vocabulary = services.rulebooks.in_force().vocabulary
    read_one = read_answer(body, vocabulary, uk_day(services.clock()))
    answering = services.partner_requests.answering
    if not read_one.preview:
        key = _key("answer", name, body)
        return _standing(answering.answer(name, access.person(), read_one.given, key))
    what = answering.preview(name, access.person(), read_one.given)
    return jsonify({"kept": False, "what_goes": None if what is None else what.document()})


@partner_requests.get(f"{_COPY}/look-back")
def to_look_back_at(reference: str, number: int) -> Response:
    """Return what was asked and said where a Guardian looks back at an answer."""
    hindsight = current_services().partner_requests.hindsight
    content = hindsight.show(_name(reference, number), access.person(), Entrance.API)
    return jsonify(content.document())


@partner_requests.post(f"{_COPY}/look-back")
def look_back(reference: str, number: int) -> Response:
    """Concur with an answer that shares nothing, or dissent from it."""
    opinion = read_opinion(json_body())
    hindsight = current_services().partner_requests.hindsight
    looked_at = hindsight.look_back(_name(reference, number), access.person(), opinion)
    return jsonify({**looked_at.document(), "opinion": opinion.view})


@partner_requests.post(f"{_COPY}/withdrawal")
def withdraw(reference: str, number: int) -> Response:
    """Stop asking one body."""
    read_nothing(json_body())
    asking = current_services().partner_requests.asking
    return _standing(asking.withdraw(_name(reference, number), access.person()))


@partner_requests.post(f"{_COPY}/closing")
def close(reference: str, number: int) -> Response:
    """Confirm that the answer came, which closes the copy."""
    read_nothing(json_body())
    asking = current_services().partner_requests.asking
    return _standing(asking.close(_name(reference, number), access.person()))


def _key(step: str, name: CopyName, body: bytes) -> SubmissionKey:
    """Return the key of a step with a copy, by which it is done once."""
    said = (step, str(name), body.hex())
    return key_of_step(current_services().idempotency, idempotency_key(), *said)


def _day(name: str) -> date:
    day = written_day(request.args.get(name, ""))
    if day is None:
        message = f"The parameter {name} must be a day, such as 2026-03-23."
        raise QueryError(message)
    return day


def _wanted(text: bytes) -> WantedRequest:
    services = current_services()
    vocabulary = services.rulebooks.in_force().vocabulary
    return read_request(text, vocabulary, uk_day(services.clock()))


def _name(reference: str, number: int) -> CopyName:
    return CopyName(request=parse_reference(reference, Prefix.REQUEST), number=number)


def _shown(reference: Reference) -> Response:
    lines = current_services().partner_requests.views.request(reference, access.person())
    return jsonify({"reference": str(reference), "copies": _documents(lines)})


def _standing(copy: Copy) -> Response:
    """Answer with where a copy stands after a step; nothing to who passed on what was theirs."""
    try:
        lines = current_services().partner_requests.views.request(
            copy.name.request, access.person()
        )
    except UnknownCopyError:
        lines = ()
    return jsonify({"copies": _documents(line for line in lines if line.copy.name == copy.name)})


def _documents(lines: Iterable[Line]) -> list[dict[str, object]]:
    person = access.person()
    return [
        line.to_asker() if line.copy.asking == person.agency else line.document() for line in lines
    ]

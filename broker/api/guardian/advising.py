"""The routes of advice and cover: parse, one call, answer."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from broker.api import access
from broker.api.bodies import json_body
from broker.api.services import current_services
from broker.domain.guardians.advice import AdviceId
from broker.domain.references import parse_reference
from broker.domain.times import uk_day
from broker.guardian.advising.views import (
    advice_document,
    advice_in_words_document,
    advice_list_document,
    covers_document,
)
from broker.intake.advising_documents import read_advice_answer, read_advice_question, read_cover
from broker.ledger.readings import Entrance

advising = Blueprint("advising", __name__, url_prefix="/api/v1")


@advising.post("/reviews/<reference>/advice")
def ask(reference: str) -> Response:
    """Ask for advice before deciding; the same question is asked once."""
    asked, person = read_advice_question(json_body()), access.person()
    services = current_services()
    advice = services.advising.advices.ask(
        parse_reference(reference), person, asked.adviser, asked.question
    )
    response = jsonify(advice_document(advice, uk_day(services.clock()), person.role))
    response.status_code = HTTPStatus.CREATED
    return response


@advising.get("/advice")
def index() -> Response:
    """List the advice that the caller's Guardians asked, or that the caller is asked."""
    services, person = current_services(), access.person()
    listed = services.advising.advices.listed(person)
    return jsonify(advice_list_document(listed, uk_day(services.clock()), person.role))


@advising.get("/advice/<advice>")
def show(advice: str) -> Response:
    """Return a question with its answer; recorded before it is given."""
    services, person = current_services(), access.person()
    found = services.advising.advices.read(AdviceId(advice), person, Entrance.API)
    return jsonify(advice_in_words_document(found, uk_day(services.clock()), person.role))


@advising.post("/advice/<advice>/answer")
def answer(advice: str) -> Response:
    """File the answer to a question."""
    words, person = read_advice_answer(json_body()), access.person()
    services = current_services()
    given = services.advising.advices.answer(AdviceId(advice), person, words)
    return jsonify(advice_document(given, uk_day(services.clock()), person.role))


@advising.get("/cover")
def covers() -> Response:
    """Tell who covers for whom in the caller's body."""
    return jsonify(covers_document(current_services().advising.covers.standing(access.person())))


@advising.post("/cover")
def cover() -> Response:
    """Let a deputy cover for the caller, from a day to the end of another."""
    asked = read_cover(json_body())
    current_services().advising.covers.set(access.person(), asked.deputy, asked.first, asked.last)
    return jsonify(covers_document(current_services().advising.covers.standing(access.person())))

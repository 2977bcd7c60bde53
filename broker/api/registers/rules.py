"""The routes of the law that the rules rest on, and of their reviews: parse, one call, answer."""

from datetime import date
from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from broker.api import access
from broker.api.bodies import json_body
from broker.api.services import current_services
from broker.domain.times import uk_day
from broker.intake.documents import day_at
from broker.intake.registers.directory_documents import read_rule_review
from broker.rulebooks.views import law_document, review_document, reviews_document

rules = Blueprint("rules_kept", __name__, url_prefix="/api/v1")


@rules.get("/law")
def law() -> Response:
    """Return every source that a rule cites: how it was read, whether it is in force today."""
    return _law(uk_day(current_services().clock()))


@rules.get("/law/<day>")
def law_on_a_day(day: str) -> Response:
    """Return the law as it stands on a day, such as 2026-03-16."""
    return _law(day_at("day", day))


def _law(day: date) -> Response:
    return jsonify(law_document(current_services().rulebooks.in_force(), day))


@rules.get("/rule-reviews")
def reviews() -> Response:
    """Return every review of the rules, the newest first."""
    return jsonify(reviews_document(current_services().oversight.reviews.reviews()))


@rules.post("/rule-reviews")
def review() -> Response:
    """Keep that the rules in force were reviewed; their papers stay with the caller."""
    said = read_rule_review(json_body())
    kept = current_services().oversight.reviews.review(
        said.trigger,
        date.fromisoformat(said.due_on),
        access.person(),
        equality=said.equality_sha256,
        dpia=said.dpia_sha256,
    )
    response = jsonify(review_document(kept))
    response.status_code = HTTPStatus.CREATED
    return response

"""The problem document of an error (RFC 9457)."""

from http import HTTPStatus

import structlog
from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException

from broker.api.errors import RequestTooLargeError, TooManyCallsError
from broker.domain.errors import Fault, OverloadedError
from broker.domain.problems import FAULT, detail_of, problem_of
from broker.logs import request_id, where_raised
from keys import Algorithm

_log = structlog.get_logger()


_CHALLENGE = f'Bearer, DPoP algs="{" ".join(Algorithm)}"'
"""By which kinds of token the API may be called (RFC 9449 section 7.1)."""


def answer(error: Exception, /, **members: str) -> Response:
    """Return the problem document of an error that the product raises on purpose.

    `members` stand in it beside what every such document has.
    """
    problem = problem_of(error)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("request-failed", error=type(error).__name__, where=where_raised(error))
    faults = [
        {"place": fault.place, "problem": fault.problem}
        for fault in getattr(error, "faults", ())
        if isinstance(fault, Fault)
    ]
    response = document(
        problem.status, problem.slug, problem.title, detail_of(error), faults, **members
    )
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = _CHALLENGE
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "30"
    if isinstance(error, TooManyCallsError | OverloadedError):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def answer_http(error: HTTPException) -> Response:
    """Return the problem document of what Flask itself refuses."""
    if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return answer(RequestTooLargeError())
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    response = document(status, status.phrase.lower().replace(" ", "-"), status.phrase, "", [])
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def answer_unforeseen(error: Exception) -> Response:
    """Return the constant answer to a fault of ours; the log says where, never what."""
    _log.error("request-failed", error=type(error).__name__, where=where_raised(error))
    detail = (
        "Ask where it stands before you try again, with the same Idempotency-Key. Tell the "
        "operator the request_id; "
        "in an emergency ring 999 and use the telephone procedure."
    )
    return document(FAULT.status, FAULT.slug, FAULT.title, detail, [])


def document(
    status: HTTPStatus,
    slug: str,
    title: str,
    detail: str,
    faults: list[dict[str, str]],
    **members: str,
) -> Response:
    """Return a problem document; `instance` is never the path, which may hold a reference."""
    body: dict[str, object] = {
        "type": f"urn:disclosure-broker:problem:{slug}",
        "title": title,
        "status": status.value,
        "request_id": request_id.get(),
        **members,
    }
    if detail:
        body["detail"] = detail
    if faults:
        body["faults"] = faults
    response = jsonify(body)
    response.status_code = status.value
    response.mimetype = "application/problem+json"
    if request.method == "HEAD":
        response.set_data(b"")
    return response

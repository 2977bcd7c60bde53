"""One table from what went wrong to a problem document (RFC 9457)."""

from dataclasses import dataclass
from http import HTTPStatus

import structlog
from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException

from audit.errors import LedgerError
from broker.api import errors as faults
from broker.domain import errors
from broker.logs import request_id, where_raised
from broker.packs.attachments import AttachmentRefusedError, PackTooLargeError
from broker.packs.sandbox import SandboxBusyError, SandboxUnavailableError
from keys import (
    CannotOpenError,
    KeyManagementError,
    KeystoreError,
    TokenRefusedError,
    UnknownKeyError,
)

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A kind of problem: its status, its name in `type`, its title in plain words."""

    status: HTTPStatus
    slug: str
    title: str


def _problem(status: HTTPStatus, slug: str, title: str) -> Problem:
    return Problem(status=status, slug=slug, title=title)


PROBLEMS: dict[type[Exception], Problem] = {
    errors.FaultyDocumentError: _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "faulty-document", "The document has faults"
    ),
    AttachmentRefusedError: _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "attachment-refused", "An attachment cannot go along"
    ),
    PackTooLargeError: _problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "pack-too-large", "The pack is too large to be sealed"
    ),
    SandboxBusyError: _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "files-busy", "Too many files are being checked now"
    ),
    SandboxUnavailableError: _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "files-unavailable", "No file can be checked now"
    ),
    errors.UnknownMailboxError: _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "unknown-recipient",
        "The recipient is not in the directory",
    ),
    errors.UnknownReferenceError: _problem(
        HTTPStatus.NOT_FOUND, "unknown-reference", "There is no such disclosure"
    ),
    errors.NotAllowedError: _problem(HTTPStatus.FORBIDDEN, "not-allowed", "You may not do this"),
    errors.WrongStateError: _problem(HTTPStatus.CONFLICT, "wrong-state", "Not at this step"),
    errors.RecipientChangedError: _problem(
        HTTPStatus.CONFLICT, "recipient-changed", "The recipient is not the one decided on"
    ),
    errors.LedgerDisagreesError: _problem(
        HTTPStatus.CONFLICT, "ledger-disagrees", "Database and ledger do not say the same"
    ),
    errors.ReasonNeededError: _problem(HTTPStatus.CONFLICT, "reason-needed", "Give a reason"),
    errors.KeyReusedError: _problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", "The Idempotency-Key was used before"
    ),
    faults.KeyMissingError: _problem(
        HTTPStatus.PRECONDITION_REQUIRED, "key-missing", "Send an Idempotency-Key"
    ),
    errors.StoreUnavailableError: _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "The broker cannot take this now"
    ),
    faults.RequestShapeError: _problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "request-shape", "The request is not of the right form"
    ),
    faults.RequestTooLargeError: _problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "request-too-large", "The request is too long"
    ),
    faults.QueryError: _problem(
        HTTPStatus.BAD_REQUEST, "query", "A parameter is not as it must be"
    ),
    errors.RulesUnavailableError: _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "rules-unavailable", "No rules may judge now"
    ),
    faults.LengthMissingError: _problem(
        HTTPStatus.LENGTH_REQUIRED, "length-missing", "Say how long the request is"
    ),
    faults.WrongHostError: _problem(
        HTTPStatus.MISDIRECTED_REQUEST, "wrong-host", "This name is not served here"
    ),
    faults.OldProtocolError: _problem(
        HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "old-protocol", "HTTP/1.0 is not spoken here"
    ),
    faults.EncodedBodyError: _problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "encoded-body", "The body must not be encoded"
    ),
    TokenRefusedError: _problem(
        HTTPStatus.UNAUTHORIZED, "token-refused", "The token was not accepted"
    ),
    UnknownKeyError: _problem(HTTPStatus.GONE, "erased", "The content of this case was erased"),
    CannotOpenError: _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "integrity", "Stored content is not as it was written"
    ),
    KeyManagementError: _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "keys-unavailable", "The keys cannot be used now"
    ),
    LedgerError: _problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "ledger-unavailable", "The ledger cannot be written"
    ),
    errors.BrokerError: _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "fault", "The broker made a mistake"
    ),
}
"""Every error that can reach a caller; the nearest ancestor in this table answers."""

_FOR_OPERATORS = (KeystoreError, LedgerError, errors.StoreFaultError)
"""Errors whose words name paths or evidence: not for the caller."""

_TRY_AGAIN = (
    "This may not have been done. Try again in a minute with the same Idempotency-Key, by which "
    "nothing is done twice, and tell the operator the request_id; in an emergency ring 999 and "
    "use the telephone procedure."
)


def problem_of(error: Exception) -> Problem:
    """Return the problem of an error: its own entry, or that of its nearest ancestor."""
    for kind in type(error).__mro__:
        if kind in PROBLEMS:
            return PROBLEMS[kind]
    return PROBLEMS[errors.BrokerError]


def answer(error: Exception) -> Response:
    """Return the problem document of an error that the product raises on purpose."""
    problem = problem_of(error)
    detail = _TRY_AGAIN if isinstance(error, _FOR_OPERATORS) else str(error)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("request-failed", error=type(error).__name__, where=where_raised(error))
    faults = [
        {"place": fault.place, "problem": fault.problem}
        for fault in getattr(error, "faults", ())
        if isinstance(fault, errors.Fault)
    ]
    response = document(problem.status, problem.slug, problem.title, detail, faults)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "30"
    return response


def answer_http(error: HTTPException) -> Response:
    """Return the problem document of what Flask itself refuses."""
    if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return answer(faults.RequestTooLargeError())
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
    return document(
        HTTPStatus.INTERNAL_SERVER_ERROR, "fault", "The broker made a mistake", detail, []
    )


def document(
    status: HTTPStatus, slug: str, title: str, detail: str, faults: list[dict[str, str]]
) -> Response:
    """Return a problem document; `instance` is never the path, which may hold a reference."""
    body: dict[str, object] = {
        "type": f"urn:disclosure-broker:problem:{slug}",
        "title": title,
        "status": status.value,
        "request_id": request_id.get(),
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

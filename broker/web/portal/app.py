"""The portal as an application: two blueprints, its errors, its log; no key and no ledger."""

import hmac
import io
import secrets
import time
from http import HTTPStatus
from typing import IO
from urllib.parse import urlsplit

import structlog
from flask import Flask, Request, Response, g, request
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException

from broker.domain.errors import BrokerError
from broker.domain.portal.errors import (
    NotRecordedError,
    PageEndedError,
    PageLockedError,
    UnknownPageError,
)
from broker.domain.portal.pages import NOBODY, Ring
from broker.logs import request_id, where_raised
from broker.settings import host_name
from broker.web.portal import late
from broker.web.portal.again import again
from broker.web.portal.answered import answered
from broker.web.portal.answering import answers
from broker.web.portal.beside import beside
from broker.web.portal.shown import ended_page
from broker.web.portal.site import (
    Portal,
    current_portal,
    form_token,
    keep,
    new_form,
    show,
    visit_to,
)
from broker.web.portal.views import pages

MOST_BYTES = 20_000_000
_MOST_FORM = 300_000
_MOST_PARTS = 16
_RETRY_SECONDS = "60"
_log = structlog.get_logger()


class PortalRequest(Request):
    """A request whose files stay in memory: nothing of a document is spooled to disk."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        del total_content_length, content_type, filename, content_length
        return io.BytesIO()


class PortalApp(Flask):
    """Flask with requests that never spool to disk."""

    request_class = PortalRequest


def create_portal(portal: Portal) -> Flask:
    """Return the application of a portal."""
    app = PortalApp("broker.web.portal", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = _MOST_FORM
    app.config["MAX_FORM_PARTS"] = _MOST_PARTS
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
    keep(app, portal)
    app.register_blueprint(pages)
    app.register_blueprint(answers)
    app.register_blueprint(answered)
    app.register_blueprint(again)
    app.register_blueprint(beside)
    app.before_request(_begin)
    app.before_request(_check_edge)
    app.after_request(_finish)
    app.register_error_handler(BrokerError, _answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_unforeseen)
    return app


def _begin() -> None:
    if request.endpoint != "beside.check":
        # A limit on a form's memory would not count for one that is not multipart.
        carries = request.endpoint in late.CARRIES
        request.max_content_length = late.LONGEST if carries else _MOST_FORM
    request_id.set(secrets.token_hex(8))
    g.began = time.monotonic()


def _check_edge() -> Response | None:
    """Refuse other hosts' names, parameters in an address, and forms of other sites.

    A form of a visit that ended, as every one does when the portal begins anew, is handed back.
    """
    if host_name(request.environ.get("HTTP_HOST", "")) not in current_portal().hosts:
        raise BadRequest
    if request.method != "POST":
        return None
    if request.content_length is None or request.url_rule is None:
        raise BadRequest
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site not in {"same-origin", "none"}:
        raise Forbidden
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Forbidden
    given = request.form.get("_csrf", "").encode("utf-8", "replace")
    if hmac.compare_digest(given, form_token().encode("ascii")):
        return None
    if late.is_typed():
        page = current_portal().front.page((request.view_args or {})["token"])
        if visit_to(page) is None:
            return ended_page(page)
    raise Forbidden


def _finish(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers["X-Request-Id"] = request_id.get() or ""
    route = request.url_rule.rule if request.url_rule is not None else "none"
    _log.info(
        "portal",
        method=request.method if request.url_rule is not None else "other",
        route=route,
        status=response.status_code,
        milliseconds=round((time.monotonic() - g.began) * 1000),
    )
    return response


def _answer(error: BrokerError) -> Response:
    match error:
        case UnknownPageError():
            return _not_found()
        case PageEndedError():
            return show(
                "ended.html",
                title="This page has ended",
                status=HTTPStatus.GONE,
                ring=error.ring,
            )
        case PageLockedError():
            return _handed_back(
                "locked.html", "This page is locked", HTTPStatus.LOCKED, error.ring
            )
        case _:
            if not isinstance(error, NotRecordedError):
                _log.error("portal-away", error=type(error).__name__)
            return _later()


def _answer_http(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    if status is HTTPStatus.NOT_FOUND:
        return _not_found()
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return show("too_large.html", title="That is too large", status=status)
    return show("not_so.html", title="This page does not work that way", status=status)


def _answer_unforeseen(error: Exception) -> Response:
    _log.error("portal-failed", error=type(error).__name__, where=where_raised(error))
    return _later_page(HTTPStatus.INTERNAL_SERVER_ERROR)


def _not_found() -> Response:
    return show("unknown.html", title="There is no such page", status=HTTPStatus.NOT_FOUND)


def _later() -> Response:
    response = _later_page(HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def _later_page(status: HTTPStatus) -> Response:
    return _handed_back("later.html", "Try again in a minute", status)


def _handed_back(template: str, title: str, status: HTTPStatus, ring: Ring = NOBODY) -> Response:
    """Return a page that carries the form which could not be taken, so that nothing is lost."""
    token = (request.view_args or {}).get("token", "")
    return show(
        template,
        title=title,
        status=status,
        ring=ring,
        token=token,
        held=late.held() if token else "",
        form=new_form(),
    )

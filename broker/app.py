"""The Flask application: blueprints, access, errors and headers, around given services."""

import secrets
import time
from collections.abc import Callable
from functools import cache, partial
from typing import TypeVar

import structlog
from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from audit.errors import LedgerError
from broker.api import access, admission, limiting, problems
from broker.api.admission import Admission, is_about_health, keep_places, places
from broker.api.bodies import MAX_PARTS, MAX_REQUEST, BoundedRequest, check_length, check_query
from broker.api.casework.agreements import agreements
from broker.api.casework.cases import cases
from broker.api.casework.concerns import concerns
from broker.api.casework.memories import memories
from broker.api.casework.telling import telling
from broker.api.deliveries import deliveries
from broker.api.earlier_routes import earlier
from broker.api.edge import check_edge
from broker.api.guardian.advising import advising
from broker.api.health import health
from broker.api.machines.authzen import authzen
from broker.api.machines.oauth import oauth
from broker.api.machines.openapi import openapi
from broker.api.partners.meetings import meetings
from broker.api.partners.requests import partner_requests
from broker.api.partners.sharing import sharing
from broker.api.registers.between import between
from broker.api.registers.directory import directory
from broker.api.registers.rules import rules
from broker.api.routes import api
from broker.api.services import current_services, install
from broker.api.tiles import ledger
from broker.condition import condition
from broker.domain.errors import BrokerError
from broker.intake.strict_json import MAX_JSON
from broker.logs import request_id
from broker.metrics import Metrics
from broker.web import problems as page_problems
from broker.web.site import keep
from broker.web.visitors import check as check_visitor
from broker.web.wing import add_pages, is_page, needs_nothing
from broker.wiring import Services
from keys import KeyManagementError
from policies import PolicyError

_log = structlog.get_logger()

E = TypeVar("E", bound=Exception)

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


_METRICS = "broker-metrics"


class Route(Rule):
    """A route that compiles what builds its address once one is built: few ever are.

    Of the hundreds that a gateway knows, compiling takes longer than all else of its making.
    """

    def _compile_builder(
        self,
        append_unknown: bool = True,  # noqa: FBT001, FBT002  # its own form
    ) -> Callable[..., tuple[str, str]]:
        compiled = cache(partial(super()._compile_builder, append_unknown))

        def built(route: Rule, /, **values: object) -> tuple[str, str]:
            return compiled()(route, **values)

        return built


class Gateway(Flask):
    """Flask with requests that never spool to disk."""

    request_class = BoundedRequest
    url_rule_class = Route

    def full_dispatch_request(self) -> Response:
        """Answer a request, for which the keystore is opened once at most.

        It is not even looked for by a page that must be shown whatever is broken.
        """
        if needs_nothing():
            return super().full_dispatch_request()
        with current_services().keystore.session():
            return super().full_dispatch_request()


def create_app(services: Services) -> Flask:
    """Return the gateway over `services`."""
    return over(services, routed())


def over(services: Services, app: Flask) -> Flask:
    """Return the application of `routed`, working for an installation from now on."""
    install(app.extensions, services)
    admitted = Admission(places(services.settings.threads))
    keep_places(app, admitted)
    app.extensions[_METRICS] = Metrics(partial(condition, services), admitted)
    keep(app, services)
    return app


def routed() -> Flask:
    """Return a gateway that knows every route, and as yet no installation."""
    app = Gateway("broker", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_JSON
    app.config["MAX_FORM_PARTS"] = MAX_PARTS
    # Only the methods that a route declares: nobody here needs OPTIONS, which CORS would ask.
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # A redirection would send a pack once more, and to whatever Host the caller named.
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.register_blueprint(api)
    app.register_blueprint(cases)
    app.register_blueprint(agreements)
    app.register_blueprint(between)
    app.register_blueprint(directory)
    app.register_blueprint(rules)
    app.register_blueprint(advising)
    app.register_blueprint(concerns)
    app.register_blueprint(deliveries)
    app.register_blueprint(partner_requests)
    app.register_blueprint(sharing)
    app.register_blueprint(meetings)
    app.register_blueprint(telling)
    app.register_blueprint(earlier)
    app.register_blueprint(memories)
    app.register_blueprint(ledger)
    app.register_blueprint(oauth)
    app.register_blueprint(openapi)
    app.register_blueprint(authzen)
    app.register_blueprint(health)
    add_pages(app)
    app.before_request(_begin)
    app.before_request(check_edge)
    app.before_request(_enter)
    app.before_request(_check_caller)
    app.before_request(check_length)
    app.before_request(_check_query)
    app.before_request(_check_limits)
    # What is registered last is called first: the log tells what was answered in the end.
    app.after_request(_finish)
    app.after_request(_count_failure)
    app.teardown_request(_forget)
    for kind in (BrokerError, PolicyError, KeyManagementError, LedgerError):
        app.register_error_handler(kind, _by_wing(page_problems.answer, problems.answer))
    app.register_error_handler(
        HTTPException, _by_wing(page_problems.answer_http, problems.answer_http)
    )
    app.register_error_handler(
        Exception, _by_wing(page_problems.answer_unforeseen, problems.answer_unforeseen)
    )
    return app


def metrics_of(app: Flask) -> Metrics:
    """Return what is counted of the answers of `app`."""
    metrics = app.extensions[_METRICS]
    if not isinstance(metrics, Metrics):
        raise TypeError(_METRICS)
    return metrics


def _by_wing(
    as_page: Callable[[E], Response], as_document: Callable[[E], Response]
) -> Callable[[E], Response]:
    """Return what answers an error as a page where a page was asked for, else as a document."""
    return lambda error: as_page(error) if is_page() else as_document(error)


def _check_caller() -> Response | None:
    """Before a request: have the wing that answers it ask who is calling."""
    if is_page():
        return check_visitor()
    access.check()
    return None


def _check_query() -> None:
    """Before a request of the API; what mail programs add to a page's address harms nobody."""
    if not is_page():
        check_query()


def _check_limits() -> None:
    """Before a call of the API; whoever signs in to the pages is counted there, by name."""
    if not is_page():
        limiting.check()


def _count_failure(response: Response) -> Response:
    """After a call of the API; an answer that a page asks for again is no failure."""
    return response if is_page() else limiting.count_failure(response)


def _begin() -> None:
    request_id.set(secrets.token_hex(8))
    g.began = time.monotonic()


def _enter() -> None:
    """Before a request: take a place, unless it must be answered whatever the load."""
    if not (needs_nothing() or is_about_health(request.blueprint)):
        admission.enter()


def _forget(_error: BaseException | None) -> None:
    admission.leave()
    request_id.set(None)


def _finish(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = request_id.get() or ""
    route = request.url_rule.rule if request.url_rule is not None else "none"
    method = request.method if request.url_rule is not None else "other"
    seconds = time.monotonic() - g.began
    metrics_of(current_app).answered(
        route=route, method=method, status=response.status_code, seconds=seconds
    )
    _log.info(
        "request",
        actor=access.identified(),
        method=method,
        route=route,
        status=response.status_code,
        milliseconds=round(seconds * 1000),
    )
    return response

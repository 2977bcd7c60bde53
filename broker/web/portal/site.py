"""What the views of the portal work with, and how they answer."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, current_app, request

from broker.delivery.portal.front import PortalFront
from broker.domain.portal.pages import Page
from broker.packs.sealing.check import Checked
from broker.web import csrf, security
from broker.web.forms.problems import Problem
from broker.web.portal.visits import Visit, Visits
from broker.web.rendering import Look, Templates

_KEY: Final = "broker-portal"
_FORM_BYTES: Final = 12
Check = Callable[[bytes, str], Checked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """One application's pages, documents, visits, and what checks a document."""

    front: PortalFront
    look: Look
    templates: Templates
    visits: Visits
    check: Check
    hosts: frozenset[str]


def keep(app: Flask, portal: Portal) -> None:
    """Keep the portal with its application."""
    app.extensions[_KEY] = portal


def current_portal() -> Portal:
    """Return the portal of the current application."""
    found = current_app.extensions[_KEY]
    if not isinstance(found, Portal):
        raise TypeError(_KEY)
    return found


def show(
    template: str,
    /,
    *,
    title: str,
    problems: Sequence[Problem] = (),
    status: HTTPStatus = HTTPStatus.OK,
    **shown: object,
) -> Response:
    """Return a page; with problems it is 422 and lists them."""
    html = current_portal().templates.page(
        f"portal_public/{template}", title=title, problems=problems, csrf=form_token(), **shown
    )
    if problems and status is HTTPStatus.OK:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return with_headers(Response(html, status=status, mimetype="text/html"))


def form_token() -> str:
    """Return the token for the forms of the page that is asked for: of its own address alone."""
    token = (request.view_args or {}).get("token", "")
    return csrf.token_for(f"{current_portal().visits.secret.hex()} {token}")


def form_sent() -> str:
    """Return the name of the form that was sent: whatever it does, it does once."""
    return request.form.get("form", "")[: 4 * _FORM_BYTES]


def new_form() -> str:
    """Return the name of a form that nobody has sent yet."""
    return secrets.token_hex(_FORM_BYTES)


def visit_to(page: Page) -> Visit | None:
    """Return the visit to a page that the browser keeps, None for none that counts."""
    portal = current_portal()
    return portal.visits.of(request, page.id, portal.front.clock())


def keep_visit(response: Response, page: Page, visit: Visit) -> None:
    """Have the browser keep a visit to a page."""
    current_portal().visits.give(request, response, page.id, visit)


def see_other(address: str) -> Response:
    """Return the answer that has a browser get another page of ours."""
    response = with_headers(Response(status=HTTPStatus.SEE_OTHER))
    response.headers["Location"] = address
    return response


def with_headers(response: Response) -> Response:
    """Give an answer the headers of a page; they keep its address from every other site."""
    response.headers.update(security.HEADERS)
    return response

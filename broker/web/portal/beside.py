"""What the portal shows beside its pages: where somebody is, a check of a document, its files."""

import threading
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from broker.packs.sealing.apart import CheckFailedError
from broker.packs.sealing.check import Finding
from broker.web import assets
from broker.web.forms.problems import Problem
from broker.web.portal.site import current_portal, show
from broker.web.rendering import BRAND_CSS

beside = Blueprint("beside", __name__)

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_AT_ONCE: Final = threading.BoundedSemaphore(2)
"""How many documents are checked at once; more would take the machine from the pages."""


@beside.get("/")
def root() -> Response:
    """Say what this is."""
    return show("root.html", title="Fetch or check a document")


@beside.get("/healthz")
def health() -> Response:
    """Say that the process answers."""
    return Response("ok\n", mimetype="text/plain")


@beside.get("/check-a-pack")
def check_page() -> Response:
    """Ask for a document and its words."""
    return _check_page([])


@beside.post("/check-a-pack")
def check() -> Response:
    """Say whether a document is whole; neither it nor its words are kept."""
    sent, words = request.files.get("document"), request.form.get("words", "").strip()
    problems = [
        *([] if sent and sent.filename else [_missing("document", "Choose the document")]),
        *([] if words else [_missing("words", "Enter the six words that open it")]),
    ]
    if problems or sent is None:
        return _check_page(problems)
    if not _AT_ONCE.acquire(blocking=False):
        return show(
            "later.html", title="Try again in a minute", status=HTTPStatus.SERVICE_UNAVAILABLE
        )
    try:
        found = current_portal().check(sent.stream.read(), words)
    except CheckFailedError:
        return _check_page([_missing("document", "This file could not be checked")])
    finally:
        _AT_ONCE.release()
    return show(
        "checked.html",
        title=_TITLES.get(found.finding, "Do not rely on it"),
        found=found,
        is_whole=found.is_whole,
    )


@beside.get("/assets/<path:path>")
def static_file(path: str) -> Response:
    """Give a static file, to be kept for ever: its address changes with its content."""
    look = current_portal().look
    content = look.css if path == BRAND_CSS else assets.content(path)
    if content is None:
        raise NotFound
    response = Response(content, mimetype=assets.media_type(path))
    response.headers["Cache-Control"] = _FOR_EVER
    return response


_TITLES: Final = {
    Finding.WHOLE: "It is whole",
    Finding.WHOLE_INSIDE: "What is inside is whole",
    Finding.SHUT: "These words do not open it",
    Finding.CHANGED: "It was changed",
}


def _missing(field: str, message: str) -> Problem:
    return Problem(field=field, message=message)


def _check_page(problems: list[Problem]) -> Response:
    return show("check.html", title="Check a document", problems=problems)

"""The page of an error: what happened, what to do, and whom to ring meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import structlog
from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from broker.domain.problems import FAULT, FOR_OPERATORS, LEDGER_AT_FAULT, detail_of, problem_of
from broker.logs import request_id, where_raised
from broker.web.site import as_page, current_site
from broker.web.visitors import own_first_link

_log = structlog.get_logger()

_KEPT = "What you saved before is kept."


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a page of an error says: its title, what to do, and where its link leads.

    Without a link of its own it leads to the first page of whoever is signed in.
    """

    title: str
    sentences: tuple[str, ...]
    link: tuple[str, str] | None = None


_FIRST_PAGE = ("First page", "/start")

ADVICE: Mapping[HTTPStatus, Advice] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: Advice(
            title="We could not read that page",
            sentences=("Go back, load the page again, and send it once more.", _KEPT),
        ),
        HTTPStatus.UNAUTHORIZED: Advice(
            title="Sign in to go on",
            sentences=("You are signed out. What you saved before is safe.",),
            link=("Sign in", "/sign-in"),
        ),
        HTTPStatus.FORBIDDEN: Advice(
            title="You may not open this page",
            sentences=("Ask the person whose task it is, or act in another role.",),
        ),
        HTTPStatus.NOT_FOUND: Advice(
            title="There is no such page",
            sentences=("Check the address. What you look for may be over, or not be yours.",),
        ),
        HTTPStatus.METHOD_NOT_ALLOWED: Advice(
            title="This page does not work that way",
            sentences=("Open it from the page before it.",),
        ),
        HTTPStatus.CONFLICT: Advice(
            title="Something changed meanwhile",
            sentences=(
                "You have it open in another window, or somebody else has answered.",
                "Load the page again to see how it is now, then go on. Nothing was overwritten.",
            ),
        ),
        HTTPStatus.GONE: Advice(
            title="This is no longer here",
            sentences=("Its time was over, and it was destroyed. The record says when.",),
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Advice(
            title="That is too much for one page",
            sentences=(
                "A file must be smaller than 10 MB. Send only the part that they need.",
                "Go back: the other answers of the page are still there.",
            ),
        ),
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: Advice(
            title="We cannot take this kind of file or form",
            sentences=("Send a PDF, DOCX, JPEG, PNG or TXT file, from the page for files.",),
        ),
        HTTPStatus.UNPROCESSABLE_ENTITY: Advice(
            title="Something on that page is not right",
            sentences=("Go back, put it right, and send the page again.", _KEPT),
        ),
        HTTPStatus.TOO_MANY_REQUESTS: Advice(
            title="Too many tries",
            sentences=("Wait 15 minutes, then try again. If it cannot wait, use the telephone.",),
            link=_FIRST_PAGE,
        ),
        HTTPStatus.INTERNAL_SERVER_ERROR: Advice(
            title="We made a mistake",
            sentences=(
                "It is our fault and not yours. It may have been done all the same.",
                "Look at your referrals before you try again.",
                "If it happens again, ring your helpdesk and read out the number below.",
            ),
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: Advice(
            title="We cannot do this just now",
            sentences=(
                "Nothing was sent. Try again in a minute. What you saved before is safe.",
                "In danger ring 999. Else ring your Prevent or safeguarding lead.",
            ),
        ),
    }
)
"""What the page of a status says; the nearest of its class speaks for every other."""

_THEIR_OWN = frozenset(
    {
        HTTPStatus.FORBIDDEN,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
"""The statuses of errors whose own words are for whoever reads the page."""


_RECORD_AT_FAULT: Final = Advice(
    title="Nothing can be decided, sent or opened just now",
    sentences=(
        "The record is at fault. Until it is put right nothing is decided, sent, told or opened.",
        "Tell the operators now.",
        "What was sent before stays sent. What you saved before is safe.",
        "It cannot wait? Use the telephone. In danger ring 999.",
    ),
)
"""What a page says while the ledger does not hold; the page of the record says where."""


def answer(error: Exception) -> Response:
    """Return the page of an error that the product raises on purpose."""
    status = problem_of(error).status
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("request-failed", error=type(error).__name__, where=where_raised(error))
    if problem_of(error).slug == LEDGER_AT_FAULT:
        return page_of(status, advice=_RECORD_AT_FAULT)
    for_operators = FOR_OPERATORS.intersection(kind.__name__ for kind in type(error).__mro__)
    is_told = status in _THEIR_OWN and not for_operators
    if not is_told:
        return page_of(status)
    return page_of(status, title=problem_of(error).title, detail=detail_of(error))


def answer_http(error: HTTPException) -> Response:
    """Return the page of what Flask itself refuses."""
    response = page_of(HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def answer_unforeseen(error: Exception) -> Response:
    """Return the page of a fault of ours; the log says where, never what."""
    _log.error("request-failed", error=type(error).__name__, where=where_raised(error))
    return page_of(FAULT.status)


def page_of(
    status: HTTPStatus, *, title: str = "", detail: str = "", advice: Advice | None = None
) -> Response:
    """Return the page of a status, in the words of this error where it has any for people."""
    advice = advice or ADVICE.get(status) or ADVICE[_class_of(status)]
    stands = _where_it_stands() if status == HTTPStatus.CONFLICT else None
    first = own_first_link()
    words, address = advice.link or stands or (first.text, first.href)
    html = current_site().templates.page(
        "problem.html",
        title=title or advice.title,
        sentences=() if detail else advice.sentences,
        detail=detail,
        link={"text": words, "href": address},
        request_id=request_id.get(),
    )
    response = as_page(html, status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "30"
    return response


def _where_it_stands() -> tuple[str, str] | None:
    """Return words and address of the page of what a step is about, None where there is none."""
    reference = (request.view_args or {}).get("reference")
    before, found, step = request.path.partition(f"/{reference}/")
    adapter = current_app.create_url_adapter(request)
    if not (reference and found and step) or adapter is None:
        return None
    address = f"{before}/{reference}"
    return ("See how it stands now", address) if adapter.test(address, "GET") else None


def _class_of(status: HTTPStatus) -> HTTPStatus:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return HTTPStatus.BAD_REQUEST

"""The document that a recipient would read: its pages as pictures, and the PDF."""

from http import HTTPStatus

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from broker.domain.errors import FaultyDocumentError
from broker.packs.opening import pages_in, picture_of
from broker.web import access, security
from broker.web.menu import WRITERS
from broker.web.site import see_other
from broker.web.views.answers import show
from broker.web.views.drafts import own_draft
from broker.web.writing.judged import Judged, judged, on_paper, packs_to_somebody

document = Blueprint("document", __name__)


@document.get("/r/<draft>/document")
@access.requires(*WRITERS)
def pages(draft: str) -> Response:
    """Show the pages of each document that would go, as pictures."""
    opened = own_draft(draft)
    packs = packs_to_somebody(opened)
    if any(one.recipient is None for one in packs):
        return see_other(f"{opened.base}/check")  # whose name stands on it is still to be chosen
    try:
        found = [judged(opened, one) for one in packs]
        papers = [on_paper(opened, one) if _goes(one) else b"" for one in found]
    except FaultyDocumentError:
        # What must be put right first stands there, each with its page.
        return see_other(f"{opened.base}/check")
    shown = [
        {
            "recipient": one.draft.recipient.title if one.draft.recipient else "",
            "pages": pages_in(paper) if paper else 0,
        }
        for one, paper in zip(found, papers, strict=True)
    ]
    return show(
        "previewing/document.html",
        title="What they will read",
        shown=shown,
        base=opened.base,
        back=f"{opened.base}/check",
    )


@document.get("/r/<draft>/document/<int:number>/pdf")
@access.requires(*WRITERS)
def pdf(draft: str, number: int) -> Response:
    """Give the document that would go, as a PDF."""
    response = _file(_paper(draft, number), "application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="preview.pdf"'
    return response


@document.get("/r/<draft>/document/<int:number>/<int:page>")
@access.requires(*WRITERS)
def page(draft: str, number: int, page: int) -> Response:
    """Give a page of the document that would go, counted from 1, as a picture."""
    try:
        picture = picture_of(_paper(draft, number), page - 1)
    except IndexError:
        raise NotFound from None
    return _file(picture, "image/png")


def _paper(draft: str, number: int) -> bytes:
    """Return document `number` of a draft, counted from 1; 404 where there is none."""
    opened = own_draft(draft)
    packs = packs_to_somebody(opened)
    if not 1 <= number <= len(packs) or packs[number - 1].recipient is None:
        raise NotFound
    one = judged(opened, packs[number - 1])
    if not _goes(one):
        raise NotFound
    return on_paper(opened, one)


def _goes(one: Judged) -> bool:
    return bool(one.judgement.document()["release"])


def _file(content: bytes, kind: str) -> Response:
    response = Response(content, HTTPStatus.OK, content_type=kind)
    response.headers.update(security.HEADERS)
    return response

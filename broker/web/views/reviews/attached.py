"""A file beside a referral: its pages, its words, what was taken off it."""

from flask import Response
from werkzeug.exceptions import NotFound

from broker.domain.form import label_of
from broker.domain.references import parse_reference
from broker.ledger.readings import Entrance
from broker.web import access
from broker.web.menu import GUARDIANS
from broker.web.reviewing.notes import Notes
from broker.web.site import as_page
from broker.web.views.answers import show
from broker.web.views.reviews.blueprint import guardian, reviews, services, with_notes


@reviews.get("/reviews/<reference>/files/<int:number>")
@access.requires(*GUARDIANS)
@with_notes
def attached_file(notes: Notes, number: int) -> Response:
    """Show a file whether it goes or stays; that it is read is recorded first."""
    seen = services().advising.files.read(notes.reference, guardian(), number, Entrance.PAGE)
    return show(
        "reviews/attached.html",
        title="A file of this referral",
        seen=seen,
        carries=", ".join(map(label_of, seen.note.carries)),
        address=f"{notes.base}/files/{number}",
        back=notes.base,
        wide=True,
    )


@reviews.get("/reviews/<reference>/files/<int:number>/<int:page>.jpg")
@access.requires(*GUARDIANS)
def attached_page(reference: str, number: int, page: int) -> Response:
    """Give a page of what was drawn last for this Guardian; it belongs to the page that did."""
    about = parse_reference(reference)
    pages = services().advising.files.at_hand(about, guardian(), number).pages
    if not 1 <= page <= len(pages):
        raise NotFound
    response = as_page(pages[page - 1])
    response.content_type = "image/jpeg"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

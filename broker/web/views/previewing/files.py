"""A file that was attached: what the gate says of it, and the pages that it becomes."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from broker.packs.attachments import Attachment, AttachmentRefusedError, page_budget
from broker.packs.attachments.remarks import NOT_SCANNED
from broker.web import access, security
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.views.drafts import own_draft
from broker.web.writing.drafts import CONTENT, OpenDraft, content_of

files = Blueprint("files", __name__)

SHOWN = 20
"""How many pages of a file are shown; the document shows them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file of a draft: the name that its owner gave it, and what it holds."""

    name: str
    content: bytes

    def inspected(self) -> Attachment:
        """Return it as the gate reads it; raises `AttachmentRefusedError`."""
        return current_site().services.sandbox.inspect(self.name, self.content)


@files.get("/r/<draft>/file/<int:number>/seen")
@access.requires(*WRITERS)
def seen(draft: str, number: int) -> Response:
    """Show what they get of a file: what the gate says, its pages, its text."""
    opened = own_draft(draft)
    kept = _kept(opened, number)
    try:
        attachment = kept.inspected()
    except AttachmentRefusedError:
        # It was taken before the gate knew better: its page asks for another.
        return see_other(f"{opened.base}/file/{number}")
    following = opened.journey.next_page(f"file/{number}", opened.answers)
    return show(
        "previewing/file.html",
        title="What they get of this file",
        name=kept.name,
        remarks=[one.sentence for one in attachment.remarks if one not in NOT_SCANNED],
        unscanned=[one.sentence for one in attachment.remarks if one in NOT_SCANNED],
        unchanged=attachment.unchanged,
        pages=min(attachment.pages, SHOWN),
        of_pages=attachment.pages,
        text=attachment.text,
        address=f"{opened.base}/file/{number}",
        base=opened.base,
        next=f"{opened.base}/{following}" if following else opened.base,
        back=f"{opened.base}/file/{number}",
    )


@files.get("/r/<draft>/file/<int:number>/seen/<int:page>")
@access.requires(*WRITERS)
def page(draft: str, number: int, page: int) -> Response:
    """Give a page that a file becomes, counted from 1, as a picture."""
    opened = own_draft(draft)
    try:
        attachment = _kept(opened, number).inspected()
        drawn = opened.services.sandbox.drawn(attachment, page_budget([attachment]))
    except AttachmentRefusedError:
        raise NotFound from None
    if not 1 <= page <= len(drawn.images):
        raise NotFound
    response = Response(drawn.images[page - 1], HTTPStatus.OK, content_type="image/jpeg")
    response.headers.update(security.HEADERS)
    return response


def _kept(opened: OpenDraft, number: int) -> Kept:
    said = opened.answers.get(f"file/{number}", {})
    if not (said.get("file") and said.get(CONTENT)):
        raise NotFound
    return Kept(name=str(said["file"]), content=content_of(said))

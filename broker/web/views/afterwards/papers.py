"""What somebody keeps or prints of a referral: the note, the receipt, the document itself."""

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from broker.disclosures.afterwards.document import document_of
from broker.domain.obligations import CLOSED_OTHERWISE
from broker.domain.references import parse_reference
from broker.domain.times import uk_day
from broker.ledger.readings import Entrance
from broker.web import access
from broker.web.menu import WRITERS
from broker.web.site import current_site
from broker.web.views.afterwards.record import own_view, whom_of
from broker.web.views.afterwards.standing import goes, standing_of, stays
from broker.web.views.afterwards.to_do import duty_words
from broker.web.views.answers import show
from broker.web.views.downloads import as_file
from broker.web.views.step_up import code_first, spend_code
from broker.web.visitors import visitor

papers = Blueprint("papers", __name__)


@papers.get("/referrals/<reference>/note")
@access.requires(*WRITERS)
def note(reference: str) -> Response:
    """Show what to copy into one's own record, to be printed: no word of the referral itself."""
    services, person = current_site().services, visitor().person
    view = own_view(parse_reference(reference))
    whom = whom_of(services, view.disclosure, person)
    return show(
        "afterwards/note.html",
        title="Note for your own record",
        reference=view.disclosure.reference,
        disclosure=view.disclosure,
        whom=whom,
        standing=standing_of(view, whom),
        goes=goes(view) if view.disclosure.sealed_sha256 else (),
        stays=stays(view),
        owed=[
            {
                "words": duty_words(duty.type, duty.due_on),
                "done_on": duty.done_on,
                "given_up": duty.type in view.given_up,
            }
            for duty in view.duties
            if duty.type not in CLOSED_OTHERWISE
        ],
        today=uk_day(services.clock()),
        back=f"/referrals/{view.disclosure.reference}",
    )


@papers.get("/referrals/<reference>/receipt")
@access.requires(*WRITERS)
def receipt(reference: str) -> Response:
    """Give the receipt: it proves the newest entry to whoever has the ledger's key."""
    view = own_view(parse_reference(reference))
    if view.receipt is None:
        raise NotFound
    name = f"{view.disclosure.reference}.tlog-proof"
    return as_file(view.receipt.encode(), name, "text/plain; charset=utf-8")


@papers.get("/referrals/<reference>/document")
@access.requires(*WRITERS)
def document(reference: str) -> Response:
    """Give what was sent once more, by a fresh code; that it is read is recorded first."""
    if (to_code := code_first()) is not None:
        return to_code
    if (to_code := spend_code()) is not None:
        return to_code
    services = current_site().services
    about = parse_reference(reference)
    found = document_of(services.transaction, about, visitor().person, Entrance.PAGE)
    if found is None:
        raise NotFound
    return as_file(found, f"{about}.pdf", "application/pdf")

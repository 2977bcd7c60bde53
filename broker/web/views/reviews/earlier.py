"""Earlier concerns about the person of a referral, for the Guardian who decides it."""

from flask import Response, request

from broker.cases.earlier.views import opened_document
from broker.domain.cases.earlier import Call
from broker.domain.references import parse_any_reference
from broker.guardian.answers import day_in_words
from broker.ledger.readings import Entrance
from broker.packs.contents import title_of_purpose
from broker.web import access
from broker.web.menu import GUARDIANS
from broker.web.reviewing.notes import Notes
from broker.web.reviewing.pages import REFUSE
from broker.web.site import see_other
from broker.web.titles import EARLIER_AT_A_GUARDIANS, LIKENESS, SAID_OF_TWO
from broker.web.views.answers import show
from broker.web.views.reviews.blueprint import guardian, reviews, services, with_notes


@reviews.get("/reviews/<reference>/earlier")
@access.requires(*GUARDIANS)
@with_notes
def before(notes: Notes) -> Response:
    """List what the body knows about the same person; recorded as a look-up."""
    is_refusing = notes.text("decide", "verdict") == REFUSE
    return show(
        "earlier/list.html",
        read_first=is_refusing,
        title="Earlier concerns about this person",
        about=notes.reference,
        base=notes.base,
        found=services().earlier.before(guardian(), notes.reference),
        like=LIKENESS,
        called=SAID_OF_TWO,
        states=EARLIER_AT_A_GUARDIANS,
        purpose=title_of_purpose,
        back=notes.base,
    )


@reviews.get("/reviews/<reference>/earlier/<other>")
@access.requires(*GUARDIANS)
@with_notes
def read_before(notes: Notes, other: str) -> Response:
    """Show one of them; that it is read is recorded first."""
    found = services().earlier.open(
        guardian(), notes.reference, parse_any_reference(other), Entrance.PAGE
    )
    return show(
        "earlier/one.html",
        title="An earlier concern",
        reference=found.concern.match.reference,
        words=found.words,
        in_days=day_in_words,
        says=opened_document(found)["says"],
        about=notes.reference,
        call=found.concern.match.call,
        called=SAID_OF_TWO,
        base=notes.base,
        back=f"{notes.base}/earlier",
    )


@reviews.post("/reviews/<reference>/earlier/<other>")
@access.requires(*GUARDIANS)
@with_notes
def say_of_two(notes: Notes, other: str) -> Response:
    """Record whether two concerns are about one person."""
    said, about = request.form.get("call", ""), parse_any_reference(other)
    if said not in set(Call):
        return see_other(f"{notes.base}/earlier/{about}")
    services().earlier.call(guardian(), notes.reference, about, Call(said))
    return see_other(f"{notes.base}/earlier")

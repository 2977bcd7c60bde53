"""What Guardian and sender write to each other; that somebody reads it is recorded."""

from flask import Blueprint, Response, request

from broker.disclosures.views import Correspondence, correspondence_of
from broker.domain.references import Reference, parse_reference
from broker.ledger.readings import Entrance
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.visitors import visitor

messages = Blueprint("messages", __name__)

_LONGEST = 4_000
_VERDICTS = {
    "approve": "They let it go.",
    "approve-reduced": "They let it go without some of it.",
    "refuse": "They did not let it go.",
}


@messages.get("/referrals/<reference>/messages")
@access.requires(*WRITERS)
def messages_page(reference: str) -> Response:
    """Show what was asked, replied and decided, with the Guardian's reasons."""
    about = parse_reference(reference)
    found = _read(about)
    return show(
        "afterwards/messages.html",
        title="Messages with your Guardian",
        reference=about,
        questions=found.questions,
        reviews=[
            {**review.with_its_reason(), "day": review.on, "says": _VERDICTS[review.verdict]}
            for review in found.reviews
        ],
        back=f"/referrals/{about}",
    )


@messages.get("/referrals/<reference>/reply")
@access.requires(*WRITERS)
def reply_page(reference: str) -> Response:
    """Show what the Guardian asks, and ask for the reply."""
    return _reply_page(parse_reference(reference), [])


@messages.post("/referrals/<reference>/reply")
@access.requires(*WRITERS)
def reply(reference: str) -> Response:
    """Send the reply; the referral waits for the Guardian again."""
    about, words = parse_reference(reference), request.form.get("reply", "").strip()
    if not words:
        return _reply_page(about, [Problem(field="reply", message="Enter your reply")])
    if len(words) > _LONGEST:
        message = f"Your reply must be {_LONGEST:,} characters or less"
        return _reply_page(about, [Problem(field="reply", message=message)])
    current_site().services.disclosures.reply(about, visitor().person, words)
    return see_other(f"/referrals/{about}")


def _reply_page(about: Reference, problems: list[Problem]) -> Response:
    found = _read(about)
    waiting = [one for one in found.questions if one.reply is None]
    return show(
        "afterwards/reply.html",
        title="Your Guardian asks you something",
        reference=about,
        questions=waiting,
        reply=request.form.get("reply", ""),
        problems=problems,
        back=f"/referrals/{about}",
    )


def _read(about: Reference) -> Correspondence:
    return correspondence_of(
        current_site().services.disclosures, about, visitor().person, Entrance.PAGE
    )
